/** Whether the model that answered is about to be switched off: by our dated table, and by the provider's own word. */
import { isYtempireError } from '../../errors';
import type { CallContext } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import { waitForTurn } from '../../routing/rate-limit';
import { retirementWarning } from '../models';

import type { LanguageProvider } from './language';
import { languageModel } from './models';

/** Milliseconds: a warning is not worth more. */
const PATIENCE_MS = 5_000;

const DAY_MS = 24 * 3_600_000;

/** What providers said, by account and model; also that they said nothing. */
const heard = new Map<string, { at: number; shutDown?: string }>();

/**
 * Asks the provider only when the table knows no date, and at most once a day; not being told is no failure.
 * @throws YtempireError `cancelled`
 */
export async function retirementWarnings(candidate: Candidate<LanguageProvider>, calls: CallContext): Promise<string[]> {
	const { provider, model } = candidate;
	const known = { id: model, ...languageModel(provider.id, model) };
	const shutDown = known.shut_down ?? (await announced(candidate, calls));
	const warning = retirementWarning({ ...known, shut_down: shutDown }, calls.store.clock);
	return warning ? [warning] : [];
}

async function announced(
	{ provider, model, account, perMinute }: Candidate<LanguageProvider>,
	{ store, signal }: CallContext,
): Promise<string | undefined> {
	if (!provider.shutDownOf) return undefined;
	const key = `${account} ${model}`;
	const now = store.clock.now();
	const before = heard.get(key);
	if (before && now - before.at < DAY_MS) return before.shutDown;
	// at once, so that items side by side don't all ask
	heard.set(key, { at: now });
	const patience = AbortSignal.timeout(PATIENCE_MS);
	try {
		await waitForTurn(store, account, perMinute, signal, { longestWaitMs: PATIENCE_MS });
		const shutDown = await provider.shutDownOf(model, signal ? AbortSignal.any([signal, patience]) : patience);
		heard.set(key, { at: now, shutDown });
		return shutDown;
	} catch (error) {
		if (signal?.aborted || !isYtempireError(error)) {
			heard.delete(key);
			throw error;
		}
		return undefined;
	}
}
