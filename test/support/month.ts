/**
 * A month of recorded use, by seed: jobs, scores and a ledger as the factory leaves them, with providers whose
 * true effect on quality is known. Effects lie on a grid that keeps every plan a hundredth off the floor.
 */
import { priceOf, type Capability } from '../../core/cost/prices';
import type { Arm } from '../../core/routing/configuration';
import { capabilityOfStage, type SwitchableStage } from '../../core/routing/stages';
import { dayOf } from '../../core/cost/budget';
import type { Store } from '../../core/store/store';

export interface MonthArm extends Arm {
	/** On the score of a video. */
	effect: number;
	/** How often it is used, against the others of its stage. */
	weight: number;
}

export interface Month {
	/** Score of a video whose stages have no effect. */
	base: number;
	arms: Partial<Record<SwitchableStage, MonthArm[]>>;
	videos: MonthVideo[];
}

interface MonthVideo {
	at: number;
	/** What each stage used, whoever did it. */
	use: Partial<Record<SwitchableStage, { tokens: number; characters: number; pictures: number }>>;
	used: Partial<Record<SwitchableStage, number>>;
	score: number | null;
	status: string;
	channel: string;
}

export const FLOOR = 0.8;

const DAY_MS = 24 * 3_600_000;

/** mulberry32 */
export function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const STAGES: Partial<Record<SwitchableStage, Arm[]>> = {
	script: [
		{ provider: 'openai', model: 'gpt-6.1-terra' },
		{ provider: 'openai', model: 'gpt-6-luna' },
		{ provider: 'openai', model: 'gpt-6.1-sol' },
		{ provider: 'anthropic', model: 'claude-sonnet-5-5' },
		{ provider: 'cohere', model: 'command-a-03-2025' },
	],
	metadata: [
		{ provider: 'openai', model: 'gpt-6.1-terra' },
		{ provider: 'anthropic', model: 'claude-haiku-5-5' },
		{ provider: 'cohere', model: 'command-r-08-2024' },
	],
	voice: [
		{ provider: 'elevenlabs', model: 'eleven_multilingual_v2' },
		{ provider: 'elevenlabs', model: 'eleven_flash_v2_5' },
		{ provider: 'azure-speech', model: 'neural' },
		{ provider: 'azure-speech', model: 'neural-hd' },
		{ provider: 'google-tts', model: 'standard' },
		{ provider: 'google-tts', model: 'chirp3-hd' },
	],
	thumbnail: [
		{ provider: 'stability', model: 'stable-image-core' },
		{ provider: 'openai', model: 'gpt-image-2.6-flare' },
		{ provider: 'stability', model: 'sd3.5-flash' },
	],
};

const CREDITS: Record<string, number> = { 'stable-image-core': 3, 'sd3.5-flash': 2.5 };

export function generateMonth(seed: number, count: number, now: number): Month {
	const random = randomOf(seed);
	const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
	const arms = Object.fromEntries(
		Object.entries(STAGES).map(([stage, own]) => [
			stage,
			own.map((arm, index) => ({
				...arm,
				effect: -0.02 * Math.floor(random() * (index === 0 ? 2 : 5)),
				weight: index === 0 ? 3 : 0.4 + random(),
			})),
		]),
	) as Month['arms'];
	const base = 0.89;
	const videos = Array.from({ length: count }, (): MonthVideo => {
		const length = 0.5 + random() * 2;
		const used: MonthVideo['used'] = {};
		const use: MonthVideo['use'] = {};
		let score = base + 0.03 * normal();
		for (const [stage, own] of Object.entries(arms)) {
			// who chose another script writer often chose another voice: a plain mean would mistake one for the other
			const bold = stage === 'voice' && (used.script ?? 0) > 0 ? 3 : 1;
			const index = pick(own.map(({ weight }, place) => weight * (place === 0 ? 1 : bold)), random());
			used[stage as SwitchableStage] = index;
			use[stage as SwitchableStage] = { tokens: Math.round(900 * length), characters: Math.round(1100 * length), pictures: 1 };
			score += own[index]?.effect ?? 0;
		}
		const failed = random() < 0.02;
		return {
			at: now - random() * 29 * DAY_MS,
			use,
			used,
			score: failed ? null : Math.min(1, score),
			status: failed ? 'failed' : score < 0.7 ? 'flagged' : 'published',
			channel: `channel-${Math.floor(random() * 4)}`,
		};
	});
	return { base, arms, videos };
}

