/** Captions as ffmpeg draws them: every style in every format inside the safe area, and no character without a picture. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CAPTION_POSITIONS, CAPTION_STYLES, captionStyle } from '../../../core/video/caption-style';
import { findFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import type { Area } from '../../../core/video/layout';
import { areaOf, captionPixels, writeCaptions, type Scenery } from '../../support/captions';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';

const FORMATS = [
	{ format: '16:9', width: 320, height: 180 },
	{ format: '9:16', width: 180, height: 320 },
	{ format: '1:1', width: 240, height: 240 },
	{ format: '4:5', width: 240, height: 300 },
];

const TEXT = 'Volcanoes build new land from below, layer upon layer, and extraordinarily patiently.';

const SPOKEN = '#00FF00';
const isSpoken = (red: number, green: number, blue: number) => green > 120 && red < 90 && blue < 90;
const isDrawn = (red: number, green: number, blue: number) => red + green + blue > 40;

let folder: string;
let count = 0;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-look-'));
});

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

const write = (scenery: Scenery) => writeCaptions(join(folder, String(count++)), scenery);

function expectInside(area: Area | undefined, safe: Area): void {
	expect(area).toBeDefined();
	expect(area?.left).toBeGreaterThanOrEqual(safe.left - 1);
	expect(area?.right).toBeLessThanOrEqual(safe.right + 1);
	expect(area?.top).toBeGreaterThanOrEqual(safe.top - 1);
	expect(area?.bottom).toBeLessThanOrEqual(safe.bottom + 1);
}

describe.each(ffmpegBuilds())('captions drawn by $name', ({ paths }) => {
	let tools: FfmpegTools;

	beforeAll(async () => {
		tools = await findFfmpeg(paths);
	});

	const cases = FORMATS.flatMap((format) => CAPTION_STYLES.map((style) => ({ ...format, style })));

	it.each(cases)('in style $style stay inside the safe area of $format, the spoken word too', async ({ style, width, height }) => {
		const written = await write({ text: TEXT, width, height, options: { style, spokenColour: SPOKEN, textColour: '#FF00FF' } });
		const cue = written.cues[0];
		const word = cue?.lines.flat()[0];
		const pixels = await captionPixels(tools, written, ((word?.start_s ?? 0) + (word?.end_s ?? 0)) / 2);
		const { safe } = written.look.layout;
		expectInside(areaOf(pixels, isDrawn), safe);
		const spoken = areaOf(pixels, isSpoken);
		expectInside(spoken, safe);
		// as wide as the word, within outlines and rounding
		const { fontSize } = { fontSize: Math.min(width, height) * captionStyle({ style }).size };
		const wanted = written.look.fonts.widthOf(word?.text ?? '', fontSize);
		if (style !== 'lower-third' && style !== 'karaoke') expect((spoken?.right ?? 0) - (spoken?.left ?? 0)).toBeGreaterThan(wanted * 0.8);
	});

	it.each(CAPTION_POSITIONS)('stand at the %s', async (position) => {
		const written = await write({ text: 'Lava cools.', width: 180, height: 320, options: { position } });
		const area = areaOf(await captionPixels(tools, written, 0.2), isDrawn);
		const { safe } = written.look.layout;
		expectInside(area, safe);
		const middle = ((area?.top ?? 0) + (area?.bottom ?? 0)) / 2;
		const share = (middle - safe.top) / (safe.bottom - safe.top);
		const [least, most] = { bottom: [0.8, 1], middle: [0.45, 0.55], top: [0, 0.2] }[position];
		expect(share).toBeGreaterThanOrEqual(least as number);
		expect(share).toBeLessThanOrEqual(most as number);
	});

	it('light Arabic and Hebrew words up from the right to the left', async () => {
		for (const text of ['الحمم تبرد وتصبح حجرا', 'הלבה מתקררת והופכת לאבן']) {
			const written = await write({ text, width: 320, height: 180, language: 'ar', options: { spokenColour: SPOKEN, textColour: '#FF00FF' } });
			const places: number[] = [];
			for (const word of written.cues[0]?.lines[0] ?? []) {
				const area = areaOf(await captionPixels(tools, written, word.start_s + 0.15), isSpoken);
				places.push(area?.left ?? -1);
			}
			expect(places.length).toBeGreaterThan(2);
			expect(places).toEqual([...places].sort((a, b) => b - a));
		}
	});

	it('draw no box in place of a character', async () => {
		// what a font lacks is its glyph 0: two different characters would look the same
		const pairs = ['🎉🔥', '火山', '화산', 'ไท', 'بت', 'שג', 'λΩ', 'かガ'];
		for (const pair of pairs) {
			const pictures: Buffer[] = [];
			for (const character of pair) {
				const written = await write({ text: character, width: 320, height: 180 });
				const pixels = await captionPixels(tools, written, 0.1);
				expect(areaOf(pixels, isDrawn)).toBeDefined();
				pictures.push(pixels.rgb);
			}
			expect(pictures[0]?.equals(pictures[1] as Buffer)).toBe(false);
		}
	});

	it('show hostile text as it is written', async () => {
		const written = await write({ text: '{\\pos(0,0)}x \\N \\h \'a\':b,c;d[e]%{f}" \u0000\ud800y', width: 320, height: 180, onScreenText: '{\\an5\\fs300}z' });
		const { safe } = written.look.layout;
		expectInside(areaOf(await captionPixels(tools, written, 0.5), isDrawn), safe);
	});
});
