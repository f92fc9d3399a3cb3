/** From savings to the configuration: a switch begins on a share of the videos, grows while it is good, and is undone when it isn't. */
import {
	changed,
	configurationOf,
	sameArm,
	type Arm,
	type Authorship,
	type Changes,
	type Configuration,
	type StageConfiguration,
} from '../routing/configuration';
import { SWITCHABLE_STAGES, type SwitchableStage } from '../routing/stages';
import type { Store } from '../store/store';

import { JUDGE_LIMITS, judgeTrials, type JudgeLimits, type Judgement } from './judge';
import type { Saving } from './savings';
import { bestSet, type SwitchSet } from './together';

export interface SwitchLimits {
	/** Where a switch may be made. */
	stages: readonly SwitchableStage[];
	/** Of the videos: how many more may be switched at once, above 0 up to 1. */
	greatestShare: number;
	/** That quality stays over the floor, 0 to 1. */
	leastConfidence: number;
	/** Dollars in 30 days. */
	leastMonthlyUsd: number;
}

export const SWITCH_LIMITS: SwitchLimits = {
	stages: SWITCHABLE_STAGES,
	greatestShare: 0.2,
	leastConfidence: 0.95,
	leastMonthlyUsd: 0,
};

export interface Switch {
	stage: SwitchableStage;
	from: Arm | null;
	to: Arm;
	/** Of the videos that it begins on. */
	share: number;
	monthly_usd: number;
}

export interface Switching {
	/** False: a dry run, or nothing to switch. */
	applied: boolean;
	/** The version made; null when none was. */
	version: number | null;
	switches: Switch[];
	/** Proposed, and why it isn't switched. */
	left: Array<{ stage: SwitchableStage; to: Arm; why: string }>;
}

/**
 * Of the switches that may be made, those that save most and hold the quality floor without the others.
 * @param apply false: a dry run, nothing is written
 */
export async function switchProviders(
	store: Store,
	{ savings, together: sets }: { savings: readonly Saving[]; together?: readonly SwitchSet[] },
	limits: SwitchLimits,
	{ apply, ...author }: Authorship & { apply: boolean },
): Promise<Switching> {
	// read and written in one transaction: two at once don't both begin a trial of one stage
	return await store.transaction(async (trx) => {
		const current = await configurationOf(trx);
		const [switches, left]: [Switch[], Switching['left']] = [[], []];
		const proposed = savings.filter((one): one is ArmSaving => one.kind === 'switch' && one.to !== undefined);
		const reasons = new Map(proposed.map((one) => [one.stage, whyNot(one, current, limits)]));
		const able = proposed.filter(({ stage }) => reasons.get(stage) === undefined);
		const begun = proposed.filter(({ stage, to }) => isBegun(current.stages[stage], to));
		const chosen = bestSet({ proposed, able, begun, sets, leastConfidence: limits.leastConfidence });
		for (const { stage, from, to, monthly_usd: monthly } of proposed) {
			if (chosen.some((one) => one.stage === stage)) switches.push({ stage, from: from ?? null, to, share: limits.greatestShare, monthly_usd: monthly });
			else left.push({ stage, to, why: reasons.get(stage) ?? unsure(limits) });
		}
		if (!apply || switches.length === 0) return { applied: false, version: null, switches, left };
		const changes: Changes = Object.fromEntries(
			switches.map(({ stage, to, share }) => [stage, { standard: current.stages[stage]?.standard, trial: { ...to, share } }]),
		);
		const { version } = await changed(trx, store.clock.now(), current, changes, { ...author, action: 'switch' });
		return { applied: true, version, switches, left };
	});
}

type ArmSaving = Saving & { to: Arm };

function isBegun({ standard, trial }: StageConfiguration = {}, to: Arm): boolean {
	return [standard, trial].some((arm) => arm !== undefined && sameArm(arm, to));
}

const unsure = ({ leastConfidence }: SwitchLimits) =>
	`Without the switches that are not made, or with those made before, it is not certain (${leastConfidence}) that quality stays over the floor`;

