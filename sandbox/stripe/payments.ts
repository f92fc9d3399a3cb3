/** Payment intents: each can succeed once, and says what it waits for until then. */
import type { Stripe } from 'stripe';

import { RefusedRequest } from '../service';
import { type TestCard, testCard } from './cards';
import { errorBody, invalid, missing, missingParam } from './errors';
import { emit } from './events';
import { allow, choice, flag, metadata, nested, type Params, required, text, whole } from './form';
import { type Caller, page, type StripeState } from './state';

/** What Stripe names in three letters; a few that exist. */
const CURRENCIES = new Set(
	'usd eur gbp jpy krw vnd clp isk huf twd ugx cad aud chf sek nok dkk pln inr brl mxn sgd hkd nzd zar bhd kwd jod omr tnd xaf xof xpf bif djf gnf kmf mga pyg rwf vuv'.split(' '),
);

const MAX_AMOUNT = 99_999_999;

const CREATE = [
	'amount', 'currency', 'automatic_payment_methods', 'capture_method', 'confirm', 'customer', 'description', 'error_on_requires_action',
	'metadata', 'off_session', 'payment_method', 'receipt_email', 'return_url', 'setup_future_usage', 'statement_descriptor',
	'statement_descriptor_suffix', 'use_stripe_sdk',
];

const CONFIRM = ['payment_method', 'off_session', 'return_url', 'error_on_requires_action', 'receipt_email', 'use_stripe_sdk', 'setup_future_usage'];

export function createPayment(state: StripeState, params: Params, caller: Caller): Stripe.PaymentIntent {
	if (params.payment_method_types !== undefined) {
		throw invalid('Received unknown parameter: payment_method_types', 'payment_method_types', 'parameter_unknown');
	}
	allow(params, CREATE);
	const amount = whole(params, 'amount');
	if (amount === undefined) throw missingParam('amount');
	if (amount < 1) throw invalid('This value must be greater than or equal to 1.', 'amount', 'parameter_invalid_integer');
	if (amount > MAX_AMOUNT) throw invalid('Amount must be no more than $999,999.99', 'amount', 'amount_too_large');
	const currency = required(params, 'currency').toLowerCase();
	if (!CURRENCIES.has(currency)) throw invalid(`Invalid currency: ${currency}.`, 'currency');
	if (currency === 'usd' && amount < 50) throw invalid('Amount must be at least $0.50 usd', 'amount', 'amount_too_small');
	const customer = text(params, 'customer');
	if (customer !== undefined) state.get('customer', customer, caller, 'customer');
	const method = text(params, 'payment_method');
	if (method !== undefined) cardOf(method);
	const confirm = flag(params, 'confirm') ?? false;
	const redirects = choice(nested(params, 'automatic_payment_methods'), 'allow_redirects', ['always', 'never']) ?? 'always';
	const payment = newPayment(state, {
		amount,
		currency,
		customer: customer ?? null,
		description: text(params, 'description') ?? null,
		metadata: metadata(params),
		redirects,
		livemode: caller.livemode,
	});
	payment.payment_method = method ?? null;
	if (method !== undefined) payment.status = 'requires_confirmation';
	payment.capture_method = choice(params, 'capture_method', ['automatic', 'automatic_async', 'manual']) ?? 'automatic_async';
	payment.receipt_email = text(params, 'receipt_email') ?? null;
	emit(state, 'payment_intent.created', payment, caller);
	return confirm ? confirmPayment(state, payment.id, pick(params, CONFIRM), caller) : payment;
}

interface NewPayment {
	amount: number;
	currency: string;
	customer: string | null;
	description: string | null;
	metadata: Record<string, string>;
	redirects: 'always' | 'never';
	livemode: boolean;
}

export function newPayment(state: StripeState, setting: NewPayment): Stripe.PaymentIntent {
	const id = state.idOf('payment_intent');
	const { amount, currency, customer, description, metadata: data, redirects, livemode } = setting;
	return state.save('payment_intent', {
		id,
		object: 'payment_intent',
		allowed_payment_method_types: null,
		amount,
		amount_capturable: 0,
		amount_details: { tip: {} },
		amount_received: 0,
		application: null,
		application_fee_amount: null,
		automatic_payment_methods: { allow_redirects: redirects, enabled: true },
		canceled_at: null,
		cancellation_reason: null,
		capture_method: 'automatic_async',
		client_secret: `${id}_secret_${state.context.random(`secret:${id}`).id(25)}`,
		confirmation_method: 'automatic',
		created: state.now(),
		currency,
		customer,
		customer_account: null,
		description,
		excluded_payment_method_types: null,
		last_payment_error: null,
		latest_charge: null,
		livemode,
		managed_payments: null,
		metadata: data,
		next_action: null,
		on_behalf_of: null,
		payment_method: null,
		payment_method_configuration_details: null,
		payment_method_options: {},
		payment_method_types: ['card'],
		payment_record: null,
		processing: null,
		receipt_email: null,
		review: null,
		setup_future_usage: null,
		shipping: null,
		source: null,
		statement_descriptor: null,
		statement_descriptor_suffix: null,
		status: 'requires_payment_method',
		transfer_data: null,
		transfer_group: null,
	});
}

