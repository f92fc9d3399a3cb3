/** An account's voices: asked for in its turn, and remembered for a week, so that a voice is known when its provider is down. */
import { freeCall } from '../../documents';
import { retry } from '../../retry';
import { contentHash } from '../../hash';
import { throughBreaker } from '../../routing/breaker';
import type { CallContext } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import { keepAnswer, keptAnswer } from '../../routing/kept';
import { waitForTurn } from '../../routing/rate-limit';
import { assertAwake } from '../../routing/rest';
import type { Store } from '../../store/store';

import type { SpeechProvider, Voice } from './speech';

const REMEMBERED_MS = 7 * 24 * 3_600_000;

interface Remembered {
	voices: Voice[];
	/** Milliseconds since 1970. */
	at: number;
}

/** @throws YtempireError of every class */
export async function askVoices(
	{ provider, account, perMinute }: Candidate<SpeechProvider>,
	{ store, signal, retry: options }: CallContext,
): Promise<Voice[]> {
	const voices = await retry(
		async () =>
			await throughBreaker(account, provider.id, async () => {
				await assertAwake(store, account, provider.id);
				await waitForTurn(store, account, perMinute, signal);
				return await provider.listVoices(signal);
			}),
		{ ...options, signal },
	);
	const value: Remembered = { voices, at: store.clock.now() };
	const answer = { value, cost: freeCall(provider.id, { requests: 1 }), warnings: [] };
	await store.transaction(async (trx) => {
		await keepAnswer(trx, idOf(account), answer, store.clock.now());
	});
	return voices;
}

/** Undefined when none were asked for within a week. */
export async function rememberedVoices(store: Store, account: string): Promise<Voice[] | undefined> {
	const kept = await keptAnswer<Remembered>(store, idOf(account));
	return kept && kept.value.at > store.clock.now() - REMEMBERED_MS ? kept.value.voices : undefined;
}

function idOf(account: string): string {
	return contentHash(['voices', account]);
}
