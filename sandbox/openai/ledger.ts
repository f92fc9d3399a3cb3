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

/** Answers by id, shown at `/state/openai`; their number makes the ids, so that these repeat in an equal run. */
export function answersOf(context: ServiceContext): Map<string, BilledAnswer> {
	return context.table<BilledAnswer>('answers');
}
