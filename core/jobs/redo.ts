/** Why a stage is run anew: each time that a video was sent to be made again from it. */
import type { Blame } from '../documents';
import type { Database } from '../store/schema';
import type { Kysely } from '../vendor/kysely';

/** The stage that makes what is to blame; the stages after it follow, since their input changes. */
export const STAGE_OF_PART = {
	script: 'script',
	voice: 'voice',
	footage: 'video',
	mix: 'video',
	render: 'video',
} as const satisfies Record<Blame, string>;

/** In the order of the work: what comes first is made again first. */
export const PARTS = Object.keys(STAGE_OF_PART) as Blame[];

export interface Redo {
	round: number;
	part: Blame;
	/** What was wrong, in words. */
	instruction: string;
	/** What the stage had produced before; null when it had produced nothing. */
	before: unknown;
}

/** The oldest first. */
export async function redosOf(db: Kysely<Database>, videoId: string, stage: string): Promise<Redo[]> {
	const rows = await db
		.selectFrom('regenerations')
		.select(['round', 'part', 'instruction', 'before'])
		.where('video_id', '=', videoId)
		.where('stage', '=', stage)
		.orderBy('round')
		.orderBy('part')
		.execute();
	return rows.map(({ round, part, instruction, before }) => ({
		round,
		part: part as Blame,
		instruction,
		before: before === null ? null : (JSON.parse(before) as unknown),
	}));
}

/** What the stage's result depends on. */
export function identityOf({ round, part, instruction }: Redo): Omit<Redo, 'before'> {
	return { round, part, instruction };
}

/** How often providers are to be asked anew: mixing and rendering ask nobody, so what was paid for them stands. */
export function paidTakes(redos: readonly Redo[]): number {
	return timesOf(redos, 'script') + timesOf(redos, 'voice') + timesOf(redos, 'footage');
}

export function timesOf(redos: readonly Redo[], part: Blame): number {
	return redos.filter((redo) => redo.part === part).length;
}
