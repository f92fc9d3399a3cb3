/** What a test or a person does that Stripe leaves to buyers and to time; open paths below `/sandbox`. */
import { type Reply, RefusedRequest, type Router } from '../service';
import { emit, resend } from './events';
import { errorBody, invalid } from './errors';
import { succeed } from './payments';
import type { Caller, StripeState } from './state';
import { settleTime } from './time';

interface Breakdown {
	times: number;
	/** After the work. */
	done: boolean;
}

function breakdowns(state: StripeState): Map<string, Breakdown> {
	return state.context.table('breakdowns');
}

/** @throws RefusedRequest 500 where one is planted */
export async function unlessBroken<T>(state: StripeState, path: string, work: () => Promise<T>): Promise<T> {
	const planted = breakdowns(state).get(path);
	if (!planted || planted.times < 1) return await work();
	planted.times -= 1;
	if (planted.done) await work();
	throw new RefusedRequest(500, 'api_error', '', {}, errorBody(500));
}

const nobody = (livemode: boolean): Caller => ({ livemode, requestId: '', idempotencyKey: null });

export function mountControl(router: Router, state: StripeState): void {
	const open = { open: true };

	/** The buyer says yes to the bank's question (3D Secure). */
	router.on(['GET', 'POST'], '/sandbox/authenticate/:id', ({ params }): Reply => {
		const payment = state.table('payment_intent').get(params.id ?? '');
		if (!payment) throw new RefusedRequest(404, 'resource_missing', 'There is no such payment');
		if (payment.status !== 'requires_action') throw invalid(`The payment does not wait for its buyer: it is ${payment.status}`);
		return { status: 200, body: succeed(state, payment, nobody(payment.livemode)) };
	}, open);

	/** Stripe's own failure amidst the next POSTs to a path, `{path, times, done}`: a 500 before the work, or after it. */
	router.on('POST', '/sandbox/breakdowns', async (request): Promise<Reply> => {
		const { path, times = 1, done = false } = (await request.json()) as { path?: unknown; times?: unknown; done?: unknown };
		if (typeof path !== 'string' || typeof times !== 'number') throw invalid('Give path, and times as a number');
		breakdowns(state).set(path, { times, done: done === true });
		return { status: 201 };
	}, open);

	/** An event of any type, `{type, object, livemode}`: as if something had happened. */
	router.on('POST', '/sandbox/events', async (request): Promise<Reply> => {
		const { type, object, livemode } = (await request.json()) as { type?: unknown; object?: unknown; livemode?: unknown };
		if (typeof type !== 'string' || typeof object !== 'object' || object === null) throw invalid('Give type and object');
		return { status: 201, body: emit(state, type, object as { object: string }, nobody(livemode === true)) };
	}, open);

	router.on('POST', '/sandbox/events/:id/resend', ({ params }): Reply => {
		const event = state.table('event').get(params.id ?? '');
		if (!event) throw new RefusedRequest(404, 'resource_missing', 'There is no such event');
		resend(state, event);
		return { status: 202 };
	}, open);

	/** A subscription is paused, as at the end of a trial without a card. */
	router.on('POST', '/sandbox/subscriptions/:id/pause', ({ params }): Reply => {
		const subscription = state.table('subscription').get(params.id ?? '');
		if (!subscription) throw new RefusedRequest(404, 'resource_missing', 'There is no such subscription');
		const paused = state.save('subscription', { ...subscription, status: 'paused' });
		emit(state, 'customer.subscription.paused', paused, nobody(paused.livemode));
		return { status: 200, body: paused };
	}, open);

	/** What is due by the sandbox's clock happens now: renewals, ends, expiries. */
	router.on('POST', '/sandbox/settle', (): Reply => {
		settleTime(state);
		return { status: 204 };
	}, open);
}
