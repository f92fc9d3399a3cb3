/** Words become cues that can be read, and text that can't break out of its line. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';

import type { Word } from '../../../core/documents';
import { assDocument, escapeAssText } from '../../../core/video/ass';
import { asCaptionCue, captionCues, CAPTION_RULES } from '../../../core/video/captions';
import type { FontMetrics } from '../../../core/video/font-metrics';
import { captionFont } from '../../../core/video/fonts';
import { breakLines, layoutFor, splitToWidth } from '../../../core/video/layout';

const layout = layoutFor(1920, 1080);
let metrics: FontMetrics;

beforeAll(async () => {
	({ metrics } = await captionFont());
});

/** @param wordS seconds from one word to the next */
function spoken(text: string, wordS = 0.4, startS = 0): Word[] {
	return text.split(' ').map((word, index) => ({
		text: word,
		start_s: startS + index * wordS,
		end_s: startS + index * wordS + wordS * 0.8,
	}));
}

const cuesOf = (words: Word[], untilS: number) => captionCues(words, untilS, layout.caption, metrics);

describe('cues', () => {
	it('begin with their first word and never outlast the scene', () => {
		const [cue] = cuesOf(spoken('Lava cools and becomes stone.', 0.4, 1.5), 3.5);
		expect(cue).toMatchObject({ start_s: 1.5, end_s: 3.5 });
	});

	it('end with the sentence and after a long pause', () => {
		const words = [...spoken('It rains. Rivers rise'), ...spoken('and then fall', 0.4, 3)];
		expect(cuesOf(words, 5).map((cue) => asCaptionCue(cue).text)).toEqual(['It rains.', 'Rivers rise', 'and then fall']);
	});

	it('stay long enough to be read where a pause permits', () => {
		const words = [...spoken('Extraordinarily unbelievable transformations', 0.3), ...spoken('followed', 0.3, 5)];
		const [cue] = cuesOf(words, 6);
		const characters = 'Extraordinarily unbelievable transformations'.length;
		expect((cue?.end_s ?? 0) - (cue?.start_s ?? 0)).toBeCloseTo(characters / CAPTION_RULES.maxCharactersPerSecond, 5);
	});

	it('join a sentence too short to be read with the next one', () => {
		const texts = cuesOf(spoken('Yes. No. They never agreed on that.', 0.2), 3).map((cue) => asCaptionCue(cue).text);
		expect(texts[0]).toMatch(/^Yes\. No\./);
	});

	it('break a long sentence after a comma rather than anywhere', () => {
		const text = 'When the pressure below the mountain grows too high for the rock above it, magma breaks out and flows down all of its slopes';
		const first = asCaptionCue(cuesOf(spoken(text), 30)[0] ?? { start_s: 0, end_s: 0, lines: [] });
		expect(first.text.replace('\n', ' ')).toMatch(/above it,$/);
	});

	it('keep every word, in order, in at most two lines that fit, for any speech', () => {
		const words = fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), fc.double({ min: 0, max: 3, noNaN: true })), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(words, (given) => {
				let at = 0;
				const list = given.map(([text, length]) => ({ text, start_s: at, end_s: (at += length) }));
				const cues = cuesOf(list, at);
				cues.forEach((cue, index) => {
					expect(cue.lines.length).toBeLessThanOrEqual(2);
					expect(cue.end_s).toBeLessThanOrEqual(Math.max(at, cue.start_s));
					expect(cue.start_s).toBeGreaterThanOrEqual(cues[index - 1]?.end_s ?? 0);
					for (const line of cue.lines) {
						const text = line.map((word) => word.text).join(' ');
						expect([...text].length === 1 || metrics.widthOf(text, layout.caption.fontSize) <= layout.caption.lineWidth).toBe(true);
					}
				});
				const squeeze = (texts: string[]) => texts.join('').replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu, '');
				expect(squeeze(cues.flatMap((cue) => cue.lines.flat()).map(({ text }) => text))).toBe(squeeze(list.map(({ text }) => text)));
			}),
			{ numRuns: 150 },
		);
	});
});

describe('lines', () => {
	it('are as even as they go', () => {
		const words = 'Year after year, an island is born from the sea, layer upon layer'.split(' ');
		const ends = breakLines(words, layout.caption, metrics) ?? [];
		const widths = ends.map((end, line) => metrics.widthOf(words.slice(ends[line - 1] ?? 0, end).join(' '), 60));
		expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.2);
	});

	it('cut a word that is wider than the picture into pieces', () => {
		const pieces = splitToWidth('W'.repeat(80), layout.caption, metrics);
		expect(pieces.length).toBeGreaterThan(1);
		expect(pieces.join('')).toBe('W'.repeat(80));
	});
});

describe('the ASS document', () => {
	const documentOf = (text: string, words: Word[] = [], isCard = false) =>
		assDocument({ cues: cuesOf(words, 10), onScreenText: text, isCard, durationS: 10 }, layout, 'Montserrat', metrics);
	const dialogues = (document: string) => document.split('\n').filter((line) => line.startsWith('Dialogue:'));

	it('lights each word up while it is spoken, without a gap between words', () => {
		const events = dialogues(documentOf('', spoken('Lava becomes stone')));
		expect(events.map((line) => line.split(',').slice(1, 3))).toEqual([
			['0:00:00.00', '0:00:00.40'],
			['0:00:00.40', '0:00:00.80'],
			['0:00:00.80', '0:00:02.20'].map((time, index) => (index === 1 ? expect.any(String) : time)),
		]);
		expect(events[1]).toContain('Lava {\\c&H33C5FF&}becomes{\\c&H00FFFFFF&} stone');
	});

	it('lets no override tag, line break or new event in', () => {
		const hostile = '{\\an5\\fs300}x\\N\nDialogue: 0,0:00:00.00,9:59:59.99,Card,,0,0,0,,owned\r\u2028{\\p1}';
		const events = dialogues(documentOf(hostile, spoken('{\\b1}a \\N{x} z')));
		expect(events.every((line) => !line.includes('owned') || line.startsWith('Dialogue: 0,0:00:00.00,0:00:10.00,Label'))).toBe(true);
		const texts = events.map((line) => line.split(',,0,0,0,,')[1] ?? '');
		const foreign = texts.flatMap((text) => text.match(/\{[^}]*\}/g) ?? []).filter((tag) => !/^\{\\(?:c&H|fad\()/.test(tag));
		expect(foreign).toEqual([]);
	});

	it('escapes any text so that neither a brace, a backslash nor a control character is left', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
				expect(escapeAssText(text)).not.toMatch(/[{}\\\u2028\u2029\u202e\p{Cc}]/u);
			}),
		);
	});

	it('shortens on-screen text that does not fit', () => {
		const [event] = dialogues(documentOf('words without end '.repeat(40)));
		expect(event?.split('\\N')).toHaveLength(2);
		expect(event).toMatch(/…$/);
	});
});
