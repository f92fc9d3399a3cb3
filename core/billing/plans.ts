/** Which plan a customer has, kept by Stripe's events in whatever order they come, and what it allows today. */
import { isDeepStrictEqual } from 'node:util';

import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

import { readPlanEvent, type EventPrice, type PlanEvent } from './plan-events';
import { plansInForce } from './plan-table';

const DAY_MS = 24 * 3_600_000;

/** A tier and how often it is paid, e.g. `growth`, `monthly`; undefined for a price that belongs to none. */
export type TierOfPrice = (price: EventPrice) => { tier: string; interval: string } | undefined;

export interface CustomerPlan {
	/** The `customer_id` of requests; empty when Stripe hasn't told it. */
	customer_id: string;
	username: string;
	stripe_customer_id: string;
	subscription_id: string;
	/** starter, growth, scale; empty when the price belongs to none. */
	tier: string;
	/** monthly or yearly */
	interval: string;
	/** Stripe's word. */
	status: string;
	/** ISO 8601 */
	current_period_end: string | null;
	cancel_at_period_end: boolean;
	/** True when videos may be queued with it. */
	in_force: boolean;
	videos_per_day: number;
	budget_usd_per_day: number;
}

export interface PlanUpdate {
	/** False for an event that is older than what is known, was here before, or says nothing about plans. */
	changed: boolean;
	plan: CustomerPlan | null;
}

/**
 * Writes down what the event says, unless something newer is known.
 * @throws YtempireError `invalid-request` when it isn't one of Stripe's events
 */
export async function updatePlan(store: Store, given: unknown, tierOf: TierOfPrice): Promise<PlanUpdate> {
	const event = readPlanEvent(given);
	if (event.about === 'nothing') return { changed: false, plan: null };
	return await store.transaction(async (trx) => {
		const now = store.clock.now();
		const changed =
			event.about === 'customer' ? await writeCustomer(trx, event, now) : await writeSubscription(trx, event, tierOf, now);
		const [plan = null] = await plansWhere(trx, { stripeCustomer: event.stripeCustomer }, now);
		return { changed, plan };
	});
}

type About<T extends PlanEvent['about']> = Extract<PlanEvent, { about: T }>;

async function writeCustomer(trx: Transaction<Database>, event: About<'customer'>, now: number): Promise<boolean> {
	const { stripeCustomer, happened } = event;
	const known = await trx
		.selectFrom('billing_customers')
		.selectAll()
		.where('stripe_customer', '=', stripeCustomer)
		.executeTakeFirst();
	if (known && isOlder(event, known)) return false;
	const values = {
		// a deleted customer's last event may come without metadata; its plans still have to be told apart
		user_id: event.userId || (event.deleted ? (known?.user_id ?? '') : ''),
		username: event.username || (event.deleted ? (known?.username ?? '') : ''),
		deleted: event.deleted ? 1 : 0,
		event_at: happened.at,
		event_rank: happened.rank,
		event_previous: JSON.stringify(happened.previous),
	};
	if (known && isDeepStrictEqual({ ...known, ...values }, { ...known })) return false;
	await trx
		.insertInto('billing_customers')
		.values({ stripe_customer: stripeCustomer, ...values, updated_at: now })
		.onConflict((conflict) => conflict.column('stripe_customer').doUpdateSet({ ...values, updated_at: now }))
		.execute();
	return true;
}

async function writeSubscription(
	trx: Transaction<Database>,
	event: About<'subscription'>,
	tierOf: TierOfPrice,
	now: number,
): Promise<boolean> {
	const { happened, stripeCustomer, subscription } = event;
	const known = await trx
		.selectFrom('billing_plans')
		.selectAll()
		.where('subscription', '=', subscription)
		.executeTakeFirst();
	if (known && isOlder(event, known)) return false;
	const belongs = event.prices.map(tierOf).find((found) => found !== undefined);
	const values = {
		stripe_customer: stripeCustomer,
		user_id: event.userId,
		tier: belongs?.tier ?? '',
		interval: belongs?.interval ?? '',
		status: event.status,
		period_end: event.periodEnd,
		ends: event.ends ? 1 : 0,
		event_at: happened.at,
		event_rank: happened.rank,
		event_previous: JSON.stringify(happened.previous),
	};
	if (known && isDeepStrictEqual({ ...known, ...values }, { ...known })) return false;
	await trx
		.insertInto('billing_plans')
		.values({ subscription, ...values, updated_at: now })
		.onConflict((conflict) => conflict.column('subscription').doUpdateSet({ ...values, updated_at: now }))
		.execute();
	return true;
}

