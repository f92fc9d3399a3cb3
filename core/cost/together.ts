/** Which of the proposed switches may be made when not all of them are: a set must hold the quality floor as a whole. */
import type { SwitchableStage } from '../routing/stages';

import type { Saving } from './savings';

/** A set of switches, by stage, with all other stages as now. */
export interface SwitchSet {
	stages: SwitchableStage[];
	/** 0 to 1: how sure it is that quality stays over the floor with these alone. */
	confidence: number;
}

/** Every set of them but the empty one; there are as many stages as can be switched, so a few dozens at most. */
export function subsetsOf<T>(all: readonly T[]): T[][] {
	return all.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]).filter((set) => set.length > 0);
}

export interface Offer {
	/** All that were proposed. */
	proposed: readonly Saving[];
	/** Of them, those that may be made, each for itself. */
	able: readonly Saving[];
	/** Of them, those that were begun before and stand. */
	begun: readonly Saving[];
	/** Those that hold the floor; left out where nobody has said it: then all together, or one that holds it alone. */
	sets?: readonly SwitchSet[];
	leastConfidence: number;
}

/** The set that saves most and holds together with what was begun before; without the latter. */
export function bestSet({ proposed, able, begun, sets = setsSaid(proposed), leastConfidence }: Offer): Saving[] {
	const saved = (set: readonly Saving[]) => set.reduce((sum, { saving_usd: usd }) => sum + usd, 0);
	const within = (stages: readonly SwitchableStage[], list: readonly Saving[]) => stages.every((stage) => list.some((one) => one.stage === stage));
	return sets
		.filter(({ confidence }) => confidence >= leastConfidence)
		.filter(({ stages }) => within(stages, [...able, ...begun]) && begun.every(({ stage }) => stages.includes(stage)))
		.map(({ stages }) => able.filter(({ stage }) => stages.includes(stage)))
		.reduce<Saving[]>((best, set) => (saved(set) > saved(best) ? set : best), []);
}

function setsSaid(proposed: readonly Saving[]): SwitchSet[] {
	const certain = Math.min(1, ...proposed.map(({ confidence }) => confidence ?? 0));
	return [
		{ stages: proposed.map(({ stage }) => stage), confidence: certain },
		...proposed.filter(({ alone }) => alone === true).map(({ stage, confidence }) => ({ stages: [stage], confidence: confidence ?? 0 })),
	];
}
