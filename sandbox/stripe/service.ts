/** Stripe's stand-in: one account in both modes, API 2026-10-28, forms in and JSON out. */
import { KEYS } from '../keys';
import { type Reply, RefusedRequest, type SandboxRequest, type Service, type ServiceContext } from '../service';
import { resumeSubscription, updateSubscription } from './change';
import { mountControl, unlessBroken } from './control';
import { createCustomer, deleteCustomer, getCustomer, listCustomers, updateCustomer } from './customers';
import { errorBody } from './errors';
import { API_VERSION } from './events';
import { expanded } from './expand';
import { type Params, parseForm } from './form';
import { withIdempotency } from './idempotency';
import { listInvoices, shownInvoice } from './invoices';
import { invoicePage, invoicePdf } from './pages';
import { cancelPayment, confirmPayment, createPayment, listPayments } from './payments';
import { listPrices, seedPrices } from './prices';
import { type Caller, StripeState } from './state';
import { cancelSubscription, createSubscription, listSubscriptions, settlePaid } from './subscriptions';
import { settleTime } from './time';
import { createEndpoint, deleteEndpoint, listEndpoints, updateEndpoint } from './webhooks';

type Act = (params: Params, caller: Caller, id: string) => object;

const states = new WeakMap<ServiceContext, StripeState>();

function stateOf(context: ServiceContext): StripeState {
	let state = states.get(context);
	if (!state) {
		const made = new StripeState(context);
		made.onPaid = (payment, caller) => settlePaid(made, payment, caller);
		states.set(context, made);
		state = made;
	}
	return state;
}

const ACCOUNT = 'acct_sandbox1ytempire';

const MODES: Record<string, boolean> = { [KEYS.stripe.secretKey]: false, [KEYS.stripe.liveSecretKey]: true };

/** Bearer, or the user name of Basic, as Stripe takes both. */
function keyOf(request: SandboxRequest): string | undefined {
	const basic = /^Basic (.+)$/.exec(request.header('authorization') ?? '')?.[1];
	if (basic !== undefined) return Buffer.from(basic, 'base64').toString('utf8').split(':')[0];
	return request.bearer();
}

function routes(state: StripeState): Array<[method: 'GET' | 'POST' | 'DELETE', path: string, act: Act]> {
	return [
		['GET', '/v1/account', () => ({ id: ACCOUNT, object: 'account', country: 'US', default_currency: 'usd', type: 'standard' })],
		['POST', '/v1/customers', (params, caller) => createCustomer(state, params, caller)],
		['GET', '/v1/customers', (params, caller) => listCustomers(state, params, caller)],
		['GET', '/v1/customers/:id', (_params, caller, id) => getCustomer(state, id, caller)],
		['POST', '/v1/customers/:id', (params, caller, id) => updateCustomer(state, id, params, caller)],
		['DELETE', '/v1/customers/:id', (_params, caller, id) => deleteCustomer(state, id, caller)],
		['POST', '/v1/subscriptions', (params, caller) => createSubscription(state, params, caller)],
		['GET', '/v1/subscriptions', (params, caller) => listSubscriptions(state, params, caller)],
		['GET', '/v1/subscriptions/:id', (_params, caller, id) => state.get('subscription', id, caller)],
		['POST', '/v1/subscriptions/:id', (params, caller, id) => updateSubscription(state, id, params, caller)],
		['DELETE', '/v1/subscriptions/:id', (params, caller, id) => cancelSubscription(state, id, params, caller)],
		['POST', '/v1/subscriptions/:id/resume', (params, caller, id) => resumeSubscription(state, id, params, caller)],
		['POST', '/v1/payment_intents', (params, caller) => createPayment(state, params, caller)],
		['GET', '/v1/payment_intents', (params, caller) => listPayments(state, params, caller)],
		['GET', '/v1/payment_intents/:id', (_params, caller, id) => state.get('payment_intent', id, caller)],
		['POST', '/v1/payment_intents/:id/confirm', (params, caller, id) => confirmPayment(state, id, params, caller)],
		['POST', '/v1/payment_intents/:id/cancel', (params, caller, id) => cancelPayment(state, id, params, caller)],
		['GET', '/v1/invoices', (params, caller) => listInvoices(state, params, caller)],
		['GET', '/v1/invoices/:id', (_params, caller, id) => state.get('invoice', id, caller)],
		['GET', '/v1/prices', (params, caller) => listPrices(state, params, caller)],
		['GET', '/v1/prices/:id', (_params, caller, id) => state.get('price', id, caller)],
		['POST', '/v1/webhook_endpoints', (params, caller) => createEndpoint(state, params, caller)],
		['GET', '/v1/webhook_endpoints', (params, caller) => listEndpoints(state, params, caller)],
		['GET', '/v1/webhook_endpoints/:id', (_params, caller, id) => state.get('webhook_endpoint', id, caller)],
		['POST', '/v1/webhook_endpoints/:id', (params, caller, id) => updateEndpoint(state, id, params, caller)],
		['DELETE', '/v1/webhook_endpoints/:id', (_params, caller, id) => deleteEndpoint(state, id, caller)],
		['GET', '/v1/events/:id', (_params, caller, id) => state.get('event', id, caller)],
	];
}