/**
 * Stripe delivers in no order, and its clock counts seconds: within one, created comes before updated and
 * updated before deleted; of two updates the one is older whose state the other names as the one before it.
 */
function isOlder(
	{ happened, object }: About<'customer' | 'subscription'>,
	known: { event_at: number; event_rank: number; event_previous: string },
): boolean {
	if (known.event_rank === 2 && happened.rank < 2) return true;
	if (happened.at !== known.event_at) return happened.at < known.event_at;
	if (happened.rank !== known.event_rank) return happened.rank < known.event_rank;
	const before = Object.entries(JSON.parse(known.event_previous) as Record<string, unknown>);
	return before.length > 0 && before.every(([name, value]) => hadBefore(object[name], value, name));
}

/** Of metadata an event names only what has changed; null for what was not there. */
function hadBefore(now: unknown, before: unknown, name: string): boolean {
	if (name !== 'metadata' || typeof before !== 'object' || before === null) return isDeepStrictEqual(now, before);
	const metadata = (now ?? {}) as Record<string, unknown>;
	return Object.entries(before).every(([key, value]) => (metadata[key] ?? null) === value);
}

/** The plan that counts; null when Stripe has told of none. */
export async function planOfCustomer(store: Store, customerId: string): Promise<CustomerPlan | null> {
	return await store.transaction(async (trx) => {
		const [plan = null] = await plansWhere(trx, { userId: customerId }, store.clock.now());
		return plan;
	});
}

/** Whose a plan is, says the customer, or else the subscription. The one that allows the most first; those that aren't in force last. */
export async function plansWhere(
	trx: Transaction<Database>,
	whose: { userId: string } | { stripeCustomer: string },
	now: number,
): Promise<CustomerPlan[]> {
	const table = plansInForce();
	const rows = await trx
		.selectFrom('billing_plans')
		.leftJoin('billing_customers', 'billing_customers.stripe_customer', 'billing_plans.stripe_customer')
		.select([
			'billing_plans.stripe_customer',
			'billing_plans.subscription',
			'billing_plans.tier',
			'billing_plans.interval',
			'billing_plans.status',
			'billing_plans.period_end',
			'billing_plans.ends',
			'billing_plans.event_at',
			'billing_plans.user_id as subscription_user_id',
			'billing_customers.user_id as customer_user_id',
			'billing_customers.username',
			'billing_customers.deleted',
		])
		.where((eb) =>
			'userId' in whose
				? eb.or([
						eb('billing_customers.user_id', '=', whose.userId),
						eb.and([
							eb('billing_plans.user_id', '=', whose.userId),
							eb.or([eb('billing_customers.user_id', 'is', null), eb('billing_customers.user_id', '=', '')]),
						]),
					])
				: eb('billing_plans.stripe_customer', '=', whose.stripeCustomer),
		)
		.orderBy('billing_plans.event_at', 'desc')
		.execute();
	return rows
		.map((row): CustomerPlan => {
			const allows = table.tiers[row.tier];
			const current = row.period_end === null || now <= row.period_end + table.grace_days * DAY_MS;
			return {
				customer_id: row.customer_user_id || row.subscription_user_id,
				username: row.username ?? '',
				stripe_customer_id: row.stripe_customer,
				subscription_id: row.subscription,
				tier: row.tier,
				interval: row.interval,
				status: row.status,
				current_period_end: row.period_end === null ? null : new Date(row.period_end).toISOString(),
				cancel_at_period_end: row.ends === 1,
				in_force: allows !== undefined && table.entitled_statuses.includes(row.status) && current && row.deleted !== 1,
				videos_per_day: allows?.videos_per_day ?? 0,
				budget_usd_per_day: allows?.budget_usd_per_day ?? 0,
			};
		})
		.toSorted((a, b) => Number(b.in_force) - Number(a.in_force) || b.videos_per_day - a.videos_per_day);
}
