/** What was used in a period: units by stage, provider and model, and which providers worked on which videos. */
import { isSwitchable, SWITCHABLE_STAGES, capabilityOfStage, type SwitchableStage } from '../routing/stages';
import type { Arm } from '../routing/configuration';
import type { Store } from '../store/store';

import { jsonSqlOf } from './json-sql';
import type { Period } from './period';
import type { Combination } from './quality-seen';

/** Units that prices are made of. */
export const UNITS = ['input_tokens', 'cached_input_tokens', 'output_tokens', 'image_input_tokens', 'characters', 'credits', 'images'] as const;

export interface StageUse extends Arm {
	stage: SwitchableStage;
	calls: number;
	videos: number;
	micro_usd: number;
	/** All calls together; units that weren't used are left out. */
	units: Record<string, number>;
	/** Of the call with the fewest; language models only. */
	least_input_tokens: number;
}

export function armKey({ provider, model }: Arm): string {
	return `${provider} ${model}`;
}

/** The stage's name without the scene that an image is for. */
async function groupedStage() {
	const { sql } = await import('../vendor/kysely');
	return sql<SwitchableStage>`case when stage like 'image %' then 'image' else stage end`;
}

/** Settled calls of the stages that can be switched. */
export async function useOf(store: Store, { from, to }: Period): Promise<StageUse[]> {
	const json = await jsonSqlOf(store);
	const stage = await groupedStage();
	const rows = await store.db
		.with('paid', (db) =>
			db
				.selectFrom('costs')
				.select((eb) => [
					stage.as('stage'),
					eb.ref('provider').as('provider'),
					eb.ref('model').as('model'),
					eb.ref('capability').as('capability'),
					eb.ref('video_id').as('video_id'),
					eb.ref('micro_usd').as('micro_usd'),
					...UNITS.map((unit) => json.number('units', unit).as(unit)),
				])
				.where('day', '>=', from)
				.where('day', '<=', to)
				.where('state', '=', 'settled')
				.where('micro_usd', '>', 0),
		)
		.selectFrom('paid')
		.select(({ fn, val, eb }) => [
			'stage',
			'provider',
			'model',
			'capability',
			fn.countAll<number>().as('calls'),
			fn.count<number>('video_id').distinct().as('videos'),
			fn.sum<number>('micro_usd').as('micro_usd'),
			fn.coalesce(fn.min(eb.ref('input_tokens')), val(0)).as('least_input_tokens'),
			...UNITS.map((unit) => fn.sum<number | null>(eb.ref(unit)).as(`all_${unit}`)),
		])
		.groupBy(['stage', 'provider', 'model', 'capability'])
		.execute();
	return rows
		.filter(({ stage: name, capability }) => isSwitchable(name) && capability === capabilityOfStage(name))
		.map((row) => ({
			stage: row.stage,
			provider: row.provider,
			model: row.model,
			calls: row.calls,
			videos: row.videos,
			micro_usd: row.micro_usd,
			least_input_tokens: row.least_input_tokens,
			units: Object.fromEntries(
				UNITS.map((unit) => [unit, Number((row as Record<string, unknown>)[`all_${unit}`] ?? 0)] as const).filter(
					([, count]) => count > 0,
				),
			),
		}));
}

/**
 * The videos asked for in the period that have ended, by who did their stages: of several that were paid for a
 * stage the last one, since a fallback comes after whom it replaces.
 */
export async function combinationsOf(store: Store, { begins, ends }: Period): Promise<Combination[]> {
	const json = await jsonSqlOf(store);
	const stage = await groupedStage();
	const { sql } = await import('../vendor/kysely');
	const rows = await store.db
		.with('ended', (db) =>
			db
				.selectFrom('jobs')
				.leftJoin('stages as quality', (join) =>
					join.onRef('quality.video_id', '=', 'jobs.video_id').on('quality.stage', '=', 'quality'),
				)
				.select((eb) => [
					'jobs.video_id',
					json.number('quality.result', 'score').as('score'),
					eb
						.case()
						.when(eb.or([
							eb('jobs.status', '=', 'flagged'),
							eb.and([eb('jobs.status', '=', 'failed'), eb('jobs.stage', 'in', [...SWITCHABLE_STAGES])]),
						]))
						.then(1)
						.else(0)
						.end()
						.as('bad'),
				])
				.where('jobs.created_at', '>=', begins)
				.where('jobs.created_at', '<', ends)
				.where('jobs.status', 'in', ['published', 'flagged', 'failed']),
		)
		.with('paid', (db) =>
			db
				.selectFrom('costs')
				.innerJoin('ended', 'ended.video_id', 'costs.video_id')
				.select([
					'costs.video_id',
					stage.as('stage'),
					sql<string>`provider || ' ' || model`.as('arm'),
					sql<number>`row_number() over (partition by costs.video_id, ${stage} order by costs.at desc, costs.id)`.as('place'),
				])
				.where('costs.state', '=', 'settled')
				.where('costs.capability', '<>', '')
				.where('costs.micro_usd', '>', 0)
				.where((eb) => eb.or([eb('costs.stage', 'in', [...SWITCHABLE_STAGES]), eb('costs.stage', 'like', 'image %')])),
		)
		.with('made', (db) =>
			db
				.selectFrom('paid')
				.select(({ fn, eb }) => [
					'video_id',
					...SWITCHABLE_STAGES.map((name) =>
						fn.max(eb.case().when('stage', '=', name).then(eb.ref('arm')).end()).as(name),
					),
				])
				.where('place', '=', 1)
				.groupBy('video_id'),
		)
		.selectFrom('made')
		.innerJoin('ended', 'ended.video_id', 'made.video_id')
		.select(({ fn }) => [
			...SWITCHABLE_STAGES,
			fn.countAll<number>().as('videos'),
			fn.sum<number>('bad').as('bad'),
			fn.count<number>('score').as('n'),
			fn.coalesce(fn.sum<number>('score'), sql.lit(0)).as('sum'),
			sql<number>`coalesce(sum(score * score), 0)`.as('squares'),
		])
		.groupBy([...SWITCHABLE_STAGES])
		.execute();
	return rows.map(({ videos, bad, n, sum, squares, ...arms }) => ({
		arms: Object.fromEntries(Object.entries(arms).filter(([, arm]) => arm !== null)),
		videos,
		bad,
		n,
		sum,
		squares,
	}));
}
