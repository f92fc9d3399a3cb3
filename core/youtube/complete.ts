/** What comes after the bytes: a look at what YouTube made of them, the steps that were asked for, the result. */
import { sleep } from '../abort';
import type { UploadResult } from '../documents';
import { isYtempireError, type ErrorClass } from '../errors';
import type { PoolAccount } from '../pool/accounts';
import { usageOf } from '../pool/ledger';
import { quarantinedBy } from '../pool/outcome';
import { nextPacificMidnight } from '../pool/pacific-day';
import { costOf } from '../pool/quota';

import type { AfterStep, StepResult } from './after';
import type { ApiContext } from './api';
import type { UploadContext, Uploaded } from './bring-up';
import type { Privacy } from './metadata';
import { momentOf } from './moment';
import { tokenSource } from './oauth';
import { recordPublished, type UploadRow } from './records';
import { once } from './steps';
import { DEFAULT_PROCESSING_MS, isProcessing, isRejection, pausesWithin, verifyVideo, type Seen } from './verify';

type StepOutcome = UploadResult['after_upload'][number];

/** @throws YtempireError `refused` when YouTube doesn't keep the video; all else becomes a warning */
export async function complete(
	context: UploadContext,
	{ row, resumed, passedOver, warnings = [] }: Uploaded,
): Promise<UploadResult> {
	const { plan, deps, claim, quarantined } = context;
	const { store } = deps;
	const account = accountOf(context, row);
	const first = account ? await look(context, row, account) : undefined;
	// While YouTube is at it
	const after = await doSteps(context, row, account);
	const last = account && first ? await untilProcessed(context, row, account, first) : undefined;
	const state = last?.state;
	const result: UploadResult = {
		youtube_id: row.youtube_id,
		youtube_url: `https://www.youtube.com/watch?v=${row.youtube_id}`,
		published_at: state?.publishedAt || new Date(store.clock.now()).toISOString(),
		account_id: row.account_id,
		channel_id: row.channel_id,
		privacy_status: state?.privacyStatus || plan.insert.privacyStatus,
		quota: await quotaOf(deps, row),
		passed_over: passedOver,
		quarantined,
		resumed,
		after_upload: after,
		upload_status: state?.uploadStatus ?? '',
		processing_status: state?.processingStatus ?? '',
		warnings: [...warnings, ...(last?.warnings ?? []), ...saidBy(after)],
	};
	await recordPublished(store, claim, result);
	return result;
}

/** Whether YouTube has failed, rejected or deleted the video; false when its account has left the pool. */
export async function wasRejected(context: UploadContext, row: UploadRow): Promise<boolean> {
	const account = accountOf(context, row);
	try {
		if (account) await verify(context, row, account);
		return false;
	} catch (error) {
		if (isRejection(error)) return true;
		throw error;
	}
}

async function verify(context: UploadContext, row: UploadRow, account: PoolAccount): Promise<Seen> {
	const asked = { privacy: privacyBy(context), channelId: row.channel_id };
	return await verifyVideo(await apiFor(context, account), row.youtube_id, asked);
}

/** Since its hour a planned video is public. */
function privacyBy({ plan, deps }: UploadContext): Privacy {
	const at = momentOf(plan.metadata.publishAt ?? '');
	return at !== undefined && at <= deps.store.clock.now() ? 'public' : plan.insert.privacyStatus;
}

/** `unsettled`: a further look may say more. */
type Looked = Seen & { unsettled: boolean };

async function look(context: UploadContext, row: UploadRow, account: PoolAccount): Promise<Looked> {
	let seen: Seen = { state: undefined, warnings: [] };
	const why = await failureOf(context, ['cancelled', 'refused'], async () => {
		seen = await verify(context, row, account);
	});
	return why
		? { state: undefined, warnings: [`The video was not looked at after the upload: ${why}`], unsettled: false }
		: { ...seen, unsettled: isProcessing(seen.state) };
}

/** Looks again and again until YouTube has processed the video or the time is over. */
async function untilProcessed(context: UploadContext, row: UploadRow, account: PoolAccount, first: Looked): Promise<Seen> {
	const { deps, claim } = context;
	let last = first;
	for (const pauseMs of pausesWithin(deps.processingMs ?? DEFAULT_PROCESSING_MS)) {
		if (!last.unsettled) break;
		deps.log?.(`YouTube processes ${row.youtube_id}`);
		await sleep(pauseMs, claim.signal);
		const next = await look(context, row, account);
		// What was seen before says more than that nothing was seen now
		last = next.state || !last.state ? next : { ...last, unsettled: next.unsettled };
	}
	return last;
}

