/** What OpenAI's stand-in has answered and would bill. */
import type { ServiceContext } from '../service';

export interface BilledAnswer {
	id: string;
	model: string;
	input: number;
	/** With the tokens of reasoning. */
	output: number;
	reasoning: number;
}

export function bill(context: ServiceContext, entry: BilledAnswer): void {
	context.table<BilledAnswer>('answers').set(entry.id, entry);
}

/** Counts answers from 1, so that ids repeat in an equal run. */
export function nextNumber(context: ServiceContext): number {
	return context.table<BilledAnswer>('answers').size + 1;
}
