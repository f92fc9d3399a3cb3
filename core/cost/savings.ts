/** What could be saved: the cheapest plan over the quality floor, and other levers, each with what it rests on. */
import { usd } from '../money';
import type { Arm } from '../routing/configuration';
import { capabilityOfStage, SWITCHABLE_STAGES, type SwitchableStage } from '../routing/stages';
import type { Store } from '../store/store';

import { elsewhere, type Elsewhere } from './elsewhere';
import { leversOf } from './levers';
import { lastDays } from './period';
import { cheapestPlan, type Plan, type PlanOption } from './plan';
import { pricesInForce } from './price-table';
import type { Price } from './prices';
import { fitQuality, type Combination, type Prediction, type QualityModel } from './quality-seen';
import { normalCdf } from './statistics';
import { subsetsOf, type SwitchSet } from './together';
import { armKey, combinationsOf, useOf, type StageUse } from './use';

export interface SavingLimits {
	/** Days that are looked at, today counted. */
	days: number;
	/** Mean score under which nothing is proposed, 0 to 1. */
	qualityFloor: number;
	/** Videos with a score that a provider must have been seen in. */
	leastVideos: number;
	/** How much more of the videos may be flagged or fail, 0 to 1. */
	moreFailures: number;
}

export const SAVING_LIMITS: SavingLimits = { days: 30, qualityFloor: 0.8, leastVideos: 20, moreFailures: 0.05 };

export type Verdict = 'above the failures' | 'dearer' | 'in use' | 'never seen' | 'possible' | 'proposed' | 'resting' | 'too few videos' | 'under the floor';

export interface Alternative extends Arm {
	/** Of the same use in the same days. */
	cost_usd: number;
	saving_usd: number;
	price_basis: Elsewhere['basis'];
	/** Of videos when only this stage is switched; null when it was never measured. */
	quality: (Prediction & { videos: number }) | null;
	/** Share of its videos that were flagged or failed in such a stage; null when none was seen. */
	failures: number | null;
	verdict: Verdict;
}

export interface Saving {
	kind: 'cache' | 'draft-tier' | 'shorter-narration' | 'switch';
	stage: SwitchableStage;
	/** What to do, in a sentence. */
	what: string;
	/** Of the days that were looked at. */
	saving_usd: number;
	/** In 30 days of the same use. */
	monthly_usd: number;
	/** 0 to 1: how sure it is that quality stays over the floor; null where no score can tell. */
	confidence: number | null;
	risk: 'high' | 'low' | 'medium';
	evidence: string[];
	/** For `switch`: whom from (who took most of the money) and whom to. */
	from?: Arm;
	to?: Arm;
	/** For `switch`: quality and failures stay within the limits also when no other switch is made. */
	alone?: boolean;
}

export interface Savings {
	from: string;
	to: string;
	days: number;
	quality_floor: number;
	/** Mean score of the videos that were measured; null without one. */
	quality_now: number | null;
	/** Of the stages that can be switched. */
	cost_usd: number;
	/** The same with every switch that is proposed. */
	planned_usd: number;
	/** With all of them together; null without a score. */
	planned_quality: Prediction | null;
	/** The largest first. */
	savings: Saving[];
	/** Sets of the switches that may be made without the others. */
	together: SwitchSet[];
	stages: Array<{ stage: SwitchableStage; cost_usd: number; alternatives: Alternative[] }>;
}

export async function identifySavings(
	store: Store,
	limits: SavingLimits = SAVING_LIMITS,
	prices: readonly Price[] = pricesInForce(),
): Promise<Savings> {
	const now = store.clock.now();
	const period = lastDays(limits.days, now);
	const [uses, combinations, resting] = [
		await useOf(store, period),
		await combinationsOf(store, period),
		await restingArms(store, now),
	];
	const model = fitQuality(combinations);
	const failing = fitQuality(combinations.map(({ arms, videos, bad }) => ({ arms, videos, bad, n: videos, sum: bad, squares: bad })));
	const stages = SWITCHABLE_STAGES.filter((stage) => uses.some((use) => use.stage === stage)).map((stage) => {
		const own = uses.filter((use) => use.stage === stage);
		const micro = own.reduce((sum, use) => sum + use.micro_usd, 0);
		const alternatives = elsewhere(capabilityOfStage(stage), own, now, prices)
			.map((other) => alternativeOf(other, { stage, own, micro, combinations, model, failing, limits, resting }))
			.sort((a, b) => b.saving_usd - a.saving_usd);
		return { stage, micro, own, alternatives };
	});
	const floor = limits.qualityFloor;
	const holds = (arms: Plan['arms']) =>
		Object.keys(arms).length === 0 ||
		((model.predict(arms)?.lower_bound ?? 0) >= floor && !failsMore(failing, arms, limits.moreFailures));
	const plan = cheapestPlan(
		new Map(stages.map(({ stage, micro, alternatives }) => [stage, optionsOf(micro, alternatives)])),
		holds,
	);
	const planned = plan?.arms ?? {};
	const predicted = model.predict(planned) ?? null;
	const switches = stages.flatMap(({ stage, own, alternatives, micro }) => {
		const chosen = alternatives.find((one) => armKey(one) === planned[stage]);
		if (!chosen || !predicted) return [];
		const saving = switchSaving(stage, own, { chosen, micro, together: predicted, limits, isAlone: chosen.verdict === 'possible' });
		chosen.verdict = 'proposed';
		return [saving];
	});
	const together = subsetsOf(switches.map(({ stage }) => stage)).flatMap((set) => {
		const arms = Object.fromEntries(set.map((stage) => [stage, planned[stage]]));
		const prediction = model.predict(arms);
		return prediction && holds(arms) ? [{ stages: set, confidence: certaintyOf(prediction, floor) }] : [];
	});
	const cost = stages.reduce((sum, { micro }) => sum + micro, 0);
	const levers = await leversOf(store, { period, uses, model, limits, prices });
	const measured = combinations.reduce((sum, { n }) => sum + n, 0);
	return {
		...{ from: period.from, to: period.to, days: period.days },
		quality_floor: floor,
		quality_now: measured === 0 ? null : combinations.reduce((sum, one) => sum + one.sum, 0) / measured,
		cost_usd: usd(cost),
		planned_usd: usd(plan?.micro ?? cost),
		planned_quality: predicted,
		savings: [...switches, ...levers].sort((a, b) => b.saving_usd - a.saving_usd),
		together,
		stages: stages.map(({ stage, micro, alternatives }) => ({ stage, cost_usd: usd(micro), alternatives })),
	};
}