/** Does what is missing of the steps that are asked for now; the video itself is left alone. */
export async function completeAgain(
	context: UploadContext,
	row: UploadRow,
	result: UploadResult,
): Promise<UploadResult> {
	// A result of the first version has none
	const earlier = (result as Partial<UploadResult>).after_upload ?? [];
	const after = await doSteps(context, row, accountOf(context, row));
	if (after.length === 0) return result;
	const replaced = earlier.filter(({ step }) => after.some((one) => one.step === step));
	const outdated = saidBy(replaced);
	const now: UploadResult = {
		...result,
		quarantined: [...result.quarantined, ...context.quarantined],
		after_upload: [...earlier.filter((one) => one.done && !replaced.includes(one)), ...after],
		warnings: [...result.warnings.filter((warning) => !outdated.includes(warning)), ...saidBy(after)],
	};
	await recordPublished(context.deps.store, context.claim, now);
	return now;
}

/** Each step in its turn; one that fails leaves the others alone. */
async function doSteps(
	context: UploadContext,
	row: UploadRow,
	account: PoolAccount | undefined,
): Promise<StepOutcome[]> {
	const steps = context.plan.after.filter(({ channelId }) => channelId === undefined || channelId === row.channel_id);
	const outcomes: StepOutcome[] = [];
	for (const step of steps) outcomes.push(await doStep(context, row, account, step));
	return outcomes;
}

async function doStep(
	context: UploadContext,
	row: UploadRow,
	account: PoolAccount | undefined,
	step: AfterStep,
): Promise<StepOutcome> {
	const { name, content, failure, run } = step;
	const { claim, deps } = context;
	const outcome = (done: boolean, why: string): StepOutcome => ({ step: name, done, why });
	if (!account) {
		return outcome(false, `${failure}: ${row.account_id} is no longer in the pool. Put it back into the YouTube Pool credential`);
	}
	let warnings: string[] = [];
	const why = await failureOf(context, ['cancelled'], async () => {
		const api = await apiFor(context, account);
		const asStep = { youtubeId: row.youtube_id, name, content, origin: 'upload' as const };
		const write = claim.write.bind(claim);
		const result = await once<StepResult>(asStep, { store: deps.store, write }, async (earlier) => {
			deps.log?.(`After the upload: ${name}`);
			return await run(api, row.youtube_id, earlier);
		});
		warnings = result.warnings ?? [];
	});
	return why ? outcome(false, `${failure}: ${why}`) : outcome(true, warnings.join('. '));
}

function saidBy(outcomes: readonly StepOutcome[]): string[] {
	return outcomes.map(({ why }) => why).filter(Boolean);
}

function accountOf({ deps }: UploadContext, row: UploadRow): PoolAccount | undefined {
	return deps.pool.accounts.find(({ channelId }) => channelId === row.channel_id);
}

async function apiFor({ deps, claim }: UploadContext, account: PoolAccount): Promise<ApiContext> {
	const { store, pool, retry } = deps;
	return { store, pool, account, tokens: await tokenSource(pool, account), signal: claim.signal, retry };
}

/** What went wrong and its cure, in words; undefined when nothing did. @throws errors of the `fatal` classes */
async function failureOf(
	{ quarantined }: UploadContext,
	fatal: readonly ErrorClass[],
	work: () => Promise<void>,
): Promise<string | undefined> {
	try {
		await work();
		return undefined;
	} catch (error) {
		if (!isYtempireError(error) || fatal.includes(error.errorClass)) throw error;
		const locked = quarantinedBy(error);
		if (locked && !quarantined.some(({ account_id: id }) => id === locked.account_id)) quarantined.push(locked);
		return [error.message, error.cure].filter(Boolean).join('. ');
	}
}

async function quotaOf(
	{ store, pool }: UploadContext['deps'],
	row: UploadRow,
): Promise<UploadResult['quota']> {
	const now = store.clock.now();
	const { bucket, cost, limit } = costOf(pool.quota, 'videos.insert');
	const spend = { scope: `project:${row.project}`, bucket, day: row.day, cost, limit };
	const [usage] = await usageOf(store.db, [spend], now);
	return {
		project: row.project,
		bucket,
		cost,
		used: usage?.used ?? 0,
		limit,
		resets_at: nextPacificMidnight(row.opened_at).toISOString(),
	};
}
