/** Who speaks at each provider: at the first the voice that is named or fits best, at the others one as near to it as they have. */
import { throwIfCancelled } from '../../abort';
import type { CallContext } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';

import { askVoices, rememberedVoices } from './kept-voices';
import type { SpeechProvider, Voice } from './speech';
import { chooseVoice, genderOf, wishLike } from './voices';
import type { VoiceWish } from './voices';

type SpeechCandidate = Candidate<SpeechProvider>;

export interface CastVoice {
	voiceId: string;
	warnings: string[];
}

export class Casting {
	/** Of the first provider. */
	private voice: Voice | undefined;

	/** @param voiceId at the first provider; chosen by the wish when empty */
	constructor(
		private readonly candidates: readonly SpeechCandidate[],
		private readonly calls: CallContext,
		private readonly wish: Omit<VoiceWish, 'model'>,
		private readonly voiceId?: string,
	) {}

	/** @throws YtempireError when the provider has no voice, and what it throws when it is asked for its voices */
	async voiceAt(candidate: SpeechCandidate): Promise<CastVoice> {
		const { provider, model } = candidate;
		const isFirst = candidate === this.candidates[0];
		if (isFirst && this.voiceId) {
			await this.remember(candidate);
			return { voiceId: this.voiceId, warnings: [] };
		}
		const like = isFirst ? undefined : await this.firstVoice();
		const wish = wishLike(like, { ...this.wish, model });
		const choice = chooseVoice(provider.id, await this.voicesOf(candidate), wish, this.calls.store.clock);
		if (isFirst) this.voice = choice.voice;
		const unknown = !isFirst && this.voiceId && !wish.gender;
		return {
			voiceId: choice.voice.id,
			warnings: [
				...choice.warnings,
				...(unknown ? [`Whether the voice ${this.voiceId} is female or male isn't known: ${choice.voice.name} speaks in its place`] : []),
			],
		};
	}

	/** Its list may be down while it speaks, or while all that is to be spoken is kept: the remembered one does then. */
	private async voicesOf(candidate: SpeechCandidate): Promise<Voice[]> {
		try {
			return await askVoices(candidate, this.calls);
		} catch (error) {
			throwIfCancelled(this.calls.signal);
			const remembered = await rememberedVoices(this.calls.store, candidate.account);
			if (!remembered) throw error;
			return remembered;
		}
	}

	/** The named voice may be needed when its provider is down: its list is asked for while it is up. */
	private async remember(first: SpeechCandidate): Promise<void> {
		const { store, signal } = this.calls;
		if (this.candidates.length < 2 || (await rememberedVoices(store, first.account))) return;
		try {
			await askVoices(first, { ...this.calls, retry: { attempts: 1 } });
		} catch {
			// whether it can speak is seen when it speaks
			throwIfCancelled(signal);
		}
	}

	/** The voice that would speak at the first provider; undefined when nothing is known of it. */
	private async firstVoice(): Promise<Voice | undefined> {
		const first = this.candidates[0];
		if (this.voice || !first) return this.voice;
		const { store } = this.calls;
		const voices = (await rememberedVoices(store, first.account)) ?? [];
		if (this.voiceId) return voices.find(({ id }) => id === this.voiceId);
		if (voices.length === 0) return undefined;
		const { voice } = chooseVoice(first.provider.id, voices, { ...this.wish, model: first.model }, store.clock);
		return genderOf(voice) ? voice : undefined;
	}
}
