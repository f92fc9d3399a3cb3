/** Budgets: what a video, a day and a customer's day may cost. Days are UTC. */
import { DateTime } from '../vendor/luxon';

import { YtempireError } from '../errors';
import { usd } from '../money';
import type { Database } from '../store/schema';
import type { Transaction } from '../vendor/kysely';

/** In micro-dollars; what is left out has no limit. */
export interface Budget {
	video?: number;
	/** Of all videos together. */
	day?: number;
	customerDay?: number;
}

/** Whose money a call takes. */
export interface Payer {
	/** Empty for work that belongs to no job: it takes from no budget but is counted in the day. */
	videoId: string;
	stage: string;
}

export const BUDGET_EXCEEDED = 'budget-exceeded';

export function dayOf(ms: number): string {
	return new Date(ms).toISOString().slice(0, 10);
}

/** The job's budget and customer; neither for work without a job. */
export async function budgetOf(
	trx: Transaction<Database>,
	videoId: string,
): Promise<{ budget: Budget; customer: string }> {
	const job = videoId
		? await trx.selectFrom('jobs').select(['budget', 'customer']).where('video_id', '=', videoId).executeTakeFirst()
		: undefined;
	return { budget: job?.budget ? (JSON.parse(job.budget) as Budget) : {}, customer: job?.customer ?? '' };
}

/**
 * Passes when `microUsd` more fits into each budget that the job has; what is under way counts as spent.
 * @throws YtempireError `quota-exhausted`, reason `budget-exceeded`, with the figures
 */
export async function assertRoom(
	trx: Transaction<Database>,
	{ videoId, stage }: Payer,
	microUsd: number,
	now: number,
): Promise<void> {
	const { budget, customer } = await budgetOf(trx, videoId);
	const day = dayOf(now);
	const limits: Array<{ limit: number | undefined; whose: string; spent: () => Promise<number>; daily: boolean }> = [
		{
			limit: budget.video,
			whose: `Video ${videoId}`,
			spent: async () => await spentOn(trx, (costs) => costs.where('video_id', '=', videoId)),
			daily: false,
		},
		{
			limit: budget.day,
			whose: `The day ${day} (UTC)`,
			spent: async () => await spentOn(trx, (costs) => costs.where('day', '=', day)),
			daily: true,
		},
		{
			limit: customer ? budget.customerDay : undefined,
			whose: `Customer ${customer} on ${day} (UTC)`,
			spent: async () => await customerSpent(trx, customer, now),
			daily: true,
		},
	];
	for (const { limit, whose, spent, daily } of limits) {
		if (limit === undefined) continue;
		const already = await spent();
		if (already + microUsd <= limit) continue;
		throw new YtempireError(
			'quota-exhausted',
			`${whose} has a budget of ${dollars(limit)}, of which ${dollars(already)} are spent: the stage ${stage} may take up to ${dollars(microUsd)}`,
			{
				reason: BUDGET_EXCEEDED,
				cure: daily
					? 'Raise the budget in the node that queues the video, choose a cheaper model, or run it again tomorrow (UTC).'
					: 'Raise the budget in the node that queues the video, or choose a cheaper model or a shorter video.',
				...(daily ? { resetsAt: DateTime.fromMillis(now, { zone: 'utc' }).plus({ days: 1 }).startOf('day').toJSDate() } : {}),
			},
		);
	}
}

/** Micro-dollars of all the customer's videos on this day (UTC), with what is under way. */
export async function customerSpent(trx: Transaction<Database>, customer: string, now: number): Promise<number> {
	return await spentOn(trx, (costs) => costs.where('day', '=', dayOf(now)).where('customer', '=', customer));
}

type Costs = ReturnType<typeof costsOf>;

const costsOf = (trx: Transaction<Database>) =>
	trx.selectFrom('costs').select((eb) => eb.fn.coalesce(eb.fn.sum<number>('micro_usd'), eb.lit(0)).as('sum'));

async function spentOn(trx: Transaction<Database>, narrowed: (costs: Costs) => Costs): Promise<number> {
	const { sum } = await narrowed(costsOf(trx)).executeTakeFirstOrThrow();
	return sum;
}

/** Cents where they say enough, else all that there is. */
export function dollars(microUsd: number): string {
	const amount = usd(microUsd);
	return `$${amount >= 1 ? amount.toFixed(2) : amount.toFixed(6).replace(/0{1,4}$/, '')}`;
}
