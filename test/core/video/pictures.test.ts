/** What scenes show, as pixels: sources of every kind upright, whole and in their colours; photos that move evenly; transitions; own media. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { composeVideo, type ComposeInput } from '../../../core/video/compose';
import { findFfmpeg, probe, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { sizeOf } from '../../../core/video/formats';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';
import { makeScript, makeSpeech } from '../../support/media';

/** The newest build makes the sources, every build composes them. */
let maker: FfmpegTools;
let folder: string;

const SIZE = { width: 320, height: 180 };

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-pictures-'));
	maker = await findFfmpeg();
});

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

async function compose(own: Partial<ComposeInput>, scenes = 1) {
	const narrations = Array.from({ length: scenes }, () => 'One two three');
	const speech = await makeSpeech(maker, folder, narrations, 0.4);
	const silent = speech.scenes.map((scene) => ({ ...scene, words: [] }));
	return await composeVideo({
		script: makeScript(narrations.map((narration) => ({ narration, query: 'nothing' }))),
		speech: { ...speech, scenes: silent },
		footage: undefined,
		...SIZE,
		fps: 30,
		preset: 'ultrafast',
		crf: 14,
		workDir: await mkdtemp(join(folder, 'work-')),
		tools: maker,
		...own,
	});
}

/** Frames of a video in grey or colour, shrunk to `width` by `height`. */
async function pixelsOf(path: string, width: number, height: number, format: 'gray' | 'rgb24' = 'rgb24'): Promise<Buffer[]> {
	const raw = join(folder, 'pixels.raw');
	await runFfmpeg(maker, ['-i', path, '-map', '0:v:0', '-vf', `scale=${width}:${height}:flags=area:in_color_matrix=bt709,format=${format}`, '-f', 'rawvideo', raw]);
	const all = await readFile(raw);
	const size = width * height * (format === 'gray' ? 1 : 3);
	return Array.from({ length: all.length / size }, (_one, index) => all.subarray(index * size, (index + 1) * size));
}

async function make(name: string, args: string[]): Promise<string> {
	const path = join(folder, name);
	await runFfmpeg(maker, [...args, path]);
	return path;
}

/** Red, green, blue and grey in the four corners. */
const corners = (width: number, height: number, rate = 30, seconds = 2) => {
	const [w, h] = [width / 2, height / 2];
	return [
		`color=0xC02020:size=${width}x${height}:rate=${rate}:duration=${seconds},format=gbrp`,
		`drawbox=x=${w}:y=0:w=${w}:h=${h}:color=0x20A030:t=fill`,
		`drawbox=x=0:y=${h}:w=${w}:h=${h}:color=0x2030C0:t=fill`,
		`drawbox=x=${w}:y=${h}:w=${w}:h=${h}:color=0x808080:t=fill`,
	].join(',');
};

const CORNERS = [[0xc0, 0x20, 0x20], [0x20, 0xa0, 0x30], [0x20, 0x30, 0xc0], [0x80, 0x80, 0x80]] as const;

/** The largest difference of a colour in any corner, of 255. */
function worstCorner(frame: Buffer | undefined): number {
	const at = (x: number, y: number) => [...(frame ?? Buffer.alloc(0)).subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)];
	const seen = [at(1, 1), at(6, 1), at(1, 6), at(6, 6)];
	return Math.max(...seen.flatMap((colour, corner) => colour.map((value, channel) => Math.abs(value - (CORNERS[corner]?.[channel] ?? 0)))));
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10'];

/** Names and how they are made; each shows the four corners upright when it is read rightly. */
const SOURCES: Record<string, (name: string) => Promise<string>> = {
	'BT.601 colours': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(320, 180), '-vf', 'scale=out_color_matrix=bt601:out_range=tv,format=yuv420p', ...H264, '-colorspace', 'smpte170m', '-color_primaries', 'smpte170m', '-color_trc', 'smpte170m']),
	'BT.601 colours that are not named': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(320, 180), '-vf', 'scale=out_color_matrix=bt601:out_range=tv,format=yuv420p', ...H264]),
	'HD colours that are not named': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(1280, 720), '-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', ...H264]),
	'full range': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(320, 180), '-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,scale=in_color_matrix=bt709:out_color_matrix=bt709:in_range=tv:out_range=pc,format=yuvj420p', ...H264, '-colorspace', 'bt709', '-color_range', 'pc']),
	'ten bits': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(320, 180), '-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p10le', ...H264, '-colorspace', 'bt709']),
	'a rotation': async (name) => {
		const turned = await make(`${name}-turned.mp4`, ['-f', 'lavfi', '-i', corners(320, 180), '-vf', 'transpose=clock,scale=out_color_matrix=bt601,format=yuv420p', ...H264]);
		return await make(`${name}.mp4`, ['-display_rotation:v:0', '90', '-i', turned, '-c', 'copy']);
	},
	'odd sides': async (name) =>
		await make(`${name}.mkv`, ['-f', 'lavfi', '-i', corners(642, 362), '-vf', 'crop=641:361:0:0:exact=1,scale=641:361:out_color_matrix=bt601:out_range=tv,format=yuv444p', ...H264]),
	'oblong pixels': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(240, 180), '-vf', 'scale=out_color_matrix=bt601,format=yuv420p,setsar=4/3', ...H264]),
	'a variable frame rate': async (name) =>
		await make(`${name}.mkv`, ['-f', 'lavfi', '-i', corners(320, 180, 60), '-vf', "select='lt(mod(n,20),3)+not(mod(n,7))',scale=out_color_matrix=bt601,format=yuv420p", '-vsync', 'vfr', ...H264]),
	'sound, and a length shorter than its scene': async (name) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', corners(320, 180, 25, 0.5), '-f', 'lavfi', '-i', 'sine=duration=0.7', '-vf', 'scale=out_color_matrix=bt601,format=yuv420p', ...H264, '-c:a', 'aac']),
};

