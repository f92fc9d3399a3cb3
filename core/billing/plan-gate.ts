/** Whether a customer's plan lets one more video in today, and what the day may cost. */
import { customerSpent, dollars } from '../cost/budget';
import { YtempireError } from '../errors';
import { microUsd } from '../money';
import type { Database } from '../store/schema';
import { DateTime } from '../vendor/luxon';
import type { Transaction } from '../vendor/kysely';

import { plansWhere, type CustomerPlan } from './plans';

export const CUSTOMERS_WITHOUT_PLAN = ['allowed', 'refused'] as const;

/** Whether a customer of whom Stripe has told nothing, or a request without one, may queue. */
export type CustomersWithoutPlan = (typeof CUSTOMERS_WITHOUT_PLAN)[number];

/** The HTTP status that fits all refusals here: Payment Required. */
const PAYMENT_REQUIRED = 402;

/**
 * Micro-dollars that the customer's videos may cost on one day (UTC); undefined when no plan says it.
 * @param before what the video was taken in with: it stays when the plan has ended since
 */
export async function planBudget(
	trx: Transaction<Database>,
	customer: string,
	now: number,
	before?: number,
): Promise<number | undefined> {
	const plan = await planOf(trx, customer, now);
	if (!plan) return undefined;
	return plan.in_force ? microUsd(plan.budget_usd_per_day) : before;
}

/**
 * Passes when there is room for one more video of the customer today, by number and by budget; inside the transaction that takes it in,
 * so that no two requests get the last place.
 * @throws YtempireError `quota-exhausted`, HTTP status 402, reason `plan-required`, `plan-inactive`, `plan-limit` or
 * `plan-budget`
 */
export async function assertPlanAllows(
	trx: Transaction<Database>,
	customer: string,
	withoutPlan: CustomersWithoutPlan,
	now: number,
): Promise<void> {
	const plan = await planOf(trx, customer, now);
	if (!plan) {
		if (withoutPlan === 'refused') throw required(customer);
		return;
	}
	if (!plan.in_force) throw inactive(customer, plan);
	const day = DateTime.fromMillis(now, { zone: 'utc' }).startOf('day');
	const tomorrow = day.plus({ days: 1 });
	const { count } = await trx
		.selectFrom('jobs')
		.select((eb) => eb.fn.countAll<number>().as('count'))
		.where('customer', '=', customer)
		.where('created_at', '>=', day.toMillis())
		.where('created_at', '<', tomorrow.toMillis())
		.executeTakeFirstOrThrow();
	if (count >= plan.videos_per_day) throw usedUp(customer, plan, count, tomorrow);
	const budget = microUsd(plan.budget_usd_per_day);
	const spent = await customerSpent(trx, customer, now);
	if (spent < budget) return;
	throw refusal(`Customer ${customer} has the plan ${plan.tier} with ${dollars(budget)} a day (UTC), and today has spent ${dollars(spent)}`, {
		reason: 'plan-budget',
		cure: LARGER_OR_LATER,
		resetsAt: tomorrow.toJSDate(),
	});
}

const LARGER_OR_LATER = 'Change to a larger plan, or send the request again tomorrow (UTC).';

function usedUp(customer: string, plan: CustomerPlan, count: number, tomorrow: DateTime): YtempireError {
	const videos = plan.videos_per_day === 1 ? '1 video' : `${plan.videos_per_day} videos`;
	return refusal(`Customer ${customer} has the plan ${plan.tier} with ${videos} a day (UTC), and today has queued ${count}`, {
		reason: 'plan-limit',
		cure: LARGER_OR_LATER,
		resetsAt: tomorrow.toJSDate(),
	});
}

async function planOf(trx: Transaction<Database>, customer: string, now: number): Promise<CustomerPlan | undefined> {
	if (!customer) return undefined;
	const [plan] = await plansWhere(trx, { userId: customer }, now);
	return plan;
}

function required(customer: string): YtempireError {
	return refusal(customer ? `Customer ${customer} has no plan` : 'The request names no customer', {
		reason: 'plan-required',
		cure: customer
			? 'Subscribe the customer to a plan; the Stripe customer carries the customer_id of requests as user_id in its metadata.'
			: 'Send the customer_id of a customer with a plan.',
	});
}

function inactive(customer: string, plan: CustomerPlan): YtempireError {
	const until = plan.current_period_end ? `, and its period ends on ${plan.current_period_end.slice(0, 10)}` : '';
	return plan.tier === ''
		? refusal(`Customer ${customer} has no plan in force: the price of the subscription belongs to no tier`, {
				reason: 'plan-inactive',
				cure: 'Name the price in the YTEMPIRE Stripe credential, or give it a lookup key such as growth_monthly.',
			})
		: refusal(`Customer ${customer} has no plan in force: the subscription is ${plan.status}${until}`, {
				reason: 'plan-inactive',
				cure: 'Pay the open invoice, or subscribe again.',
			});
}

function refusal(message: string, options: { reason: string; cure: string; resetsAt?: Date }): YtempireError {
	return new YtempireError('quota-exhausted', message, { ...options, httpStatus: PAYMENT_REQUIRED });
}
