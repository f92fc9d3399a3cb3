/** Takes a request in: a new job, one to go on with, or one that is already made. */
import { assertPlanAllows, planBudget, type CustomersWithoutPlan } from '../billing/plan-gate';
import type { Budget } from '../cost/budget';
import { canonicalJson } from '../hash';
import type { Store } from '../store/store';

import { FINAL_STATUSES, getJob, type Job, type JobStatus } from './job';
import { LEASE_MS } from './lease';
import { assertNew, type VideoRequest } from './request';
import { freeSlots } from './slots';

export type Disposition =
	/** Never seen: make it. */
	| 'created'
	/** Failed, or its execution died: go on from the finished stages. */
	| 'resumed'
	/** Taken in; it is made when its turn comes, see `resumeInterrupted`. */
	| 'waiting'
	/** Being made, published or flagged: nothing to do. */
	| 'existing';

export interface QueuedJob {
	job: Job;
	disposition: Disposition;
}

/** When a job that is to be made begins. */
export interface Turn {
	/** Videos that are made at the same time, over all executions and workers; the others wait. 0 or none: no limit. */
	atOnce?: number;
	/** It waits in any case, e.g. because another execution makes it. */
	later?: boolean;
}

export interface QueueRules extends Turn {
	/** Whether customers of whom no subscription is known may queue videos; `allowed` by default. */
	customersWithoutPlan?: CustomersWithoutPlan;
}

/**
 * The same `video_id` again answers with the job that is there; what the second request says
 * differently is not looked at, so that a repeated call can't change a video half-way. The budget is the
 * operator's and not the request's: the last one counts, with the customer's plan before it. A new video takes
 * one of the customer's plan's places of that day, the same one again takes none; a plan's budget stays with the
 * videos that it let in, also when it has ended since.
 * @throws YtempireError `invalid-request`, HTTP status 400, for a new video that was to be public by now;
 * `quota-exhausted`, HTTP status 402, when the customer's plan doesn't allow it
 */
export async function queueJob(
	store: Store,
	request: VideoRequest,
	holder: string,
	budget: Budget = {},
	{ customersWithoutPlan = 'allowed', ...turn }: QueueRules = {},
): Promise<QueuedJob> {
	const disposition = await store.transaction(async (trx): Promise<Disposition> => {
		const now = store.clock.now();
		const row = await trx
			.selectFrom('jobs')
			.select(['status', 'holder', 'lease_until', 'attempt', 'customer', 'budget'])
			.where('video_id', '=', request.video_id)
			.executeTakeFirst();
		const budgetJson = async (customer: string): Promise<string> => {
			const before = row?.budget ? (JSON.parse(row.budget) as Budget).customerDay : undefined;
			const customerDay = await planBudget(trx, customer, now, before);
			return canonicalJson({ ...budget, ...(customerDay === undefined ? {} : { customerDay }) });
		};
		const waits = turn.later === true || (await freeSlots(trx, turn.atOnce, now)) < 1;
		const held = waits ? { holder: '', lease_until: 0 } : { holder, lease_until: now + LEASE_MS };
		if (!row) {
			assertNew(request, now);
			const customer = request.customer_id ?? '';
			await assertPlanAllows(trx, customer, customersWithoutPlan, now);
			await trx
				.insertInto('jobs')
				.values({
					video_id: request.video_id,
					status: 'queued',
					stage: '',
					request: canonicalJson(request),
					failure: null,
					...held,
					attempt: waits ? 0 : 1,
					created_at: now,
					updated_at: now,
					budget: await budgetJson(customer),
					customer,
				})
				.execute();
			return waits ? 'waiting' : 'created';
		}
		const finished = FINAL_STATUSES.includes(row.status as JobStatus);
		const alive = row.lease_until > now && row.holder !== holder && row.status !== 'failed';
		if (finished || alive) return 'existing';
		await trx
			.updateTable('jobs')
			.set({
				status: 'queued',
				failure: null,
				...held,
				attempt: waits ? row.attempt : row.attempt + 1,
				// executions that ended in the ordinary way have brought nothing down
				...(row.status === 'failed' ? { attempts_before: row.attempt } : {}),
				updated_at: now,
				budget: await budgetJson(row.customer),
			})
			.where('video_id', '=', request.video_id)
			.execute();
		return waits ? 'waiting' : 'resumed';
	});
	const job = await getJob(store, request.video_id);
	if (!job) throw new Error(`Job ${request.video_id} vanished from the store`);
	return { job, disposition };
}