export const stripe: Service = {
	name: 'stripe',

	authenticate(request) {
		const key = keyOf(request);
		if (key === undefined) {
			const message =
				'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. \'Authorization: Bearer YOUR_SECRET_KEY\').';
			return { status: 401, body: errorBody(401, undefined, message) };
		}
		if (Object.hasOwn(MODES, key)) return undefined;
		const masked = `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`;
		return { status: 401, body: errorBody(401, undefined, `Invalid API Key provided: ${masked}`) };
	},

	errorBody,

	headers(context) {
		return { 'request-id': stateOf(context).newId('req'), 'stripe-version': API_VERSION };
	},

	mount(router, context) {
		const state = stateOf(context);
		seedPrices(state);
		mountControl(router, state);
		for (const [method, path, act] of routes(state)) router.on(method, path, (request) => answer(state, request, act));
		const open = { open: true };
		router.on('GET', '/i/:id', ({ params }) => invoicePage(shownInvoice(state, params.id ?? '')), open);
		router.on('GET', '/i/:id/pdf', ({ params }) => invoicePdf(shownInvoice(state, params.id ?? '')), open);
	},

	/** Everything but secrets and the answers kept under keys. */
	state(context) {
		const tables = ['customers', 'subscriptions', 'payment_intents', 'invoices', 'charges', 'prices', 'webhook_endpoints', 'events', 'deliveries'];
		return Object.fromEntries(tables.map((name) => [name, [...context.table<object>(name).values()]]));
	},

	reset(context) {
		seedPrices(stateOf(context));
	},
};

async function answer(state: StripeState, request: SandboxRequest, act: Act): Promise<Reply> {
	settleTime(state);
	const caller: Caller = {
		livemode: MODES[keyOf(request) ?? ''] ?? false,
		requestId: String(request.response.getHeader('request-id') ?? ''),
		idempotencyKey: request.header('idempotency-key') ?? null,
	};
	const version = request.header('stripe-version') ?? API_VERSION;
	if (!/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) {
		throw new RefusedRequest(400, 'invalid', `Invalid Stripe API version: ${version}`);
	}
	const carryOut = async (): Promise<Reply> => {
		const fields = request.method === 'POST' ? await request.form() : request.query;
		const params = parseForm(fields);
		return { status: 200, body: expanded(state, act(params, caller, request.params.id ?? ''), params) };
	};
	const reply = await withIdempotency(state, request, caller, async () =>
		request.method === 'POST' ? await unlessBroken(state, request.path, carryOut) : await carryOut(),
	);
	return {
		...reply,
		headers: {
			...reply.headers,
			'stripe-version': version,
			...(caller.idempotencyKey === null ? {} : { 'idempotency-key': caller.idempotencyKey }),
		},
	};
}
