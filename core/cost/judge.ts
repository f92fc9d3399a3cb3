/**
 * How a switch on trial stands: the videos that a hash gave to it against those that it left with the standard,
 * pinned while it ran, by quality, failures and what the stage cost.
 *
 * Judged are videos that have ended. With 95 % certainty (one-sided) it is worse when
 * - the mean score is lower, and by more than `qualityDrop`; or
 * - more of its videos were flagged, sent back to this stage, failed in it or had to be done by another provider, by more than `moreFailures`; or
 * - the stage costs more.
 * A standard that came into force in the last 30 days, by hand or by a trial that was good, is watched in the same way
 * against the videos that were pinned before it: by quality and failures, not by cost, since a dearer one may be meant.
 * One that is not worse, with enough videos on both sides, may be widened. Who looks often will once in a while
 * see a good one as worse: that costs a saving, never quality.
 */
import { usd } from '../money';
import { configurationHistory, configurationOf, sameArm, type Arm, type Trial } from '../routing/configuration';
import { SWITCHABLE_STAGES, type SwitchableStage } from '../routing/stages';
import type { Store } from '../store/store';
import type { RawBuilder } from '../vendor/kysely';

import { jsonSqlOf } from './json-sql';
import { meanOf, varianceOf, wilson, Z_95, type Moments } from './statistics';

export interface JudgeLimits {
	/** Of the mean score, 0 to 1: a greater drop is undone. */
	qualityDrop: number;
	/** Share of videos, 0 to 1. */
	moreFailures: number;
	/** Videos on each side before a switch is widened, or undone for its cost. */
	leastVideos: number;
	/** Videos on each side before it is undone for its quality or failures. */
	leastToUndo: number;
}

export const JUDGE_LIMITS: JudgeLimits = { qualityDrop: 0.03, moreFailures: 0.1, leastVideos: 20, leastToUndo: 8 };

export interface Side {
	/** That have ended. */
	videos: number;
	/** Mean score; null without one. */
	quality: number | null;
	/** Flagged, sent back to this stage, failed in it, or done by another provider. */
	bad: number;
	/** The stage, by video; null without one. */
	cost_usd: number | null;
}

export interface Judgement extends Arm {
	/** `trial`: a share of the videos against the others; `standard`: all videos against those before. */
	kind: 'standard' | 'trial';
	stage: SwitchableStage;
	share: number;
	/** Version in which it began. */
	since: number;
	trial: Side;
	standard: Side;
	/** Who comes back when a standard is undone; left out: the node's own choice. */
	before?: Arm;
	verdict: 'roll back' | 'wait' | 'widen';
	why: string;
}

interface Row {
	videos: number;
	bad: number;
	quality: Moments;
	cost: Moments;
}

export async function judgeTrials(store: Store, limits: JudgeLimits = JUDGE_LIMITS): Promise<Judgement[]> {
	const { stages } = await configurationOf(store.db);
	const judgements: Judgement[] = [];
	for (const stage of SWITCHABLE_STAGES) {
		const { standard, trial } = stages[stage] ?? {};
		if (trial) {
			const sides = await sidesOf(store, stage, trial.provider, await trialMembers(stage, trial));
			const { provider, model, share, since } = trial;
			judgements.push({ kind: 'trial', stage, provider, model, share, since, ...told(sides), ...verdictOf(sides, limits) });
		}
		const came = standard && (await standardSince(store, stage, standard));
		if (standard && came) {
			const sides = await sidesOf(store, stage, standard.provider, await standardMembers(stage, came));
			// without videos before it, nothing says what is usual
			const isKnown = sides.standard.videos >= limits.leastToUndo;
			const { verdict, why } = isKnown ? verdictOf(withoutCost(sides), limits) : { verdict: 'wait', why: '' };
			const { since, before } = came;
			judgements.push({
				...{ kind: 'standard', stage, ...standard, share: 1, since, ...told(sides), before },
				...(verdict === 'roll back' ? { verdict, why } : { verdict: 'wait', why: 'It is watched for 30 days' }),
			});
		}
	}
	return judgements;
}

function told({ trial, standard }: Sides): Pick<Judgement, 'standard' | 'trial'> {
	return { trial: asSide(trial), standard: asSide(standard) };
}

function withoutCost({ trial, standard }: Sides): Sides {
	const { cost } = nothing();
	return { trial: { ...trial, cost }, standard: { ...standard, cost } };
}

