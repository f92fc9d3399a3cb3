/**
 * Runs one stage of a job so that it can be run again: a finished stage with the same input
 * gives its kept result and is not paid for twice; one job is worked on by one execution.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { sleep, throwIfCancelled } from '../abort';
import { recordCost } from '../cost/ledger';
import type { Cost } from '../documents';
import { YtempireError } from '../errors';
import { contentHash } from '../hash';
import type { CallContext } from '../routing/call';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

import { failureOf, FINAL_STATUSES, type JobStatus } from './job';
import { identityOf, paidTakes, redosOf, type Redo } from './redo';
import { heldByAnother, holdJob, isHeldByAnother, isStageLost, keepHolding, LEASE_MS, otherAtStage } from './lease';

export interface StageContext {
	/** Folder of this job for files that the stage leaves; it exists. */
	folder: string;
	/** Fires when the execution is cancelled, or when another has taken the job over. */
	signal: AbortSignal;
	/** Tells how far the stage is: 0 to 1. Cheap to call often. */
	progress(fraction: number, note?: string): void;
	/** Writes a known cost at once, so that a crash later in the stage doesn't forget it. */
	recordCost(cost: Cost): Promise<void>;
	/** For calls to providers, see `route`. */
	calls: CallContext;
	/** Why the stage is run anew, the oldest first; empty the first time. */
	redos: readonly Redo[];
}

export interface StageOptions<T> {
	store: Store;
	videoId: string;
	/** e.g. `script` */
	stage: string;
	/** Everything that the result depends on; JSON. */
	input: unknown;
	/** Instance and execution that run it. */
	holder: string;
	signal?: AbortSignal;
	work(context: StageContext): Promise<T>;
	/** Whether a kept result still stands, e.g. its files are there. Default: always. */
	stillStands?(kept: T): Promise<boolean>;
	/** The job's status once this result is in; default: it goes on running. */
	statusAfter?(result: T): JobStatus | undefined;
	/** A stage beside the main line (a mail, an event) doesn't fail the job, and has a lease of its own. */
	beside?: boolean;
}

export interface StageOutcome<T> {
	result: T;
	/** True when the result was there already. */
	kept: boolean;
}

/** Milliseconds to wait for another execution at the same stage: longer than a dead one's lease lasts. */
const PATIENCE_MS = LEASE_MS + 45_000;

/** Milliseconds between two looks at it. */
const LOOK_MS = 250;

/** Milliseconds between two writes of progress. */
const PROGRESS_MS = 500;

/** @throws what `work` throws, after it was recorded; YtempireError when the job is held by another */
export async function runStage<T>(options: StageOptions<T>): Promise<StageOutcome<T>> {
	const { store, videoId, stage, holder } = options;
	const redos = await redosOf(store.db, videoId, stage);
	const inputHash = contentHash({ stage, input: options.input, ...(redos.length > 0 ? { redos: redos.map(identityOf) } : {}) });
	const lost = new AbortController();
	const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal;
	throwIfCancelled(signal);

	let begun: Begun | undefined;
	for (const deadline = Date.now() + PATIENCE_MS; !begun; ) {
		const kept = await keptResult<T>(store, videoId, stage, inputHash);
		if (kept !== undefined && (await (options.stillStands?.(kept) ?? true))) {
			await finish(options, inputHash, kept, true);
			return { result: kept, kept: true };
		}
		const asked = await begin(options, inputHash);
		if (asked.other === undefined) begun = asked;
		else if (Date.now() > deadline) throw heldByAnother(videoId, asked.other);
		else await sleep(LOOK_MS, signal);
	}
	const { ownLease } = begun;
	const lease = keepHolding(store, { videoId, stage }, holder, ownLease, () => {
		lost.abort(takenOver(videoId));
	});
	const progress = new ProgressWriter(store, videoId, stage);
	try {
		const folder = join(store.mediaFolder, folderName(videoId));
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const result = await options.work({
			folder,
			signal,
			progress: progress.set,
			recordCost: async (cost) => {
				await recordCost(store, { videoId, stage }, cost);
			},
			calls: { store, videoId, stage, signal, take: paidTakes(redos) },
			redos,
		});
		await progress.settled();
		await finish(options, inputHash, result, false, ownLease);
		return { result, kept: false };
	} catch (thrown) {
		const error: unknown = lost.signal.aborted ? lost.signal.reason : thrown;
		await progress.settled();
		if (!lost.signal.aborted) await fail(options, error, ownLease);
		throw error;
	} finally {
		lease.stop();
	}
}

/** A video ID comes from outside: only its harmless characters name a folder. */
function folderName(videoId: string): string {
	return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(videoId) ? videoId : contentHash(videoId).slice(0, 32);
}

function takenOver(videoId: string): YtempireError {
	return new YtempireError('cancelled', `Another execution has taken video ${videoId} over`, {
		cure: 'Nothing to do: the other execution goes on with it.',
		reason: 'job-lost',
	});
}

