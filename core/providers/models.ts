/** What the dated model tables of all capabilities have in common: when a model is switched off. */
import type { Clock } from '../clock';
import { systemClock } from '../clock';

export interface Retirement {
	id: string;
	/** ISO date of the last day or of the announced switch-off. */
	shut_down?: string;
	replacement?: string;
}

/** Says that a model is or will be switched off; undefined while nothing is announced. */
export function retirementWarning(model: Retirement, clock: Clock = systemClock): string | undefined {
	if (!model.shut_down) return undefined;
	const past = Date.parse(model.shut_down) <= clock.now();
	const use = model.replacement ? `; use ${model.replacement}` : '';
	return past
		? `${model.id} was switched off on ${model.shut_down}${use}`
		: `${model.id} will be switched off on ${model.shut_down}${use}`;
}
