/** A store as it looks after weeks of use, the same at every call: for pictures, tests and measurements of what reads it. */
import { THRESHOLDS } from '../../core/quality/table';
import type { QualityResult } from '../../core/documents';
import type { JobFailure } from '../../core/jobs/job';
import type { Database } from '../../core/store/schema';
import type { Store } from '../../core/store/store';

export interface SeedOptions {
	videos: number;
	/** Until today, one as busy as the other, but for quieter week-ends. */
	days: number;
	/** Characters that each of the other stages' results takes, e.g. 20,000 as a narration's word times do; few by default. */
	resultSize?: number;
}

/** By rank, so that the first ones are made the most often. */
const TOPICS = [
	'How do volcanoes work?',
	'Why do cats purr?',
	'Five cities that sank into the sea',
	'The history of the fork in three minutes',
	'What happens in your brain while you sleep?',
	'How bridges carry their own weight',
	'Why is the sky dark at night?',
	'The longest rivers of the world',
	'How to read a weather map',
	'What whales say to each other',
];

/** Stage, provider, model and micro-dollars of one video's calls. */
const CALLS = [
	['script', 'openai', 'gpt-5.1', 9_000],
	['voice', 'elevenlabs', 'eleven_multilingual_v2', 21_000],
	['voice', 'azure-speech', 'neural', 14_000],
	['thumbnails', 'stability', 'core', 30_000],
	['script', 'anthropic', 'claude-sonnet-4-5', 12_000],
	['video', 'pexels', '', 0],
] as const;

const FAILURES: Array<Omit<JobFailure, 'at'>> = [
	{
		stage: 'upload', provider: 'youtube', error_class: 'auth',
		reason: 'Google no longer accepts the connection of account-07 (invalid_grant)',
		cure: 'Connect the account again: npx ytempire accounts connect --account account-07',
	},
	{
		stage: 'voice', provider: 'elevenlabs', error_class: 'quota-exhausted',
		reason: 'The ElevenLabs account has no characters left until December 1',
		cure: 'Add credit at ElevenLabs, or choose a credential for Azure Speech or Google, which then take its place.',
	},
	{
		stage: 'script', provider: 'openai', error_class: 'refused',
		reason: 'The model declined to write about this topic',
		cure: 'Word the topic differently.',
	},
	{
		stage: 'script', error_class: 'quota-exhausted',
		reason: 'The day’s budget of $5.00 is used up',
		cure: 'Raise Budget per Day in Queue Generation, or send the request again tomorrow.',
	},
];

/** Numbers from 0 to 1 that look thrown, after the generator mulberry32. */
export function thrown(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Rows without what the database fills in. */
type JobRow = Omit<Database['jobs'], 'attempts_before' | 'budget' | 'customer'>;
type StageRow = Omit<Database['stages'], 'holder' | 'lease_until'>;
type CostRow = Omit<Database['costs'], 'capability' | 'customer' | 'day' | 'state'> & { day: string };

const HOUR_MS = 3_600_000;

const CHUNK = 200;

export async function seedStore(store: Store, { videos, days, resultSize = 100 }: SeedOptions): Promise<void> {
	const throwOne = thrown(7);
	const now = store.clock.now();
	const filler = JSON.stringify({ text: 'x'.repeat(resultSize) });
	for (let start = 0; start < videos; start += CHUNK) {
		const jobs: JobRow[] = [];
		const stages: StageRow[] = [];
		const costs: CostRow[] = [];
		for (let index = start; index < Math.min(videos, start + CHUNK); index++) {
			const at = moment(now, days, throwOne);
			const one = video(index, at, now, throwOne);
			jobs.push(one.job);
			for (const stage of ['script', 'voice', 'video']) {
				stages.push(stageRow(one.job.video_id, stage, filler, at));
			}
			if (one.quality) stages.push(stageRow(one.job.video_id, 'quality', JSON.stringify(one.quality), at + HOUR_MS / 10));
			costs.push(...callsOf(one.job.video_id, index, at, throwOne));
		}
		await store.transaction(async (trx) => {
			await trx.insertInto('jobs').values(jobs).execute();
			await trx.insertInto('stages').values(stages).execute();
			await trx.insertInto('costs').values(costs).execute();
		});
	}
}

function moment(now: number, days: number, throwOne: () => number): number {
	for (;;) {
		const at = now - Math.floor(throwOne() * days * 24 * HOUR_MS);
		const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
		if (!isWeekend || throwOne() < 0.55) return at;
	}
}

function video(index: number, at: number, now: number, throwOne: () => number) {
	const fate = throwOne();
	// most are good, a few are not
	const score = Math.round(Math.min(1, fate < 0.06 ? 0.3 + throwOne() * 0.4 : 0.78 + 0.22 * Math.sqrt(throwOne())) * 1000) / 1000;
	const isFresh = now - at < HOUR_MS * 3;
	const status = isFresh ? (fate < 0.5 ? 'running' : 'queued') : fate < 0.06 ? 'flagged' : fate < 0.1 ? 'failed' : 'published';
	const failure = status === 'failed' ? FAILURES[Math.floor(throwOne() * FAILURES.length)] : undefined;
	const updated = Math.min(now, at + HOUR_MS / 6);
	const job: JobRow = {
		video_id: `video-${String(index + 1).padStart(5, '0')}`,
		status,
		stage: failure?.stage ?? (status === 'running' ? 'voice' : status === 'queued' ? '' : status === 'flagged' ? 'quality' : 'upload'),
		request: JSON.stringify({ topic: TOPICS[Math.floor(throwOne() ** 2 * TOPICS.length)], style: 'calm', duration: 60 }),
		failure: failure ? JSON.stringify({ ...failure, at: new Date(updated).toISOString() }) : null,
		holder: status === 'running' ? 'n8n:1' : '',
		lease_until: status === 'running' ? now + 30_000 : 0,
		attempt: 1,
		created_at: at,
		updated_at: updated,
	};
	return { job, quality: status === 'published' || status === 'flagged' ? qualityResult(score) : undefined };
}

function qualityResult(score: number): QualityResult {
	const passed = score >= THRESHOLDS.score;
	const gates: QualityResult['gates'] = Array.from({ length: 19 }, (_, index) => ({
		name: `gate_${index + 1}`, threshold: '-14 ± 1 LUFS', measured: -14.2, unit: 'LUFS', verdict: passed ? 'pass' : 'fail',
		hard: false, score, weight: 0.05, blame: 'footage', at: [],
	}));
	const reasons = passed ? [] : ['The picture stands still for 6.4 s from 0:12 (at most 3 s)', '2 of 8 clips are shown twice'];
	return { score, threshold: THRESHOLDS.score, passed, reasons, blame: passed ? [] : ['footage'], gates };
}

function stageRow(videoId: string, stage: string, result: string, at: number): StageRow {
	const finished = { status: 'done', progress: 1, note: '', result, started_at: at, finished_at: at + 60_000 };
	return { video_id: videoId, stage, input_hash: 'seed', ...finished };
}

function callsOf(videoId: string, index: number, at: number, throwOne: () => number): CostRow[] {
	return CALLS.filter(([, provider]) => !['azure-speech', 'anthropic'].includes(provider) || throwOne() < 0.18).map(
		([stage, provider, model, micro], call) => ({
			id: `seed-${index}-${call}`,
			video_id: videoId,
			stage,
			provider,
			model,
			units: '{"requests":1}',
			micro_usd: Math.round(micro * (0.7 + 0.6 * throwOne())),
			basis: 'billed',
			at,
			day: new Date(at).toISOString().slice(0, 10),
		}),
	);
}