function pick(weights: readonly number[], at: number): number {
	let left = at * weights.reduce((sum, weight) => sum + weight, 0);
	for (const [index, weight] of weights.entries()) {
		left -= weight;
		if (left < 0) return index;
	}
	return weights.length - 1;
}

type Use = NonNullable<MonthVideo['use'][SwitchableStage]>;

export function unitsOf(capability: Capability, { provider, model }: Arm, use: Use): Record<string, number> {
	if (capability === 'speech') return { characters: use.characters };
	if (capability === 'language') return { input_tokens: use.tokens * 2, output_tokens: use.tokens };
	return provider === 'openai' ? { output_tokens: 1600 * use.pictures } : { credits: (CREDITS[model] ?? 1) * use.pictures };
}

/** Micro-dollars. */
export function costOf(stage: SwitchableStage, arm: Arm, use: Use): number {
	const capability = capabilityOfStage(stage);
	return priceOf({ ...arm, capability, units: unitsOf(capability, arm, use), basis: 'billed' }).cost.micro_usd;
}

/** The cheapest of all assignments whose true quality is over the floor; micro-dollars of the whole month. */
export function bestByBruteForce({ base, arms, videos }: Month): { micro: number; arms: Partial<Record<SwitchableStage, MonthArm>> } {
	const stages = Object.keys(arms) as SwitchableStage[];
	const costs = new Map(
		stages.flatMap((stage) =>
			(arms[stage] ?? []).map((arm) => [arm, videos.reduce((sum, { use }) => sum + costOf(stage, arm, use[stage]!), 0)] as const),
		),
	);
	let best = { micro: Infinity, arms: {} as Partial<Record<SwitchableStage, MonthArm>> };
	const all = stages.reduce<MonthArm[][]>((lists, stage) => lists.flatMap((list) => (arms[stage] ?? []).map((arm) => [...list, arm])), [[]]);
	for (const list of all) {
		const quality = list.reduce((sum, { effect }) => sum + effect, base);
		const micro = list.reduce((sum, arm) => sum + costs.get(arm)!, 0);
		if (quality >= FLOOR && micro < best.micro) {
			best = { micro, arms: Object.fromEntries(stages.map((stage, index) => [stage, list[index]])) };
		}
	}
	return best;
}

/** Writes the month as the factory would have. */
export async function recordMonth(store: Store, { arms, videos }: Month): Promise<void> {
	const [jobs, stages, costs]: [object[], object[], object[]] = [[], [], []];
	for (const [index, { at, use, used, score, status, channel }] of videos.entries()) {
		const id = `video-${index}`;
		const moment = Math.floor(at);
		jobs.push(jobRow(id, moment, status, channel));
		if (score !== null) stages.push(stageRow(id, 'quality', moment, { score, passed: status === 'published' }));
		for (const [stage, own] of Object.entries(arms) as Array<[SwitchableStage, MonthArm[]]>) {
			const { provider, model } = own[used[stage]!]!;
			costs.push(costRow(`${index}-${stage}`, id, moment, stage, { provider, model }, use[stage]!));
		}
	}
	await store.transaction(async (trx) => {
		for (const [table, rows] of [['jobs', jobs], ['stages', stages], ['costs', costs]] as const) {
			for (let from = 0; from < rows.length; from += 1000) {
				await trx.insertInto(table).values(rows.slice(from, from + 1000) as never).execute();
			}
		}
	});
}

export function jobRow(id: string, at: number, status: string, channel = ''): object {
	return {
		video_id: id,
		status,
		stage: status === 'failed' ? 'upload' : 'quality',
		request: JSON.stringify({ video_id: id, channel_id: channel, options: { privacy: 'private' } }),
		failure: null,
		holder: '',
		lease_until: 0,
		attempt: 1,
		created_at: at,
		updated_at: at,
	};
}

export function stageRow(id: string, stage: string, at: number, result: object): object {
	return { video_id: id, stage, input_hash: 'x', status: 'done', progress: 1, note: '', result: JSON.stringify(result), started_at: at, finished_at: at };
}

export function costRow(key: string, id: string, at: number, stage: SwitchableStage, arm: Arm, use: Use): object {
	const capability = capabilityOfStage(stage);
	return {
		id: key,
		video_id: id,
		stage,
		...arm,
		units: JSON.stringify(unitsOf(capability, arm, use)),
		micro_usd: costOf(stage, arm, use),
		basis: 'billed',
		at,
		state: 'settled',
		capability,
		day: dayOf(at),
		customer: '',
	};
}
