/** Thumbnails of real files: the good moment is found, the title fits, and YouTube takes the size. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findFfmpeg, probe, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { fontSet } from '../../../core/video/fonts';
import { createThumbnails, MOST_BYTES, type ThumbnailInput } from '../../../core/video/thumbnail';
import { bestFrames, measured } from '../../../core/video/thumbnail-frames';
import { THUMBNAIL_LAYOUTS, titleDocument } from '../../../core/video/thumbnail-title';
import { readThumbnail } from '../../../core/youtube/thumbnail';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';

let folder: string;
let video: string;
let picture: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-thumbnail-'));
	const tools = await findFfmpeg();
	video = join(folder, 'video.mp4');
	picture = join(folder, 'picture.png');
	// a second of black, one blurred, two sharp ones that differ, one of flat grey
	await runFfmpeg(tools, [
		...['-f', 'lavfi', '-i', 'color=c=black:size=320x180:rate=10:duration=1'],
		...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=1'],
		...['-f', 'lavfi', '-i', 'mandelbrot=size=320x180:rate=10:start_scale=0.02'],
		...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=1'],
		...['-f', 'lavfi', '-i', 'color=c=gray:size=320x180:rate=10:duration=1'],
		...['-filter_complex', '[1]boxblur=12[b];[2]trim=duration=1,setpts=PTS-STARTPTS[c];[0][b][c][3][4]concat=n=5,format=yuv420p'],
		...['-c:v', 'libx264', '-preset', 'ultrafast', video],
	]);
	await runFfmpeg(tools, ['-f', 'lavfi', '-i', 'mandelbrot=size=1920x1080', '-frames:v', '1', '-update', '1', picture]);
}, 60_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

describe.each(ffmpegBuilds())('thumbnails with $name', ({ paths }) => {
	let tools: FfmpegTools;
	beforeAll(async () => {
		tools = await findFfmpeg(paths);
	});

	const inputFor = async (own: Partial<ThumbnailInput> = {}): Promise<ThumbnailInput> => ({
		source: { kind: 'video', path: video, captions: [] },
		title: '7 Volcanoes That Could Wake Up Tomorrow',
		language: 'en',
		format: '16:9',
		variants: 3,
		folder: await mkdtemp(join(folder, 'work-')),
		tools,
		...own,
	});

	it('are three JPEG files of different moments and layouts, under the size that YouTube takes', async () => {
		const input = await inputFor();
		const { thumbnails, warnings } = await createThumbnails(input);
		expect(warnings).toEqual([]);
		expect(thumbnails.map(({ layout }) => layout)).toEqual([...THUMBNAIL_LAYOUTS]);
		expect(new Set(thumbnails.map((one) => one.sha256)).size).toBe(3);
		for (const { path, bytes, sha256, at_s } of thumbnails) {
			expect(await readThumbnail(path)).toEqual({ path, mime: 'image/jpeg', sha256 });
			expect((await probe(tools, path)).video).toMatchObject({ width: 1280, height: 720 });
			expect(bytes).toBe((await stat(path)).size);
			expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
			// neither the black second, the blurred nor the grey one
			expect(at_s).toBeGreaterThanOrEqual(1.9);
			expect(at_s).toBeLessThan(4);
		}
		expect((await readdir(join(input.folder, 'thumbnails'))).filter((name) => !/^(?:fonts|thumbnail-.*\.jpg)$/.test(name))).toEqual([]);
	});

	it('stand upright for Shorts, also from a picture', async () => {
		const { thumbnails } = await createThumbnails(
			await inputFor({ source: { kind: 'picture', path: picture }, format: '9:16', title: '火山はなぜ噴火する？ {\\an5}\\N', variants: 2 }),
		);
		expect(thumbnails.map(({ at_s, score }) => [at_s, score])).toEqual([[null, null], [null, null]]);
		for (const { path } of thumbnails) expect((await probe(tools, path)).video).toMatchObject({ width: 1080, height: 1920 });
	});

	it('keep away from captions where the video has moments without them', async () => {
		const frames = await bestFrames({ tools, path: video, folder, captions: [{ start_s: 2, end_s: 2.9, text: 'x' }] }, 1);
		expect(frames[0]).toMatchObject({ hasCaption: false });
		expect(frames[0]?.atS).toBeGreaterThanOrEqual(3);
	});

	it('refuse what is no picture, and wishes that are none', async () => {
		await expect(createThumbnails(await inputFor({ source: { kind: 'picture', path: video } }))).rejects.toMatchObject({ reason: 'picture-unusable' });
		await expect(createThumbnails(await inputFor({ variants: 4 }))).rejects.toMatchObject({ issues: [{ field: 'variants' }] });
	});
});

describe('a moment', () => {
	const frame = (level: (x: number, y: number) => number) => {
		const rgb = Buffer.alloc(96 * 54 * 3);
		for (let at = 0; at < rgb.length; at += 3) rgb.fill(level((at / 3) % 96, Math.floor(at / 3 / 96)), at, at + 3);
		return measured(rgb, 96, 54, 0, false);
	};
	const spot = (cx: number, cy: number) => (x: number, y: number) =>
		Math.hypot(x - cx, y - cy) < 9 ? ((x + y) % 2) * 255 : 90;

	it('is worth more with its subject near the thirds than in a corner', () => {
		expect(frame(spot(64, 18)).score).toBeGreaterThan(frame(spot(88, 50)).score);
	});

	it('is blank when it is black, white or of one colour', () => {
		expect([0, 128, 255].map((level) => frame(() => level).isBlank)).toEqual([true, true, true]);
		expect(frame(spot(64, 18)).isBlank).toBe(false);
	});
});

describe('the title', () => {
	const fonts = () => fontSet('extra-bold', 'Aa…');

	it.each(THUMBNAIL_LAYOUTS)('is larger when it is shorter, in the layout %s', async (layout) => {
		const size = async (title: string) =>
			Number(/Style: Title,[^,]+,(\d+)/.exec(titleDocument(title, layout, { width: 1280, height: 720, fonts: await fonts() }).document)?.[1]);
		expect(await size('Lava')).toBeGreaterThan(await size('Lava flows that swallowed whole cities in a night'));
		expect(await size('Lava flows that swallowed whole cities in a night')).toBeGreaterThanOrEqual(43);
	});

	it('is shortened, never broken inside a word, when it fits at no size', async () => {
		const { document, shortened } = titleDocument('Unbelievable '.repeat(30), 'bottom', { width: 1280, height: 720, fonts: await fonts() });
		expect(shortened).toBe(true);
		expect(document).toContain('…');
	});

	it('lets no override in', async () => {
		const { document } = titleDocument('{\\pos(0,0)}a \\N b', 'bottom', { width: 1280, height: 720, fonts: await fonts() });
		expect(document).not.toContain('pos(0,0)}a');
		expect(document).toContain('(/pos(0,0))a');
	});
});