describe.each(ffmpegBuilds())('a source with $name', ({ paths }) => {
	it.each(Object.keys(SOURCES))('of %s is shown upright, for its scene\'s length, in its own colours', async (kind) => {
		const path = await SOURCES[kind]?.(`source-${kind.replaceAll(/\W+/g, '-')}`);
		const { file } = await compose({ tools: await findFfmpeg(paths), ownMedia: [{ path: path ?? '' }] });
		const frames = await pixelsOf(file.path, 8, 8);
		expect(frames).toHaveLength(36);
		for (const frame of [frames[0], frames[18], frames[35]]) expect(worstCorner(frame)).toBeLessThanOrEqual(10);
		expect((await probe(maker, file.path)).video).toMatchObject({
			pixelFormat: 'yuv420p', colorSpace: 'bt709', colorPrimaries: 'bt709', colorTransfer: 'bt709', sampleAspect: 1, ...SIZE,
		});
	});

	it('that is brighter than a screen is mapped into what a screen shows', async () => {
		const path = await make('hdr.mkv', [
			// half of the code range: 93 candelas in PQ, nearly the white of a usual screen
			'-f', 'lavfi', '-i', 'color=0x808080:size=320x180:rate=30:duration=1', '-vf', 'format=yuv420p10le',
			...H264, '-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', 'smpte2084',
		]);
		const { file } = await compose({ tools: await findFfmpeg(paths), ownMedia: [{ path }] });
		const [frame] = await pixelsOf(file.path, 1, 1);
		// 128 when PQ is shown as if it were BT.709
		expect(frame?.[0]).toBeGreaterThan(145);
		expect(frame?.[0]).toBeLessThan(170);
	});

	it('that is a photo taken sideways stands upright', async () => {
		const path = await make('sideways.jpg', ['-f', 'lavfi', '-i', corners(640, 360), '-vf', 'transpose=cclock,scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p', '-frames:v', '1', '-q:v', '2']);
		const jpeg = await readFile(path);
		// APP1 with one entry: orientation 6, to be turned by 90 degrees with the clock
		const exif = Buffer.from('ffe10022457869660000' + '4d4d002a00000008' + '0001' + '011200030000000100060000' + '00000000', 'hex');
		await writeFile(path, Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
		const { file } = await compose({ tools: await findFfmpeg(paths), ownMedia: [{ path }] });
		expect(worstCorner((await pixelsOf(file.path, 8, 8))[0])).toBeLessThanOrEqual(12);
	});

	it('that is a photo moves, and evenly', async () => {
		// soft edges, whose place is known to a fraction of a pixel
		const path = await make('bars.png', ['-f', 'lavfi', '-i', "color=black:size=640x360,format=gray,geq=lum='255/(1+exp(-(X-220)/6))'", '-frames:v', '1']);
		const { file } = await compose({ tools: await findFfmpeg(paths), ownMedia: [{ path }] });
		const frames = await pixelsOf(file.path, 320, 1, 'gray');
		const places = frames.map((frame) => frame.reduce((sum, value) => sum + (255 - value) / 255, 0));
		const steps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
		const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
		expect(Math.abs(mean)).toBeGreaterThan(0.05);
		// a motion by whole pixels would have steps of 0 and 1
		for (const step of steps) expect(Math.abs(step - mean)).toBeLessThan(0.25);
	});
});

describe.each(ffmpegBuilds())('a transition with $name', ({ paths }) => {
	const colour = async (name: string, hex: string) =>
		await make(`${name}.mp4`, ['-f', 'lavfi', '-i', `color=${hex}:size=320x180:rate=30:duration=3`, '-vf', 'scale=out_color_matrix=bt601,format=yuv420p', ...H264]);

	const brightness = async (transition: 'cut' | 'fade' | 'slide') => {
		const ownMedia = [{ path: await colour('black', '0x000000') }, { path: await colour('white', '0xFFFFFF') }];
		const result = await compose({ tools: await findFfmpeg(paths), ownMedia, transition }, 2);
		return { frames: await pixelsOf(result.file.path, 320, 1, 'gray'), result };
	};
	const mean = (frame: Buffer) => frame.reduce((sum, value) => sum + value, 0) / frame.length;

	it('by a cut changes the picture between two frames', async () => {
		const { frames } = await brightness('cut');
		expect(frames.map(mean).findIndex((value) => value > 128)).toBe(36);
		expect(frames.map(mean).filter((value) => value > 10 && value < 245)).toEqual([]);
	});

	it('by a fade takes 0.4 s of the second scene, rises evenly, and changes no length', async () => {
		const { frames, result } = await brightness('fade');
		expect(frames).toHaveLength(72);
		expect(result.duration_s).toBeCloseTo(2.4);
		const means = frames.map(mean);
		expect(means.slice(0, 36).every((value) => value < 8)).toBe(true);
		expect(means.slice(48).every((value) => value > 247)).toBe(true);
		for (let at = 37; at < 48; at++) expect((means[at] ?? 0) - (means[at - 1] ?? 0)).toBeGreaterThan(8);
	});

	it('by a slide uncovers the second scene from the right', async () => {
		const { frames } = await brightness('slide');
		expect(frames).toHaveLength(72);
		const middle = frames[42] ?? Buffer.alloc(0);
		expect(middle[20]).toBeLessThan(30);
		expect(middle[300]).toBeGreaterThan(220);
		const edges = frames.slice(36, 49).map((frame) => frame.filter((value) => value < 128).length);
		expect(edges).toEqual(edges.toSorted((a, b) => b - a));
		expect(edges.at(-1)).toBe(0);
	});
});

describe('formats', () => {
	it.each([
		['16:9', '1920x1080', 1920, 1080], ['9:16', '1920x1080', 1080, 1920], ['1:1', '1280x720', 720, 720],
		['4:5', '1920x1080', 1080, 1350], ['9:16', '3840x2160', 2160, 3840], ['4:5', '320x180', 180, 226],
	] as const)('%s at %s have %i by %i pixels', (format, resolution, width, height) => {
		expect(sizeOf(format, resolution)).toEqual({ width, height });
	});

	it.each(['9:16', '1:1', '4:5'] as const)('%s are rendered as they are named, at 60 frames a second', async (format) => {
		const { file } = await compose({ ...sizeOf(format, '320x180'), fps: 60 });
		expect((await probe(maker, file.path)).video).toMatchObject({ ...sizeOf(format, '320x180'), fps: 60, frames: 72 });
	});
});

describe('own media', () => {
	it('go to the scenes they name, the others to the scenes in order', async () => {
		const paths = await Promise.all(['0xFF0000', '0x0000FF'].map(async (hex, index) =>
			await make(`own-${index}.png`, ['-f', 'lavfi', '-i', `color=${hex}:size=320x180,format=rgb24,drawbox=w=10:h=10:color=white:t=fill`, '-frames:v', '1'])));
		const { file } = await compose({ ownMedia: [{ path: paths[0] ?? '', scene: '2' }, { path: paths[1] ?? '' }] }, 2);
		const frames = await pixelsOf(file.path, 1, 1);
		expect((frames[5]?.[2] ?? 0) - (frames[5]?.[0] ?? 0)).toBeGreaterThan(150);
		expect((frames[60]?.[0] ?? 0) - (frames[60]?.[2] ?? 0)).toBeGreaterThan(150);
	});

	it('are refused when they are none, and when their scene is not there', async () => {
		const path = join(folder, 'words.mp4');
		await writeFile(path, '#EXTM3U\nhttp://example.com/a.ts\n');
		await expect(compose({ ownMedia: [{ path }] })).rejects.toMatchObject({ errorClass: 'invalid-request', reason: 'own-media-unfit' });
		await expect(compose({ ownMedia: [{ path, scene: 'scene-9' }] })).rejects.toMatchObject({ reason: 'scene-unknown' });
	});

	it('leave painted pictures to the scenes without, and cards where painting fails', async () => {
		const path = await make('painted.png', ['-f', 'lavfi', '-i', 'testsrc2=size=640x360', '-frames:v', '1']);
		const asked: string[] = [];
		const { warnings, shown } = await compose(
			{
				ownMedia: [{ path, scene: '1' }],
				paint: (scene, { width, height }) => {
					asked.push(`${scene.id} ${width}x${height}`);
					return Promise.resolve(path);
				},
			},
			2,
		);
		expect(asked).toEqual(['scene-2 320x180']);
		expect(shown?.map(({ scene_id, shows, origin }) => `${scene_id} ${shows} ${origin}`)).toEqual(['scene-1 photo own', 'scene-2 photo painted']);
		expect(warnings).toEqual([]);
	});
});
