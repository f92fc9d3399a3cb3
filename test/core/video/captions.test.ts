/** Words become cues that can be read, and text that can't break out of its line. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as fc from 'fast-check';

import type { Word } from '../../../core/documents';
import { assDocument, captionLook, type CaptionLook } from '../../../core/video/ass';
import { escapeAssText } from '../../../core/video/ass-text';
import { captionText } from '../../../core/video/caption-style';
import { asCaptionCue, captionCues, CAPTION_RULES, type CueStyle } from '../../../core/video/captions';
import { joinWords, readingLength } from '../../../core/video/font-text';
import { fontSet, type FontSet } from '../../../core/video/fonts';
import { breakLines, splitToWidth } from '../../../core/video/layout';
import { spoken } from '../../support/captions';

let look: CaptionLook;
let metrics: FontSet;
let style: CueStyle;

const lookFor = (text: string, language = 'en') =>
	captionLook({}, { width: 1920, height: 1080, text, language });

beforeAll(async () => {
	look = await lookFor('');
	metrics = look.fonts;
	style = captionText(look.style, look.layout);
});

const cuesOf = (words: Word[], untilS: number) => captionCues(words, untilS, style, metrics);

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
						const text = joinWords(line.map((word) => word.text));
						expect([...text].length === 1 || metrics.widthOf(text, style.fontSize) <= style.lineWidth).toBe(true);
					}
				});
				const squeeze = (texts: string[]) => texts.join('').replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu, '');
				expect(squeeze(cues.flatMap((cue) => cue.lines.flat()).map(({ text }) => text))).toBe(squeeze(list.map(({ text }) => text)));
			}),
			{ numRuns: 150 },
		);
	});
});

describe('reading speed', () => {
	it('is at most 20 characters a second in every cue where the speech is no faster', () => {
		// fast at first, with time after it
		const words = [...spoken('Extraordinary volcanoes.', 0.25), ...spoken('They sleep for thousands of years and then', 0.5, 0.6), ...spoken('wake up suddenly.', 0.4, 5)];
		for (const cue of cuesOf(words, 8)) {
			const { text, start_s, end_s } = asCaptionCue(cue);
			expect(readingLength(text) / (end_s - start_s)).toBeLessThanOrEqual(CAPTION_RULES.maxCharactersPerSecond + 0.01);
		}
	});

	it('counts a Chinese character as two', () => {
		expect(readingLength('火山 ab')).toBe(7);
	});
});

describe('scripts without spaces', () => {
	const japanese = '火山は「新しい大地」を地下から作り出し、ゆっくりと何層にも積み重ねていきます。';

	it('break between words, keep quotation marks with their words and show every character once', async () => {
		const fonts = await fontSet('bold', japanese, 'ja');
		const narrow: CueStyle = { fontSize: 60, lineWidth: 420, maxLines: 2 };
		const cues = captionCues([{ text: japanese, start_s: 0, end_s: 9 }], 10, narrow, fonts);
		const lines = cues.flatMap((cue) => asCaptionCue(cue).text.split('\n'));
		expect(lines.join('')).toBe(japanese);
		expect(lines.length).toBeGreaterThan(3);
		for (const line of lines) {
			expect(line).not.toMatch(/^[、。」っゃゅょー]|「$/);
			expect(fonts.widthOf(line, 60)).toBeLessThanOrEqual(420);
		}
		const words = cues.flatMap((cue) => cue.lines.flat());
		expect(words.every((word, index) => word.start_s >= (words[index - 1]?.end_s ?? 0) - 1e-9)).toBe(true);
	});

	it('are put together without spaces, beside others with one', async () => {
		const texts = async (words: string[]) => {
			const fonts = await fontSet('bold', words.join(' '));
			const timed = words.map((text, index) => ({ text, start_s: index, end_s: index + 0.9 }));
			return captionCues(timed, 9, { fontSize: 40, lineWidth: 4000, maxLines: 1 }, fonts).map((cue) => asCaptionCue(cue).text).join('|');
		};
		expect(await texts(['使用', 'AI', '技术'])).toBe('使用AI技术');
		expect(await texts(['ไทย', 'แลนด์', 'Travel'])).toBe('ไทยแลนด์ Travel');
		expect(await texts(['한국어', '화산'])).toBe('한국어 화산');
	});
});

describe('fonts', () => {
	it.each([
		['Greek, Cyrillic, Vietnamese', 'Ελλάδα Привет Tiếng Việt', 'el'],
		['Arabic and Hebrew', 'البراكين ؟ הרי געש', 'ar'],
		['Thai and Hindi', 'ภูเขาไฟ ज्वालामुखी', 'th'],
		['simplified Chinese', '火山从地下创造新的土地，“一层”又一层！', 'zh-CN'],
		['traditional Chinese', '火山從地下創造新的土地，「一層」又一層！', 'zh-TW'],
		['Japanese', '火山は新しい大地を作り出す。ヴェスヴィオ', 'ja'],
		['Korean', '화산은 새로운 땅을 만듭니다. 뷁', 'ko'],
		['emoji', '🎉🔥❤️👩‍🚀👍🏽🇫🇷 1️⃣ ★ → ✔', 'en'],
	])('of the package have every character of %s', async (_name, text, language) => {
		const fonts = await fontSet('bold', text, language);
		expect(fonts.missing).toEqual([]);
		const runs = fonts.runsOf(text);
		expect(runs.every(({ face, text: own }) => face && [...own].every((one) => /[\u200c\u200d]/.test(one) || face.metrics.has(one.codePointAt(0) ?? 0)))).toBe(true);
	});

	it('give Han characters the forms of the language', async () => {
		const family = async (language: string, text = '直') => (await fontSet('bold', text, language)).faces[1]?.family;
		expect(await Promise.all(['ja', 'zh', 'zh-TW', 'ko'].map((language) => family(language)))).toEqual(
			['Noto Sans JP', 'Noto Sans SC', 'Noto Sans TC', 'Noto Sans JP'],
		);
		expect(await family('', '直す')).toBe('Noto Sans JP');
	});

	it('tell which characters they lack', async () => {
		expect((await fontSet('bold', 'a\u{12000}b')).missing).toEqual(['\u{12000}']);
	});
});

describe('lines', () => {
	it('are as even as they go', () => {
		const words = 'Year after year, an island is born from the sea, layer upon layer'.split(' ');
		const ends = breakLines(words, style, metrics) ?? [];
		const widths = ends.map((end, line) => metrics.widthOf(words.slice(ends[line - 1] ?? 0, end).join(' '), 60));
		expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.2);
	});

	it('cut a word that is wider than the picture into pieces', () => {
		const pieces = splitToWidth('W'.repeat(80), style, metrics);
		expect(pieces.length).toBeGreaterThan(1);
		expect(pieces.join('')).toBe('W'.repeat(80));
	});
});

describe('the ASS document', () => {
	const documentOf = (text: string, words: Word[] = [], isCard = false) =>
		assDocument({ cues: cuesOf(words, 10), onScreenText: text, isCard, durationS: 10 }, look);
	const dialogues = (document: string) => document.split('\n').filter((line) => line.startsWith('Dialogue:'));

	it('lights each word up while it is spoken, without a gap between words', () => {
		const events = dialogues(documentOf('', spoken('Lava becomes stone')));
		expect(events.map((line) => line.split(',').slice(1, 3))).toEqual([
			['0:00:00.00', '0:00:00.40'],
			['0:00:00.40', '0:00:00.80'],
			['0:00:00.80', '0:00:02.20'].map((time, index) => (index === 1 ? expect.any(String) : time)),
		]);
		expect(events[1]).toContain('Lava {\\c&H33C5FF&}becomes{\\c&HFFFFFF&} stone');
	});

	it('lets no override tag, line break or new event in', () => {
		const hostile = '{\\an5\\fs300}x\\N\nDialogue: 0,0:00:00.00,9:59:59.99,Card,,0,0,0,,owned\r\u2028{\\p1}';
		const events = dialogues(documentOf(hostile, spoken('{\\b1}a \\N{x} z')));
		expect(events.every((line) => !line.includes('owned') || line.startsWith('Dialogue: 0,0:00:00.00,0:00:10.00,Label'))).toBe(true);
		const texts = events.map((line) => line.split(',,0,0,0,,')[1] ?? '');
		const foreign = texts.flatMap((text) => text.match(/\{[^}]*\}/g) ?? []).filter((tag) => !/^\{\\(?:c&H[0-9A-F]{6}&|an\d\\pos\(\d+,\d+\)(?:\\fad\(250,250\))?|fn[\w ]+\\fs[\d.]+)\}$/.test(tag));
		expect(foreign).toEqual([]);
	});

	it.each([
		['an override', '{\\pos(0,0)}hidden', '(/pos(0,0))hidden'],
		['a line break of the format', 'one\\Ntwo\\nthree', 'one/Ntwo/nthree'],
		['a hard space of the format', 'a\\hb', 'a/hb'],
		['what filters split at', `'a':b,c;d[e]=%{eif}"f"`, `'a':b,c;d[e]=%(eif)"f"`],
		['lines of other systems', 'a\r\nb\u2028c\u0085d', 'a b cd'],
		['control characters and unpaired surrogates', 'a\u0000\u001b\ud800b\udc00c', 'abc'],
	])('shows %s as plain text', (_name, text, shown) => {
		expect(escapeAssText(text)).toBe(shown);
		const own = (document: string) => dialogues(document).map((line) => line.split(',,0,0,0,,')[1]?.replaceAll(/\{[^}]*\}/g, '').replaceAll('\\N', ' '));
		expect(own(documentOf('', [{ text, start_s: 0, end_s: 2 }]))).toEqual([shown]);
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
