/** Whether the model that writes is about to be switched off: by our dated table, and by the provider's own word. */
import { isYtempireError } from '../../errors';
import { retirementWarning } from '../models';

import type { LanguageProvider } from './language';
import { languageModel } from './models';

/** Milliseconds: a warning is not worth more. */
const PATIENCE_MS = 5_000;

/**
 * Asks the provider only when the table knows no date; not being told is no failure.
 * @throws YtempireError `cancelled`
 */
export async function retirementWarnings(
	provider: LanguageProvider,
	model: string,
	signal?: AbortSignal,
): Promise<string[]> {
	const known = { id: model, ...languageModel(provider.id, model) };
	const shutDown = known.shut_down ?? (await announced(provider, model, signal));
	const warning = retirementWarning({ ...known, shut_down: shutDown });
	return warning ? [warning] : [];
}

async function announced(provider: LanguageProvider, model: string, signal?: AbortSignal): Promise<string | undefined> {
	const patience = AbortSignal.timeout(PATIENCE_MS);
	try {
		return await provider.shutDownOf?.(model, signal ? AbortSignal.any([signal, patience]) : patience);
	} catch (error) {
		if (signal?.aborted || !isYtempireError(error)) throw error;
		return undefined;
	}
}
