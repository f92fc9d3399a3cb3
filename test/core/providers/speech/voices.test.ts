import { describe, expect, it } from 'vitest';

import type { Voice } from '../../../../core/providers/speech/speech';
import { chooseVoice, defaultSettings } from '../../../../core/providers/speech/voices';

function voice(id: string, more: Partial<Voice> = {}): Voice {
	return { id, name: id, category: 'professional', labels: {}, languages: ['en'], description: '', ...more };
}

const clock = { now: () => Date.parse('2026-11-22') };

function chosen(voices: Voice[], style = 'calm', language = 'en') {
	return chooseVoice('elevenlabs', voices, { style, language }, clock);
}

describe('the chosen voice', () => {
	it('fits the style', () => {
		const voices = [
			voice('a', { labels: { descriptive: 'hyped', use_case: 'social_media' } }),
			voice('b', { labels: { descriptive: 'soft', use_case: 'narrative_story' } }),
			voice('c', { labels: { descriptive: 'confident' } }),
		];
		expect(chosen(voices, 'energetic').voice.id).toBe('a');
		expect(chosen(voices, 'calm').voice.id).toBe('b');
		expect(chosen(voices, 'professional').voice.id).toBe('c');
	});

	it('speaks the language before it fits the style', () => {
		const voices = [
			voice('en', { labels: { descriptive: 'calm' } }),
			voice('pt', { languages: ['pt-BR'] }),
			voice('unknown', { languages: [] }),
		];
		expect(chosen(voices, 'calm', 'pt').voice.id).toBe('pt');
		expect(chosen(voices.filter(({ id }) => id !== 'pt'), 'calm', 'pt').voice.id).toBe('unknown');
	});

	it('is told when none is made for the language', () => {
		expect(chosen([voice('a')], 'calm', 'fi').warnings).toEqual([expect.stringContaining('fi')]);
	});

	it('is the same each time, whatever order the account gives', () => {
		expect(chosen([voice('b'), voice('a')]).voice.id).toBe('a');
		expect(chosen([voice('a'), voice('b')]).voice.id).toBe('a');
	});

	it('is one of those to be removed only when nothing fits as well, and says so', () => {
		const premade = voice('a', { category: 'premade' });
		expect(chosen([premade, voice('b')]).voice.id).toBe('b');
		expect(chosen([premade]).warnings).toEqual([expect.stringContaining('2026-12-31')]);
	});

	it('can not be chosen from none', () => {
		expect(() => chosen([])).toThrow('no voice');
	});
});

it('has the owner’s settings unless told otherwise', () => {
	expect(defaultSettings).toEqual({ stability: 0.5, similarity: 0.75, style: 0.4, speakerBoost: true });
});