function whyNot(
	{ stage, to, saving_usd: amount, monthly_usd: monthly }: ArmSaving,
	{ stages }: Configuration,
	limits: SwitchLimits,
): string | undefined {
	const { standard, trial } = stages[stage] ?? {};
	if (!limits.stages.includes(stage)) return 'This stage may not be switched';
	if (trial) return `${trial.provider} ${trial.model} is on trial there`;
	if (standard && sameArm(standard, to)) return 'It does the stage already; earlier videos were made by others';
	if (amount <= 0) return 'It is dearer: a person has to decide';
	if (monthly < limits.leastMonthlyUsd) return `It saves $${monthly.toFixed(2)} a month, at least $${limits.leastMonthlyUsd.toFixed(2)} are wanted`;
	return undefined;
}

export interface Settled {
	/** In force afterwards. */
	configuration: Configuration;
	judgements: Judgement[];
	/** Stages whose switch, on trial or made standard, was undone now, and why. */
	rolled_back: Array<Arm & { stage: SwitchableStage; why: string }>;
	/** Stages whose switch was widened now; share 1: it is the standard. */
	widened: Array<Arm & { stage: SwitchableStage; share: number }>;
}

/** Milliseconds in which an undone switch isn't proposed again. */
const REST_MS = 30 * 24 * 3_600_000;

/**
 * Judges the switches on trial, undoes the bad ones, and widens the good ones when that is wanted.
 * What another run has changed meanwhile is left to it.
 * @param greatestShare how many more of the videos at once; 0: nothing is widened
 */
export async function settleTrials(
	store: Store,
	{ by, greatestShare, limits = JUDGE_LIMITS }: { by: string; greatestShare: number; limits?: JudgeLimits },
): Promise<Settled> {
	const judgements = await judgeTrials(store, limits);
	return await store.transaction(async (trx) => {
		const [now, started] = [store.clock.now(), await configurationOf(trx)];
		const standing = judgements.filter(({ kind, stage, since, share, ...arm }) => {
			const { standard, trial } = started.stages[stage] ?? {};
			if (kind === 'standard') return standard !== undefined && sameArm(standard, arm);
			return trial?.since === since && trial.share === share;
		});
		const bad = standing.filter(({ verdict }) => verdict === 'roll back');
		const good = greatestShare > 0 ? standing.filter(({ verdict }) => verdict === 'widen') : [];
		let configuration = started;
		if (bad.length > 0) {
			const changes: Changes = {};
			for (const { kind, stage, before } of bad) {
				const { standard, trial } = changes[stage] ?? started.stages[stage] ?? {};
				changes[stage] = kind === 'trial' ? { standard } : { standard: before, trial };
			}
			const reason = bad.map(({ stage, why }) => `${stage}: ${why}`).join('. ');
			configuration = await changed(trx, now, configuration, changes, { by, reason, action: 'automatic-roll-back' });
			for (const { stage, provider, model, why } of bad) {
				const row = { rests_until: now + REST_MS, reason: why };
				await trx
					.insertInto('configuration_rests')
					.values({ stage, provider, model, ...row })
					.onConflict((conflict) => conflict.columns(['stage', 'provider', 'model']).doUpdateSet(row))
					.execute();
			}
		}
		const widened = good.map(({ stage, provider, model, share, since }) => ({
			...{ stage, provider, model, since },
			// shares such as 0.1 + 0.2 are meant as they are written
			share: Math.min(1, Math.round((share + greatestShare) * 1e6) / 1e6),
		}));
		if (widened.length > 0) {
			const changes: Changes = Object.fromEntries(
				widened.map(({ stage, provider, model, share, since }) => [
					stage,
					share === 1
						? { standard: { provider, model } }
						: { standard: configuration.stages[stage]?.standard, trial: { provider, model, share, since } },
				]),
			);
			const reason = good.map(({ stage, why }) => `${stage}: ${why}`).join('. ');
			configuration = await changed(trx, now, configuration, changes, { by, reason, action: 'widen' });
		}
		return {
			configuration,
			judgements,
			rolled_back: bad.map(({ stage, provider, model, why }) => ({ stage, provider, model, why })),
			widened: widened.map(({ since: _, ...about }) => about),
		};
	});
}
