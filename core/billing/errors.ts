/** Stripe's failures as ours: what happened, in whose mode, and the cure; without keys and client secrets. */
import { isYtempireError, YtempireError, type ErrorClass } from '../errors';
import { classOfStatus, errorFromAnswer, errorFromSilence, retryAfterOf } from '../http-errors';
import { excerpt } from '../redact';

import { keyMode, type StripeMode } from './mode';

const PROVIDER = 'stripe';

/** What the SDK's errors hold of Stripe's answer; everything may be missing. */
interface Answered {
	type?: string;
	code?: string;
	decline_code?: string;
	message: string;
	param?: string;
	statusCode?: number;
	headers?: Record<string, string>;
	requestId?: string;
	detail?: unknown;
}

interface Told {
	errorClass: ErrorClass;
	message: string;
	cure: string;
	reason: string;
}

/** By decline code or error code (docs.stripe.com/declines/codes, 2026-10). */
const CARD_CURES: Record<string, string> = {
	insufficient_funds: 'Ask the customer for another card, or to try again when there is money on this one.',
	expired_card: 'Ask the customer for a card that has not expired.',
	incorrect_cvc: 'Ask the customer to enter the card and its security code again.',
	incorrect_number: 'Ask the customer to enter the card number again.',
	processing_error: "Try again in a few minutes; it was the processor's failure.",
	lost_card: 'Ask the customer for another card.',
	stolen_card: 'Ask the customer for another card.',
};

const OTHER_CARD = 'Ask the customer for another card, or to call the bank.';

/**
 * @param error what the SDK threw
 * @param secretKey of the credential; hidden wherever it stands
 */
export function stripeError(error: unknown, secretKey: string, timeoutMs: number): YtempireError {
	if (isYtempireError(error)) return error;
	const answered = error as Answered;
	const secrets = [secretKey];
	if (answered.statusCode === undefined) {
		const isTimeout = /timeout/i.test(answered.message);
		// the SDK's own sentence hides what broke; its detail tells
		const cause = answered.detail instanceof Error ? answered.detail : error;
		return errorFromSilence(PROVIDER, cause, { timedOut: isTimeout, timeoutMs, secrets });
	}
	const said = clean(answered.message, secretKey);
	const told = tell(answered, said, keyMode(secretKey));
	if (told) {
		const { errorClass, message, ...rest } = told;
		return new YtempireError(errorClass, message, {
			...rest,
			provider: PROVIDER,
			httpStatus: answered.statusCode,
			requestId: answered.requestId,
			retryAfterMs: retryAfterOf(answered.headers ?? {}),
		});
	}
	const failure = { provider: PROVIDER, status: answered.statusCode, headers: answered.headers ?? {}, body: undefined, secrets };
	return errorFromAnswer(failure, {
		errorClass: answered.statusCode === 409 ? 'unavailable' : classOfStatus(answered.statusCode),
		message: answered.param === undefined ? said : `${excerpt(answered.param, secrets, 80)}: ${said}`,
		...(answered.code === undefined ? {} : { reason: answered.code }),
	});
}

/** The client secret lets a browser take a payment: not for logs. */
function clean(message: string, secretKey: string): string {
	return excerpt(message.replace(/\b((?:pi|seti|in)_\w+)_secret_\w+/g, '$1_secret_[hidden]'), [secretKey]);
}

function tell(answered: Answered, said: string, mode: StripeMode): Told | undefined {
	const { code, decline_code: declined, statusCode } = answered;
	if (code === 'authentication_required' || declined === 'authentication_required') {
		return {
			errorClass: 'refused',
			message: `The bank asks the cardholder to confirm this payment: ${said}`,
			cure: 'Take the payment in the front end with its client secret, so that the customer can answer the bank.',
			reason: 'authentication_required',
		};
	}
	if (answered.type === 'StripeCardError') {
		const reason = declined || code || 'card_declined';
		return {
			errorClass: 'refused',
			message: `The card was declined (${excerpt(reason, [], 60)}): ${said}`,
			cure: CARD_CURES[reason] ?? CARD_CURES[code ?? ''] ?? OTHER_CARD,
			reason: excerpt(reason, [], 60),
		};
	}
	if (answered.type === 'StripeIdempotencyError') {
		return {
			errorClass: 'invalid-request',
			message: 'Stripe was asked for this with other values in the last 24 hours, and keeps its answer to that',
			cure: 'Run it again: what came of the other request is looked for first. If this is a second, different request, give it another Idempotency Key.',
			reason: 'idempotency_error',
		};
	}
	if (code === 'resource_missing') return missing(said, mode);
	if (statusCode === 401) {
		return {
			errorClass: 'auth',
			message: `Stripe does not accept the credential's key, which is one of ${mode} mode: ${said}`,
			cure: `Fill in a ${mode} mode key that Stripe shows under Developers, API keys, and use the credential's Test button.`,
			reason: code ?? 'invalid_api_key',
		};
	}
	return undefined;
}

function missing(said: string, mode: StripeMode): Told {
	const other = /similar object exists in (live|test) mode/.exec(said)?.[1];
	const what = /^No such ([\w ]+): '?([^';]+)'?/.exec(said);
	const thing = what ? `${(what[1] ?? '').replaceAll('_', ' ').toLowerCase()} ${what[2] ?? ''}` : said;
	if (other !== undefined) {
		return {
			errorClass: 'invalid-request',
			message: `Stripe has no ${thing} in ${mode} mode; there is one in ${other} mode`,
			cure: `The credential's key is one of ${mode} mode. Use a credential with a ${other} mode key for this ID, or an ID of ${mode} mode.`,
			reason: 'mode-mismatch',
		};
	}
	return {
		errorClass: 'invalid-request',
		message: `Stripe has no ${thing} in ${mode} mode`,
		cure: `Check the ID, and that it belongs to the Stripe account and the mode (${mode}) of the credential's key.`,
		reason: 'resource_missing',
	};
}
