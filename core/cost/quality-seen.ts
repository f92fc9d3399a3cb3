/**
 * The quality that each provider's work was seen to lead to, from the scores of the videos that it took part in.
 *
 * A video's score comes from all its stages at once. So it isn't enough to average over the videos of a provider:
 * what the other stages did would count for it, too. Scores are taken as a sum of one effect for each stage's
 * provider and model (least squares over all combinations that were seen). What was never seen apart, e.g. a
 * voice that only ever spoke one model's scripts, has a spread so wide that nothing can rest on it.
 */
import type { SwitchableStage } from '../routing/stages';

import { inverse, Z_95, type Moments } from './statistics';

/** Videos whose stages were done by the same providers: score moments of those that were measured. */
export interface Combination extends Moments {
	/** Provider and model by stage, see `armKey`; left out: nobody was paid for it. */
	arms: Partial<Record<SwitchableStage, string>>;
	/** Videos that have ended. */
	videos: number;
	/** Of these, flagged, or failed in a stage that can be switched. */
	bad: number;
}

export interface Prediction {
	/** 0 to 1 */
	mean: number;
	/** Standard deviation of that estimate. */
	error: number;
	/** One-sided 95 %. */
	lower_bound: number;
}

export interface QualityModel {
	/** Mean score when these stages are done by these, the others as they are done now; undefined when one was never measured. */
	predict(arms: Partial<Record<SwitchableStage, string>>): Prediction | undefined;
}

/** Keeps the equations solvable, and makes what can't be told apart as uncertain as it is. */
const RIDGE = 1e-6;

export function fitQuality(combinations: readonly Combination[]): QualityModel {
	const measured = combinations.filter(({ n }) => n > 0);
	const columns = columnsOf(measured);
	const size = columns.length + 1;
	const row = ({ arms }: Combination) => [1, ...columns.map(({ stage, arm }) => (arms[stage] === arm ? 1 : 0))];
	const normal = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j): number => (i === j ? RIDGE : 0)));
	const right = Array.from({ length: size }, () => 0);
	const shares = Array.from({ length: size }, () => 0);
	const total: Moments = { n: 0, sum: 0, squares: 0 };
	for (const combination of measured) {
		const { n, sum, squares } = combination;
		total.n += n;
		total.sum += sum;
		total.squares += squares;
		const x = row(combination);
		for (const [i, xi] of x.entries()) {
			if (xi === 0) continue;
			right[i] = (right[i] ?? 0) + sum;
			shares[i] = (shares[i] ?? 0) + n;
			const own = normal[i] ?? [];
			for (const [j, xj] of x.entries()) if (xj !== 0) own[j] = (own[j] ?? 0) + n;
		}
	}
	if (total.n === 0) return { predict: () => undefined };
	const spread = inverse(normal);
	const effects = spread.map((own) => dot(own, right));
	const residual = Math.max(0, total.squares - dot(effects, right));
	const variance = residual / Math.max(1, total.n - size);
	const now = shares.map((count) => count / total.n);
	const seen = new Set(measured.flatMap(({ arms }) => Object.entries(arms).map(([stage, arm]) => `${stage} ${arm}`)));
	return {
		predict(arms) {
			const contrast = [...now];
			for (const [stage, arm] of Object.entries(arms)) {
				if (!seen.has(`${stage} ${arm}`)) return undefined;
				for (const [index, column] of columns.entries()) {
					if (column.stage === stage) contrast[index + 1] = column.arm === arm ? 1 : 0;
				}
			}
			const mean = dot(contrast, effects);
			const error = Math.sqrt(Math.max(0, variance * dot(contrast, spread.map((own) => dot(own, contrast)))));
			return { mean, error, lower_bound: mean - Z_95 * error };
		},
	};
}

/** One for each stage's provider and model but the most frequent one, which the others are told apart from. */
function columnsOf(combinations: readonly Combination[]): Array<{ stage: SwitchableStage; arm: string | undefined }> {
	const counts = new Map<SwitchableStage, Map<string | undefined, number>>();
	const stages = new Set(combinations.flatMap(({ arms }) => Object.keys(arms) as SwitchableStage[]));
	for (const { arms, n } of combinations) {
		for (const stage of stages) {
			const own = counts.get(stage) ?? new Map<string | undefined, number>();
			own.set(arms[stage], (own.get(arms[stage]) ?? 0) + n);
			counts.set(stage, own);
		}
	}
	return [...counts].flatMap(([stage, own]) =>
		[...own]
			.sort(([, a], [, b]) => b - a)
			.slice(1)
			.map(([arm]) => ({ stage, arm })),
	);
}

function dot(one: readonly number[], other: readonly number[]): number {
	return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
