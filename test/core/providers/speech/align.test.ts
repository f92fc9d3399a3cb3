/** Alignment by the sound alone, measured against the times that eSpeak itself gives. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { alignWords, endWithSound } from '../../../../core/providers/speech/align';
import { decodePart } from '../../../../core/providers/speech/join';
import { wordsOfCharacters } from '../../../../core/providers/speech/words';
import { findFfmpeg } from '../../../../core/video/ffmpeg';
import { Studio } from '../../../../sandbox/speech/studio';
import { temporaryFolder } from '../../../support/store';

const TEXTS: Record<string, { accent: string; text: string }> = {
	en: {
		accent: 'en-us',
		text:
			'Salt comes from the sea, and the sea has more of it than anyone will ever need. In 1856, a man called J. Smith ' +
			'measured it: 3.5 parts in a hundred. Why does it matter? Because salt keeps food, and food that keeps can travel. ' +
			'Caravans crossed the desert with it; kings taxed it, and wars were fought over it. Today it is so cheap that we throw ' +
			'it on the roads in winter. Still, without it no cell of your body could work for even a single minute. ' +
			'Think of that the next time you reach for the shaker, and be a little thankful to the old and bitter sea.',
	},
	de: {
		accent: 'de',
		text:
			'Das Meer ist tief, und niemand kennt seinen Grund. Vor vielen Jahren fuhren Schiffe hinaus, um ihn zu messen; ' +
			'sie kamen mit leeren Händen zurück. Heute wissen wir mehr. Doch noch immer gibt es Orte, an denen kein Mensch je war, ' +
			'und Tiere, die keiner gesehen hat. Was lebt dort unten? Vielleicht erfahren wir es bald.',
	},
	es: {
		accent: 'es',
		text:
			'El mar es profundo y frío. Nadie conoce todos sus secretos, aunque muchos lo han intentado. Cada año se descubren ' +
			'nuevas especies, y cada una cuenta una historia distinta. ¿Qué veremos mañana? Solo el tiempo lo dirá.',
	},
};

/** Absolute errors of the starts of all words, in ms, in ascending order. */
async function errorsOf(language: string): Promise<number[]> {
	const { accent = 'en-us', text = '' } = TEXTS[language] ?? {};
	const folder = await temporaryFolder();
	const voice = { id: 'a', accent, variant: 'f2', pitch: 50 };
	const output = ['-ar', '48000', '-c:a', 'libmp3lame', '-b:a', '192k', '-f', 'mp3'];
	const { audio, alignment } = await new Studio(folder).record({ text, voice, speed: 1, seed: 1, skipTags: false, format: 'mp3' }, output);
	const file = join(folder, 'part.mp3');
	await writeFile(file, audio);
	const { levels } = await decodePart(await findFfmpeg(), file, join(folder, 'part.pcm'));
	const truth = wordsOfCharacters(
		{
			characters: alignment.characters,
			starts: alignment.character_start_times_seconds,
			ends: alignment.character_end_times_seconds,
		},
		language,
	);
	const aligned = alignWords(text, levels, language);
	expect(aligned.map((word) => word.text)).toEqual(truth.map((word) => word.text));
	return aligned.map((word, index) => Math.abs(word.start_s - (truth[index]?.start_s ?? 0)) * 1000).sort((a, b) => a - b);
}

describe('words aligned to the sound', () => {
	it.each(Object.keys(TEXTS))('begin within 150 ms of where they are heard, by the median, in %s', async (language) => {
		const errors = await errorsOf(language);
		const median = errors[errors.length >> 1] ?? Infinity;
		const ninth = errors[Math.floor(errors.length * 0.9)] ?? Infinity;
		if (process.env.YTEMPIRE_MEASURE) process.stdout.write(`${language}: median ${median.toFixed(0)} ms, 90 % ${ninth.toFixed(0)} ms, most ${errors.at(-1)?.toFixed(0)} ms\n`);
		expect(median).toBeLessThan(150);
		expect(ninth).toBeLessThan(500);
	});

	const FRAME_S = 0.01;
	const levels = (...runs: Array<[seconds: number, level: number]>) => ({
		frameS: FRAME_S,
		rms: runs.flatMap(([seconds, level]) => Array<number>(Math.round(seconds / FRAME_S)).fill(level)),
	});

	it('stop at the point where the sound pauses, and begin again behind it', () => {
		const [one, , three] = alignWords('Aaaa bbbb. Cccc dddd.', levels([0.5, 0], [1, 0.3], [0.8, 0], [1, 0.3], [0.4, 0]), 'en');
		expect(one?.start_s).toBeCloseTo(0.5, 2);
		expect(three?.start_s).toBeCloseTo(2.3, 2);
	});

	it.each([
		['silence', levels([1, 0])],
		['nothing', levels()],
		['one long noise', levels([3, 0.2])],
		['many pauses', levels(...Array.from({ length: 60 }, (_, index): [number, number] => [0.15, index % 2 ? 0 : 0.3]))],
	])('of %s are in order and inside it', (_name, sound) => {
		const words = alignWords('One, two. Three! 四十 five 🌊.', sound, 'en');
		const length = sound.rms.length * FRAME_S;
		let before = 0;
		for (const { start_s, end_s } of words) {
			expect(start_s).toBeGreaterThanOrEqual(before - 1e-9);
			expect(end_s).toBeGreaterThanOrEqual(start_s);
			expect(end_s).toBeLessThanOrEqual(length + 1e-9);
			before = start_s;
		}
		expect(words.length).toBeGreaterThan(4);
	});

	it('have none for no text', () => {
		expect(alignWords('', levels([1, 0.2]), 'en')).toEqual([]);
	});
});

it('ends a word where its sound ends', () => {
	const sound = { frameS: 0.01, rms: [...Array<number>(50).fill(0.3), ...Array<number>(50).fill(0)] };
	expect(endWithSound([{ text: 'a', start_s: 0.1, end_s: 1 }], sound)).toEqual([{ text: 'a', start_s: 0.1, end_s: 0.5 }]);
});
