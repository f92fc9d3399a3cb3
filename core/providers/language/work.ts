/** Has a piece of work done by one provider, whole, and by the next one when that can't do it. */
import type { Cost, Tried } from '../../documents';
import type { CallContext } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import { route } from '../../routing/route';

import type { Asked } from './ask';
import type { LanguageProvider } from './language';
import { retirementWarnings } from './retirement';
import type { Turn } from './send';

export interface LanguageDeps {
	/** In the order in which they are asked. */
	candidates: ReadonlyArray<Candidate<LanguageProvider>>;
	calls: CallContext;
}

/** Who did the work, and what it took: in every document of this capability. */
export interface Origin {
	provider: string;
	/** As the provider names it. */
	model: string;
	tried: Tried[];
	warnings: string[];
	costs: Cost[];
}

/** @throws YtempireError as `route` does */
export async function doneByOne<T>(
	{ candidates, calls }: LanguageDeps,
	work: (turn: Turn) => Promise<Asked<T>>,
): Promise<{ value: T; origin: Origin }> {
	const { result, tried, costs, warnings } = await route(candidates, calls, async (candidate, call) => ({
		candidate,
		asked: await work({ candidate, call, calls }),
	}));
	const { candidate, asked } = result;
	const ending = await retirementWarnings(candidate, calls);
	return {
		value: asked.value,
		origin: {
			provider: candidate.provider.id,
			model: asked.answer.model,
			tried,
			warnings: [...new Set([...warnings, ...ending, ...asked.warnings])],
			costs,
		},
	};
}
