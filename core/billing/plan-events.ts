/** What Stripe's events say about customers and subscriptions, as far as plans need it. */
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

/** Of an event that keeps plans up to date; all others say nothing about them. */
export const PLAN_EVENT_TYPES = [
	'customer.created',
	'customer.updated',
	'customer.deleted',
	'customer.subscription.created',
	'customer.subscription.updated',
	'customer.subscription.deleted',
	'customer.subscription.paused',
	'customer.subscription.resumed',
] as const;

const metadata = z.record(z.string(), z.string()).nullish();

const customerSchema = z.object({ id: z.string().min(1), metadata });

const subscriptionSchema = z.object({
	id: z.string().min(1),
	customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
	status: z.string(),
	cancel_at_period_end: z.boolean().nullish(),
	/** Seconds since 1970; a cancellation at the period's end may be told here instead. */
	cancel_at: z.number().nullish(),
	/** Until 2025-03-31 the period was the subscription's; today it is its items'. */
	current_period_end: z.number().nullish(),
	metadata,
	items: z.object({
		data: z.array(
			z.object({
				current_period_end: z.number().nullish(),
				price: z.object({ id: z.string(), lookup_key: z.string().nullish() }),
			}),
		),
	}),
});

const eventSchema = z.object({
	id: z.string().min(1),
	type: z.string(),
	/** Seconds since 1970. */
	created: z.number(),
	data: z.object({ object: z.unknown(), previous_attributes: z.record(z.string(), z.unknown()).nullish() }),
});

export interface EventPrice {
	id: string;
	lookupKey: string;
}

interface Happened {
	/** Milliseconds since 1970. */
	at: number;
	/** 0 created, 1 updated, 2 deleted. */
	rank: number;
	/** What the event says was before it. */
	previous: Record<string, unknown>;
}

export type PlanEvent =
	| {
			about: 'customer';
			happened: Happened;
			stripeCustomer: string;
			userId: string;
			username: string;
			deleted: boolean;
			/** As below. */
			object: Record<string, unknown>;
	  }
	| {
			about: 'subscription';
			happened: Happened;
			subscription: string;
			stripeCustomer: string;
			userId: string;
			status: string;
			prices: EventPrice[];
			/** Milliseconds since 1970. */
			periodEnd: number | null;
			ends: boolean;
			/** As the event has it, to see whether another one came before. */
			object: Record<string, unknown>;
	  }
	| { about: 'nothing' };

/** @throws YtempireError `invalid-request` when it isn't one of Stripe's events */
export function readPlanEvent(given: unknown): PlanEvent {
	const { type, created, data } = parsed(eventSchema, given);
	if (!(PLAN_EVENT_TYPES as readonly string[]).includes(type)) return { about: 'nothing' };
	const rank = type.endsWith('.created') ? 0 : type.endsWith('.deleted') ? 2 : 1;
	const happened = { at: created * 1000, rank, previous: data.previous_attributes ?? {} };
	if (!type.startsWith('customer.subscription.')) {
		const customer = parsed(customerSchema, data.object);
		return {
			about: 'customer',
			happened,
			stripeCustomer: customer.id,
			userId: customer.metadata?.user_id ?? '',
			username: customer.metadata?.username ?? '',
			deleted: rank === 2,
			object: data.object as Record<string, unknown>,
		};
	}
	const subscription = parsed(subscriptionSchema, data.object);
	const items = subscription.items.data;
	const ends = [...items.map((item) => item.current_period_end), subscription.current_period_end].filter((end) => typeof end === 'number');
	return {
		about: 'subscription',
		happened,
		subscription: subscription.id,
		stripeCustomer: subscription.customer,
		userId: subscription.metadata?.user_id ?? '',
		status: subscription.status,
		prices: items.map(({ price }) => ({ id: price.id, lookupKey: price.lookup_key ?? '' })),
		periodEnd: ends.length > 0 ? Math.max(...ends) * 1000 : null,
		ends: subscription.cancel_at_period_end === true || typeof subscription.cancel_at === 'number',
		object: data.object as Record<string, unknown>,
	};
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	throw invalidRequest('This is not an event of Stripe as the plans need it', {
		reason: 'stripe-event',
		cure: 'Hand over the whole event as the Stripe Billing Trigger gives it.',
		issues: result.error.issues.map(({ path, message }) => ({ field: path.join('.').slice(0, 100), reason: message })),
	});
}
