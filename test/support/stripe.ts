/** Stripe's stand-in for one test, and what is asked of it. */
import { connectStripe } from '../../core/billing/client';
import type { BillingCall } from '../../core/billing/once';
import { KEYS } from '../../sandbox/keys';
import type { RecordedRequest } from '../../sandbox/recorder';
import type { Sandbox } from '../../sandbox/server';
import type { Stripe } from '../../core/vendor/stripe';

import { temporarySandbox } from './sandbox';
import { temporaryStore, TestClock } from './store';

type TestStore = Awaited<ReturnType<typeof temporaryStore>>;

export interface StripeScene {
	sandbox: Sandbox;
	url: string;
	/** With a store of its own. */
	call: BillingCall;
	/** With the live mode's key. */
	live: BillingCall;
	/** The SDK, for what a front end or Stripe itself does. */
	sdk: Stripe;
	/** What Stripe keeps. */
	kept(): Kept;
	store: TestStore;
	/** Time goes on, at Stripe and here. */
	pass(ms: number): void;
	/** Stripe's own 500 at the next POSTs to a path, before the work or when it is done; kept under their keys. */
	breakDown(path: string, more?: { times?: number; done?: boolean }): Promise<void>;
	/** Requests so far: method, path, and the body's fields. */
	posts(path?: string): RecordedRequest[];
}

interface Kept {
	customers: Stripe.Customer[];
	subscriptions: Stripe.Subscription[];
	payment_intents: Stripe.PaymentIntent[];
	invoices: Stripe.Invoice[];
	charges: Array<{ payment_intent: string; amount: number; currency: string; paid: boolean }>;
	events: Stripe.Event[];
	deliveries: Array<{ event: string; attempt: number; status: number | null }>;
}

export async function stripeScene(): Promise<StripeScene> {
	const sandbox = await temporarySandbox();
	const { url } = sandbox.services.stripe;
	const store = await temporaryStore(new TestClock(sandbox.clock.now()));
	const withKey = (secretKey: string): BillingCall => ({
		connection: { secretKey, baseUrl: url },
		retry: { baseMs: 5, maxMs: 10 },
		store,
	});
	const call = withKey(KEYS.stripe.secretKey);
	return {
		sandbox,
		url,
		call,
		live: withKey(KEYS.stripe.liveSecretKey),
		sdk: await connectStripe(call.connection),
		kept: () => sandbox.state('stripe') as Kept,
		store,
		pass: (ms) => {
			store.clock.pass(ms);
			sandbox.clock.advance(ms);
		},
		breakDown: async (path, more = {}) => {
			const answer = await fetch(`${url}/sandbox/breakdowns`, { method: 'POST', body: JSON.stringify({ path, ...more }) });
			if (!answer.ok) throw new Error(`The sandbox took no breakdown: ${answer.status}`);
		},
		posts: (path = '/v1/') => sandbox.recorder.list({ service: 'stripe', method: 'POST', path }),
	};
}

/** As the front end does with Stripe.js. */
export async function pay(sdk: Stripe, clientSecret: string, card = 'pm_card_visa'): Promise<Stripe.PaymentIntent> {
	const id = clientSecret.split('_secret_')[0] ?? '';
	return await sdk.paymentIntents.confirm(id, { payment_method: card, return_url: 'https://shop.example/paid' });
}

/** `items[0][price]=x` of a recorded form as the parameters it stands for; digits and truth values as such. */
export function paramsOf(body: unknown): Record<string, unknown> {
	const root: Record<string, any> = {};
	for (const [name, value] of Object.entries(body as Record<string, string>)) {
		const path = [...name.matchAll(/[^[\]]+/g)].map(([step]) => step);
		let place: Record<string, any> = root;
		path.slice(0, -1).forEach((step, index) => {
			place = place[step] ??= /^\d+$/.test(path[index + 1] ?? '') ? [] : {};
		});
		place[path.at(-1) ?? ''] = value;
	}
	return root;
}