export function listPayments(state: StripeState, params: Params, caller: Caller) {
	allow(params, ['created', 'customer', 'customer_account', 'limit', 'starting_after', 'ending_before']);
	const customer = text(params, 'customer');
	const found = state.all('payment_intent', caller).filter((payment) => customer === undefined || payment.customer === customer);
	return page(found, params, '/v1/payment_intents');
}

function pick(params: Params, names: readonly string[]): Params {
	return Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)));
}

function cardOf(method: string): TestCard {
	const card = testCard(method);
	if (!card) throw missing('PaymentMethod', method, undefined, 'payment_method');
	return card;
}

function wrongState(payment: Stripe.PaymentIntent, act: string): RefusedRequest {
	return invalid(
		`You cannot ${act} this PaymentIntent because it has a status of ${payment.status}.`,
		undefined,
		'payment_intent_unexpected_state',
	);
}

export function confirmPayment(state: StripeState, id: string, params: Params, caller: Caller): Stripe.PaymentIntent {
	allow(params, CONFIRM);
	const payment = state.get('payment_intent', id, caller);
	if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(payment.status)) {
		if (payment.status === 'succeeded') {
			throw invalid(
				'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.',
				undefined,
				'payment_intent_unexpected_state',
			);
		}
		throw wrongState(payment, 'confirm');
	}
	const method = text(params, 'payment_method') ?? (typeof payment.payment_method === 'string' ? payment.payment_method : undefined);
	if (method === undefined) {
		throw invalid(
			`You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.`,
			undefined,
			'payment_intent_unexpected_state',
		);
	}
	cardOf(method);
	const returnUrl = text(params, 'return_url');
	if (returnUrl === undefined && payment.automatic_payment_methods?.allow_redirects !== 'never' && flag(params, 'off_session') !== true) {
		throw invalid(
			"This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
			'return_url',
		);
	}
	return attempt(state, payment, method, { offSession: flag(params, 'off_session') ?? false, returnUrl }, caller);
}

/** @throws RefusedRequest 402 with the payment intent, as Stripe's card errors have it */
export function attempt(
	state: StripeState,
	payment: Stripe.PaymentIntent,
	method: string,
	{ offSession, returnUrl }: { offSession: boolean; returnUrl?: string },
	caller: Caller,
): Stripe.PaymentIntent {
	const card = cardOf(method);
	if (card.outcome === 'asks' && !offSession) {
		return state.save('payment_intent', {
			...payment,
			payment_method: method,
			status: 'requires_action',
			next_action:
				returnUrl === undefined
					? { type: 'use_stripe_sdk', use_stripe_sdk: {} }
					: {
							type: 'redirect_to_url',
							redirect_to_url: { return_url: returnUrl, url: `${state.context.baseUrl('stripe')}/sandbox/authenticate/${payment.id}` },
						},
		});
	}
	const charge = state.save('charge', {
		id: state.idOf('charge'),
		livemode: payment.livemode,
		created: state.now(),
		payment_intent: payment.id,
		amount: payment.amount,
		currency: payment.currency,
		paid: card.outcome === 'pays',
	});
	if (card.outcome === 'pays') return succeed(state, { ...payment, payment_method: method, latest_charge: charge.id }, caller);
	const code = card.outcome === 'asks' ? 'authentication_required' : (card.code ?? 'card_declined');
	const { error } = errorBody(402, code, card.message);
	const failure = {
		...error,
		...(card.declineCode === undefined ? {} : { decline_code: card.declineCode }),
		charge: charge.id,
	};
	const failed = state.save('payment_intent', {
		...payment,
		latest_charge: charge.id,
		last_payment_error: failure,
		next_action: null,
		payment_method: null,
		status: 'requires_payment_method',
	});
	emit(state, 'payment_intent.payment_failed', failed, caller);
	throw new RefusedRequest(402, code, failure.message, {}, { error: { ...failure, payment_intent: failed } });
}

export function succeed(state: StripeState, payment: Stripe.PaymentIntent, caller: Caller): Stripe.PaymentIntent {
	const manual = payment.capture_method === 'manual';
	const paid = state.save('payment_intent', {
		...payment,
		amount_received: manual ? 0 : payment.amount,
		amount_capturable: manual ? payment.amount : 0,
		last_payment_error: null,
		next_action: null,
		status: manual ? 'requires_capture' : 'succeeded',
	});
	if (manual) {
		emit(state, 'payment_intent.amount_capturable_updated', paid, caller);
		return paid;
	}
	emit(state, 'payment_intent.succeeded', paid, caller);
	state.onPaid(paid, caller);
	return paid;
}

const CANCELLABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action', 'processing'];

export function cancelPayment(state: StripeState, id: string, params: Params, caller: Caller): Stripe.PaymentIntent {
	allow(params, ['cancellation_reason']);
	const reason = choice(params, 'cancellation_reason', ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']);
	const payment = state.get('payment_intent', id, caller);
	if (!CANCELLABLE.includes(payment.status)) {
		throw invalid(
			`You cannot cancel this PaymentIntent because it has a status of ${payment.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
			undefined,
			'payment_intent_unexpected_state',
		);
	}
	const cancelled = state.save('payment_intent', {
		...payment,
		amount_capturable: 0,
		canceled_at: state.now(),
		cancellation_reason: reason ?? null,
		status: 'canceled',
	});
	emit(state, 'payment_intent.canceled', cancelled, caller);
	return cancelled;
}