async function keptResult<T>(
	store: Store,
	videoId: string,
	stage: string,
	inputHash: string,
): Promise<T | undefined> {
	const row = await store.db
		.selectFrom('stages')
		.select(['status', 'input_hash', 'result'])
		.where('video_id', '=', videoId)
		.where('stage', '=', stage)
		.executeTakeFirst();
	if (row?.status !== 'done' || row.input_hash !== inputHash || row.result === null) return undefined;
	return JSON.parse(row.result) as T;
}

interface Begun {
	/** Whether the stage has a lease of its own: the job's doesn't cover it. */
	ownLease: boolean;
	/** Who is at it; it hasn't begun then. */
	other?: string;
}

async function begin<T>(options: StageOptions<T>, inputHash: string): Promise<Begun> {
	const { store, videoId, stage, holder } = options;
	return await store.transaction(async (trx) => {
		const now = store.clock.now();
		const ownLease = options.beside === true || !(await holdJob(trx, videoId, holder, now));
		const other = ownLease ? await otherAtStage(trx, { videoId, stage }, holder, now) : undefined;
		if (other !== undefined) return { ownLease, other };
		const fresh = {
			input_hash: inputHash,
			status: 'running',
			progress: 0,
			note: '',
			result: null,
			started_at: now,
			finished_at: null,
			...(ownLease ? { holder, lease_until: now + LEASE_MS } : LET_GO),
		};
		if (!options.beside) {
			await trx
				.updateTable('jobs')
				.set({ status: 'running', stage, failure: null })
				.where('video_id', '=', videoId)
				.execute();
		}
		await trx
			.insertInto('stages')
			.values({ video_id: videoId, stage, ...fresh })
			.onConflict((conflict) => conflict.columns(['video_id', 'stage']).doUpdateSet(fresh))
			.execute();
		return { ownLease };
	});
}

const LET_GO = { holder: '', lease_until: 0 };

async function finish<T>(
	options: StageOptions<T>,
	inputHash: string,
	result: T,
	kept: boolean,
	ownLease = false,
): Promise<void> {
	const { store, videoId, stage, holder } = options;
	await store.transaction(async (trx) => {
		const now = store.clock.now();
		if (kept && (await isFinal(trx, videoId))) return;
		if (!options.beside) await holdJob(trx, videoId, holder, now);
		if (ownLease && (await isStageLost(trx, { videoId, stage }, holder))) throw takenOver(videoId);
		await trx
			.updateTable('stages')
			.set((eb) => ({
				...(ownLease ? LET_GO : {}),
				status: 'done',
				progress: 1,
				result: JSON.stringify(result),
				finished_at: eb.fn.coalesce('finished_at', eb.val(now)),
			}))
			.where('video_id', '=', videoId)
			.where('stage', '=', stage)
			.where('input_hash', '=', inputHash)
			.execute();
		if (options.beside) return;
		const status = options.statusAfter?.(result);
		const held =
			status === undefined
				? { status: 'running', lease_until: now + LEASE_MS }
				: { status, holder: '', lease_until: 0 };
		await trx
			.updateTable('jobs')
			.set({ ...held, stage, failure: null, updated_at: now })
			.where('video_id', '=', videoId)
			.execute();
	});
}

/** A step looked at again in the editor doesn't bring a published video back to running. */
async function isFinal(trx: Transaction<Database>, videoId: string): Promise<boolean> {
	const job = await trx
		.selectFrom('jobs')
		.select('status')
		.where('video_id', '=', videoId)
		.executeTakeFirst();
	return job !== undefined && FINAL_STATUSES.includes(job.status as JobStatus);
}

async function fail<T>(options: StageOptions<T>, error: unknown, ownLease: boolean): Promise<void> {
	const { store, videoId, stage, holder } = options;
	await store.transaction(async (trx) => {
		const now = store.clock.now();
		if (!options.beside && (await isHeldByAnother(trx, videoId, holder))) return;
		if (ownLease && (await isStageLost(trx, { videoId, stage }, holder))) return;
		await trx
			.updateTable('stages')
			.set({ status: 'failed', finished_at: now, ...LET_GO })
			.where('video_id', '=', videoId)
			.where('stage', '=', stage)
			.execute();
		if (options.beside) return;
		await trx
			.updateTable('jobs')
			.set({
				status: 'failed',
				stage,
				failure: JSON.stringify(failureOf(stage, error, now)),
				holder: '',
				lease_until: 0,
				updated_at: now,
			})
			.where('video_id', '=', videoId)
			.execute();
	});
}

/** Writes progress seldom, in order, and never fails a stage. */
class ProgressWriter {
	private last = 0;

	private writing: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly store: Store,
		private readonly videoId: string,
		private readonly stage: string,
	) {}

	readonly set = (fraction: number, note = ''): void => {
		const now = Date.now();
		if (now - this.last < PROGRESS_MS) return;
		this.last = now;
		this.writing = this.writing
			.then(
				async () =>
					await this.store.transaction(
						async (trx) =>
							await trx
								.updateTable('stages')
								.set({ progress: Math.min(1, Math.max(0, fraction)), note })
								.where('video_id', '=', this.videoId)
								.where('stage', '=', this.stage)
								.where('status', '=', 'running')
								.execute(),
					),
			)
			.catch(() => undefined);
	};

	async settled(): Promise<void> {
		await this.writing;
	}
}