/** Milliseconds that a new standard is watched, and that those before it are looked at. */
const WATCH_MS = 30 * 24 * 3_600_000;

/** Versions that are looked through for the beginning of a standard. */
const LOOK_BACK = 200;

interface Came {
	since: number;
	/** Milliseconds since 1970. */
	at: number;
	before: Arm | undefined;
}

/** When the standard came into force; undefined when that is long ago, or it came back by a roll back. */
async function standardSince(store: Store, stage: SwitchableStage, standard: Arm): Promise<Came | undefined> {
	const versions = await configurationHistory(store.db, LOOK_BACK);
	const other = versions.findIndex(({ stages }) => !sameAs(stages[stage]?.standard, standard));
	const first = other < 0 ? versions.at(-1) : versions[other - 1];
	if (!first || (other < 0 && first.version !== 1) || /roll-back$/.test(first.action)) return undefined;
	const at = Date.parse(first.made_at);
	if (at < store.clock.now() - WATCH_MS) return undefined;
	return { since: first.version, at, before: versions[other]?.stages[stage]?.standard };
}

function sameAs(one: Arm | undefined, other: Arm): boolean {
	return one !== undefined && sameArm(one, other);
}

/** Videos and their side, as SQL. */
type Members = RawBuilder<{ video_id: string; arm: string }>;

async function trialMembers(stage: SwitchableStage, { since }: Trial): Promise<Members> {
	const { sql } = await import('../vendor/kysely');
	return sql`(select video_id, arm from configuration_trials where stage = ${stage} and since = ${since})`;
}

/** Videos that took part in a trial of the stage are on neither side, nor are those whose request named another one for it. */
async function standardMembers(stage: SwitchableStage, { since, at }: Came): Promise<Members> {
	const { sql } = await import('../vendor/kysely');
	return sql`(select pins.video_id, case when pins.version >= ${since} then 'trial' else 'standard' end as arm
		from configuration_pins as pins
		where pins.pinned_at >= ${at - WATCH_MS} and not exists (
			select 1 from configuration_trials as trials
			where trials.video_id = pins.video_id and trials.stage = ${stage} and trials.arm = 'trial'
		) and (pins.version < ${since} or exists (
			select 1 from configuration_trials as followers
			where followers.video_id = pins.video_id and followers.stage = ${stage}
		)))`;
}

type Sides = Record<'standard' | 'trial', Row>;

function asSide({ videos, bad, quality, cost }: Row): Side {
	return {
		videos,
		quality: quality.n === 0 ? null : meanOf(quality),
		bad,
		cost_usd: cost.n === 0 ? null : usd(meanOf(cost)),
	};
}

function verdictOf({ trial, standard }: Sides, limits: JudgeLimits): Pick<Judgement, 'verdict' | 'why'> {
	const undo = (why: string) => ({ verdict: 'roll back' as const, why });
	const { leastToUndo, leastVideos, qualityDrop, moreFailures } = limits;
	const usual = standard.videos === 0 ? 0 : standard.bad / standard.videos;
	if (Math.min(trial.videos, standard.videos) >= leastToUndo && wilson(trial.bad, trial.videos, 'lower') > usual + moreFailures) {
		return undo(`${trial.bad} of ${trial.videos} videos were flagged, failed or had to be done by another provider; otherwise ${standard.bad} of ${standard.videos}`);
	}
	const drop = difference(standard.quality, trial.quality);
	const isMeasured = Math.min(trial.quality.n, standard.quality.n) >= leastToUndo;
	if (isMeasured && drop.mean > qualityDrop && drop.lower > 0) {
		return undo(`The mean score is ${meanOf(trial.quality).toFixed(3)} in ${trial.quality.n} videos, otherwise ${meanOf(standard.quality).toFixed(3)}: ${qualityDrop} less is the limit`);
	}
	const dearer = difference(trial.cost, standard.cost);
	const isCounted = Math.min(trial.cost.n, standard.cost.n) >= leastVideos;
	if (isCounted && dearer.lower > 0) {
		return undo(`The stage costs $${usd(meanOf(trial.cost)).toFixed(4)} by video, otherwise $${usd(meanOf(standard.cost)).toFixed(4)}`);
	}
	const wait = (why: string) => ({ verdict: 'wait' as const, why });
	const measured = Math.min(trial.quality.n, standard.quality.n);
	if (measured < leastVideos || !isCounted) return wait(`${measured} of ${leastVideos} videos on each side have ended and were measured`);
	if (drop.upper > qualityDrop) return wait(`The score may have dropped by ${drop.upper.toFixed(3)}, which more videos will show`);
	if (dearer.mean >= 0) return wait('It has saved nothing yet');
	return { verdict: 'widen', why: `The score has dropped by ${drop.upper.toFixed(3)} at most, and the stage costs ${(100 * -dearer.mean / meanOf(standard.cost)).toFixed(0)} % less` };
}

