/**
 * Sends a video back to the stage that failed it, with what was wrong as instruction. What was finished before that
 * stage is kept and not paid again; what comes after it follows. It waits then for whoever takes jobs in turn.
 */
import { assertRoom } from '../cost/budget';
import type { Blame, QualityResult } from '../documents';
import { invalidRequest, isYtempireError } from '../errors';
import { canonicalJson } from '../hash';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

import { assertReviewFree, endReview, leaveToPerson, viewersJudged } from './claims';
import { getJob, type Job } from './job';
import { heldByAnother } from './lease';
import { PARTS, STAGE_OF_PART } from './redo';
import type { VideoRequest } from './request';
import { unknownJob } from './update';

export interface Regeneration {
	/** What is to blame; when left out, what the kept quality check says. */
	parts?: readonly Blame[];
	/** What was wrong; when left out, the reasons of the kept quality check. */
	instruction?: string;
	/** Times that a video is made again at most. Default `MOST_ROUNDS`. */
	most?: number;
	/** A person's yes to a new version of a video that is already on YouTube. */
	publishedToo?: boolean;
}

export type RegenerationOutcome =
	/** It is made again when its turn comes. */
	| 'queued'
	/** A published video stays as it is; another job makes a new version, which comes up as private. */
	| 'new-version'
	/** Made again often enough, too dear, or published: a person decides. */
	| 'person'
	/** Not today: the day's budget is used up. It stays pending. */
	| 'postponed';

export interface Regenerated {
	job: Job;
	outcome: RegenerationOutcome;
	/** Why, in words. */
	why: string;
}

/** The owner's rule. */
export const MOST_ROUNDS = 2;

/** What a writer is told at most, in characters. */
const LONGEST_INSTRUCTION = 2000;

interface Decision {
	outcome: RegenerationOutcome;
	why: string;
	/** Of the new version. */
	videoId?: string;
}

/**
 * @param holder who asks: instance and execution
 * @throws YtempireError `invalid-request` when there is no such job, it is being made, another run looks at it, or
 * nothing says what was wrong
 */
export async function regenerateJob(store: Store, videoId: string, regeneration: Regeneration, holder: string): Promise<Regenerated> {
	const before = await getJob(store, videoId);
	if (!before) throw unknownJob(videoId);
	const wanted = wantedOf(before, regeneration);
	const { outcome, why, videoId: made = videoId } = await store.transaction(async (trx): Promise<Decision> => {
		const now = store.clock.now();
		const row = await trx.selectFrom('jobs').selectAll().where('video_id', '=', videoId).executeTakeFirstOrThrow();
		if (row.lease_until > now && row.holder !== holder) throw heldByAnother(videoId, row.holder);
		await assertReviewFree(trx, videoId, holder, now);
		const again = { trx, before, now, ...wanted };
		if (row.status === 'published') return await anotherVersion(again, regeneration.publishedToo === true);
		const most = regeneration.most ?? MOST_ROUNDS;
		const round = 1 + (await roundsOf(trx, videoId));
		const refused = round > most ? `Made again ${round - 1} times, and still not good enough` : await tooDear(again);
		if (typeof refused === 'object') {
			await endReview(trx, videoId, now);
			return { outcome: 'postponed', why: refused.why };
		}
		if (refused) {
			await trx
				.updateTable('jobs')
				.set({ status: 'flagged', holder: '', lease_until: 0, updated_at: now })
				.where('video_id', '=', videoId)
				.execute();
			await leaveToPerson(trx, videoId, refused, now);
			return { outcome: 'person', why: refused };
		}
		await writeRound(again, videoId, round);
		await trx
			.updateTable('jobs')
			.set({ status: 'queued', failure: null, holder: '', lease_until: 0, attempts_before: row.attempt, updated_at: now })
			.where('video_id', '=', videoId)
			.execute();
		await leaveToPerson(trx, videoId, '', now);
		return { outcome: 'queued', why: `Made again from ${wanted.parts.join(', ')}: ${wanted.instruction}` };
	});
	return { job: (await getJob(store, made)) ?? before, outcome, why };
}

interface Again {
	trx: Transaction<Database>;
	before: Job;
	now: number;
	/** All are made by the same stage. */
	parts: Blame[];
	instruction: string;
}

