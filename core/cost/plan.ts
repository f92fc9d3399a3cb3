/** The cheapest assignment of providers to stages whose quality stays over the floor: exact, over all assignments. */
import type { SwitchableStage } from '../routing/stages';

/** A way to do a stage; `arm` undefined: as it is done now. */
export interface PlanOption {
	arm: string | undefined;
	/** Micro-dollars of the period. */
	micro: number;
}

export interface Plan {
	arms: Partial<Record<SwitchableStage, string>>;
	micro: number;
}

/**
 * @param holds whether an assignment may be made: its quality together, not only stage by stage
 * @returns undefined when none holds, not even doing all as now
 */
export function cheapestPlan(
	options: ReadonlyMap<SwitchableStage, readonly PlanOption[]>,
	holds: (arms: Plan['arms']) => boolean,
): Plan | undefined {
	const stages = [...options].map(([stage, own]) => [stage, [...own].sort((a, b) => a.micro - b.micro)] as const);
	// the least that the stages from each one on can cost
	const least = stages.map((_, index) => stages.slice(index).reduce((sum, [, own]) => sum + (own[0]?.micro ?? 0), 0));
	let best: Plan | undefined;
	const descend = (index: number, arms: Plan['arms'], micro: number): void => {
		if (best && micro + (least[index] ?? 0) >= best.micro) return;
		const stage = stages[index];
		if (!stage) {
			if (holds(arms)) best = { arms: { ...arms }, micro };
			return;
		}
		const [name, own] = stage;
		for (const { arm, micro: more } of own) {
			descend(index + 1, arm === undefined ? arms : { ...arms, [name]: arm }, micro + more);
		}
	};
	descend(0, {}, 0);
	return best;
}