/** Of two means, with its bounds, each one-sided 95 %. */
function difference(one: Moments, other: Moments): { mean: number; lower: number; upper: number } {
	const mean = meanOf(one) - meanOf(other);
	const error = Math.sqrt(varianceOf(one) / Math.max(1, one.n) + varianceOf(other) / Math.max(1, other.n));
	return { mean, lower: mean - Z_95 * error, upper: mean + Z_95 * error };
}

const nothing = (): Row => ({ videos: 0, bad: 0, quality: { n: 0, sum: 0, squares: 0 }, cost: { n: 0, sum: 0, squares: 0 } });

async function sidesOf(store: Store, stage: SwitchableStage, provider: string, members: Members): Promise<Sides> {
	const json = await jsonSqlOf(store);
	const { sql } = await import('../vendor/kysely');
	const rows = await store.db
		.with('member', () => members)
		.with('spent', (db) =>
			db
				.selectFrom('member')
				.innerJoin('costs', 'costs.video_id', 'member.video_id')
				.select(({ fn, eb }) => [
					'member.video_id',
					fn.sum<number>('costs.micro_usd').as('micro'),
					fn.max(eb.case().when(eb.and([eb('costs.provider', '=', provider), eb('costs.state', '=', 'settled')])).then(1).else(0).end()).as('its'),
				])
				.where((eb) => eb.or([eb('costs.stage', '=', stage), ...(stage === 'image' ? [eb('costs.stage', 'like', 'image %')] : [])]))
				.groupBy('member.video_id'),
		)
		.with('ended', (db) =>
			db
				.selectFrom('member')
				.innerJoin('jobs', 'jobs.video_id', 'member.video_id')
				.leftJoin('stages as quality', (join) =>
					join.onRef('quality.video_id', '=', 'jobs.video_id').on('quality.stage', '=', 'quality'),
				)
				.leftJoin('spent', 'spent.video_id', 'member.video_id')
				.select((eb) => [
					'member.arm',
					json.number('quality.result', 'score').as('score'),
					sql<number | null>`cast(spent.micro as double precision)`.as('micro'),
					eb
						.case()
						.when(
							eb.or([
								eb('jobs.status', '=', 'flagged'),
								eb.and([
									eb('jobs.status', '=', 'failed'),
									eb.or([eb('jobs.stage', '=', stage), ...(stage === 'image' ? [eb('jobs.stage', 'like', 'image %')] : [])]),
								]),
								eb.and([eb('member.arm', '=', 'trial'), eb('spent.its', '=', 0)]),
								eb.exists(
									eb
										.selectFrom('regenerations')
										.select('regenerations.round')
										.whereRef('regenerations.video_id', '=', 'member.video_id')
										.where('regenerations.stage', '=', stage),
								),
							]),
						)
						.then(1)
						.else(0)
						.end()
						.as('bad'),
				])
				.where('jobs.status', 'in', ['published', 'flagged', 'failed']),
		)
		.selectFrom('ended')
		.select(({ fn }) => [
			'arm',
			fn.countAll<number>().as('videos'),
			fn.sum<number>('bad').as('bad'),
			fn.count<number>('score').as('scores'),
			sql<number>`coalesce(sum(score), 0)`.as('score_sum'),
			sql<number>`coalesce(sum(score * score), 0)`.as('score_squares'),
			fn.count<number>('micro').as('costs'),
			sql<number>`coalesce(sum(micro), 0)`.as('cost_sum'),
			sql<number>`coalesce(sum(micro * micro), 0)`.as('cost_squares'),
		])
		.groupBy('arm')
		.execute();
	const of = (arm: keyof Sides): Row => {
		const row = rows.find((one) => one.arm === arm);
		if (!row) return nothing();
		return {
			videos: row.videos,
			bad: row.bad,
			quality: { n: row.scores, sum: row.score_sum, squares: row.score_squares },
			cost: { n: row.costs, sum: row.cost_sum, squares: row.cost_squares },
		};
	};
	return { trial: of('trial'), standard: of('standard') };
}