/** The first stage that is to blame: what a later one did is done anew in any case. */
function wantedOf({ video_id: id, results }: Job, { parts: named = [], instruction: said }: Regeneration): Pick<Again, 'instruction' | 'parts'> {
	const quality = results.quality as QualityResult | undefined;
	const blamed = named.length > 0 ? named : (quality?.blame ?? []);
	const first = PARTS.find((part) => blamed.includes(part));
	if (!first) {
		throw invalidRequest(`Nothing says what is wrong with video ${id}`, {
			reason: 'no-blame',
			cure: 'Name the part that is to blame, or have the video checked first (Quality Check, Video: Check).',
		});
	}
	const parts = PARTS.filter((part) => blamed.includes(part) && STAGE_OF_PART[part] === STAGE_OF_PART[first]);
	const own = parts.flatMap((part) => (quality?.reasons ?? []).filter((reason) => reason.endsWith(`(${part}).`)));
	const instruction = said || own.join(' ') || quality?.reasons.join(' ') || `The ${first} was not good enough.`;
	return { parts, instruction: instruction.slice(0, LONGEST_INSTRUCTION) };
}

async function roundsOf(trx: Transaction<Database>, videoId: string): Promise<number> {
	const { last } = await trx
		.selectFrom('regenerations')
		.select((eb) => eb.fn.max<number | null>('round').as('last'))
		.where('video_id', '=', videoId)
		.executeTakeFirstOrThrow();
	return last ?? 0;
}

/**
 * What the stage and those after it took the last time must fit into the job's budgets; each call is held to them
 * once more when it is made. A text: a person decides. An object: another day.
 */
async function tooDear({ trx, before, parts, now }: Again): Promise<string | { why: string } | undefined> {
	const stages = [...new Set(Object.values(STAGE_OF_PART))];
	const first = stages.indexOf(STAGE_OF_PART[parts[0] ?? 'script']);
	const rounds = 1 + Math.max(0, ...before.regenerations.map(({ round }) => round));
	const spent = before.stages.filter(({ stage }) => stages.slice(first).some((one) => one === stage)).reduce((sum, { cost_usd: usd }) => sum + usd, 0);
	try {
		await assertRoom(trx, { videoId: before.video_id, stage: stages[first] ?? '' }, Math.round((spent * 1_000_000) / rounds), now);
		return undefined;
	} catch (error) {
		if (!isYtempireError(error)) throw error;
		return error.resetsAt ? { why: error.message } : error.message;
	}
}

async function writeRound({ trx, before, now, parts, instruction }: Again, videoId: string, round: number): Promise<void> {
	for (const part of parts) {
		const stage = STAGE_OF_PART[part];
		const result = before.results[stage];
		await trx
			.insertInto('regenerations')
			.values({ video_id: videoId, round, part, stage, instruction, before: result === undefined ? null : JSON.stringify(result), at: now })
			.execute();
	}
}

/**
 * YouTube can't replace a video's file. With a person's yes a job of its own makes a new version, private and without
 * a planned time, for the person to compare and to publish; the first one is never touched.
 */
async function anotherVersion(again: Again, isWanted: boolean): Promise<Decision> {
	const { trx, before, now, instruction } = again;
	const { video_id: id, request } = before;
	await viewersJudged(trx, id, now);
	if (!isWanted) {
		await leaveToPerson(trx, id, instruction, now);
		return { outcome: 'person', why: 'It is published, and YouTube can not replace the file of a video: a new version needs a person who wants it' };
	}
	const videoId = await freeId(trx, id);
	const { publish_at: _planned, ...same } = request;
	const version: VideoRequest = { ...same, video_id: videoId, options: { ...request.options, privacy: 'private' } };
	const row = await trx.selectFrom('jobs').select(['budget', 'customer']).where('video_id', '=', id).executeTakeFirstOrThrow();
	await trx
		.insertInto('jobs')
		.values({
			video_id: videoId,
			status: 'queued',
			stage: '',
			request: canonicalJson(version),
			failure: null,
			holder: '',
			lease_until: 0,
			attempt: 0,
			created_at: now,
			updated_at: now,
			...row,
		})
		.execute();
	await writeRound(again, videoId, 1);
	await leaveToPerson(trx, id, '', now);
	return { outcome: 'new-version', why: `Video ${videoId} is a new version of ${id}: ${instruction}`, videoId };
}

/** e.g. `volcanoes-v2`; within the 64 characters of a video ID. */
async function freeId(trx: Transaction<Database>, videoId: string): Promise<string> {
	for (let version = 2; ; version += 1) {
		const ending = `-v${version}`;
		const id = videoId.slice(0, 64 - ending.length) + ending;
		const taken = await trx.selectFrom('jobs').select('video_id').where('video_id', '=', id).executeTakeFirst();
		if (!taken) return id;
	}
}