/** A dearer one may let another stage save more than it takes; others may make up for one under the floor. */
const PLANNED: readonly Verdict[] = ['above the failures', 'dearer', 'possible', 'under the floor'];

/** Whether, as far as 95 % certainty goes, more videos would be flagged or fail. */
function failsMore(failing: QualityModel, arms: Plan['arms'], more: number): boolean {
	const [then, now] = [failing.predict(arms), failing.predict({})];
	return !then || !now || 2 * then.mean - then.lower_bound > now.mean + more;
}

/** What can be planned: as now, or who was seen often enough. */
function optionsOf(micro: number, alternatives: readonly Alternative[]): PlanOption[] {
	return [
		{ arm: undefined, micro },
		...alternatives
			.filter(({ verdict }) => PLANNED.includes(verdict))
			.map((one) => ({ arm: armKey(one), micro: micro - one.saving_usd * 1_000_000 })),
	];
}

interface About {
	stage: SwitchableStage;
	own: readonly StageUse[];
	micro: number;
	combinations: readonly Combination[];
	model: QualityModel;
	failing: QualityModel;
	limits: SavingLimits;
	resting: ReadonlySet<string>;
}

function alternativeOf(other: Elsewhere, { stage, own, micro, combinations, model, failing, limits, resting }: About): Alternative {
	const key = armKey(other);
	const used = combinations.filter(({ arms }) => arms[stage] === key);
	const count = (what: 'bad' | 'n' | 'videos') => used.reduce((sum, one) => sum + one[what], 0);
	const prediction = model.predict({ [stage]: key });
	const verdict = (): Verdict => {
		if (own.length > 0 && own.every((use) => armKey(use) === key)) return 'in use';
		if (resting.has(`${stage} ${key}`)) return 'resting';
		if (count('videos') === 0 || !prediction) return 'never seen';
		if (count('n') < limits.leastVideos) return 'too few videos';
		if (failsMore(failing, { [stage]: key }, limits.moreFailures)) return 'above the failures';
		if (other.micro >= micro) return 'dearer';
		return prediction.lower_bound < limits.qualityFloor ? 'under the floor' : 'possible';
	};
	return {
		provider: other.provider,
		model: other.model,
		cost_usd: usd(other.micro),
		saving_usd: usd(micro - other.micro),
		price_basis: other.basis,
		quality: prediction ? { ...prediction, videos: count('n') } : null,
		failures: count('videos') === 0 ? null : count('bad') / count('videos'),
		verdict: verdict(),
	};
}

/** That the mean score stays over the floor. */
function certaintyOf({ mean, error }: Prediction, floor: number): number {
	return error === 0 ? 1 : normalCdf((mean - floor) / error);
}

interface Chosen {
	chosen: Alternative;
	micro: number;
	together: Prediction;
	limits: SavingLimits;
	isAlone: boolean;
}

function switchSaving(stage: SwitchableStage, own: readonly StageUse[], { chosen, micro, together, limits, isAlone }: Chosen): Saving {
	const [main] = [...own].sort((a, b) => b.micro_usd - a.micro_usd);
	const videos = chosen.quality?.videos ?? 0;
	const margin = together.lower_bound - limits.qualityFloor;
	const digits = (value: number) => value.toFixed(3);
	return {
		kind: 'switch',
		stage,
		what: `Let ${chosen.provider} ${chosen.model} do the stage ${stage}${chosen.saving_usd < 0 ? ', dearer, so that others can be switched' : ''}`,
		saving_usd: chosen.saving_usd,
		monthly_usd: (chosen.saving_usd / limits.days) * 30,
		confidence: certaintyOf(together, limits.qualityFloor),
		risk: margin >= 0.05 && videos >= 100 ? 'low' : videos < 50 ? 'high' : 'medium',
		evidence: [
			`The same use costs $${chosen.cost_usd.toFixed(2)} there in place of $${usd(micro).toFixed(2)}`,
			`${videos} videos that it worked on were measured`,
			`With every proposed switch the mean score is ${digits(together.mean)}, with 95 % certainty at least ${digits(together.lower_bound)}; the floor is ${limits.qualityFloor}`,
			...(chosen.failures === null ? [] : [`${(chosen.failures * 100).toFixed(1)} % of its videos were flagged or failed`]),
			...(chosen.price_basis === 'typical' ? ['It counts in other units: its cost is estimated by its typical use'] : []),
			...(stage === 'voice' ? ['The voice that viewers hear changes'] : []),
		],
		...(main ? { from: { provider: main.provider, model: main.model } } : {}),
		to: { provider: chosen.provider, model: chosen.model },
		alone: isAlone,
	};
}

async function restingArms(store: Store, now: number): Promise<Set<string>> {
	const rows = await store.db.selectFrom('configuration_rests').selectAll().where('rests_until', '>', now).execute();
	return new Set(rows.map((row) => `${row.stage} ${armKey(row)}`));
}
