/** Every fault is found with its place, no clean video is accused, and lines are drawn where the table says. */
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { FootageSource, QualityGate, ShownPicture, SpeechResult } from '../../../core/documents';
import { checkVideo, verdictOf } from '../../../core/quality/check';
import type { Expected } from '../../../core/quality/gate';
import { GATES, HARD_CAP } from '../../../core/quality/table';
import { findFfmpeg, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';

const SECONDS = 8;

/** A sine of 997 Hz on two channels is as loud as its peak (EBU Tech 3341); ffmpeg's has -18.06 dBFS, and 3.01 dB less on each of two. */
const toneAt = (lufs: number) => `volume=${lufs + 21.07}dB`;

interface Recipe {
	size?: string;
	fps?: number;
	/** Filters on the pictures. */
	video?: string;
	/** Filters on a tone; `null` for no sound at all. */
	audio?: string | null;
	output?: string[];
	extension?: string;
	/** In place of the test picture: a graph of ffmpeg's sources. */
	source?: string;
}

let folder: string;
let maker: FfmpegTools;
let made = 0;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-quality-'));
	maker = await findFfmpeg();
}, 60_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

async function make(recipe: Recipe = {}): Promise<string> {
	const path = join(folder, `${made++}.${recipe.extension ?? 'mp4'}`);
	await runFfmpeg(maker, [
		'-f', 'lavfi', '-i', recipe.source ?? `testsrc2=size=${recipe.size ?? '320x180'}:rate=${recipe.fps ?? 30}:duration=${SECONDS}`,
		'-f', 'lavfi', '-i', `sine=frequency=997:sample_rate=48000:duration=${SECONDS}`,
		'-filter:v', recipe.video ?? 'null',
		...(recipe.audio === null ? ['-an'] : ['-filter:a', `aformat=channel_layouts=stereo,${recipe.audio ?? toneAt(-14)}`]),
		'-c:v', 'libx264', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '192k',
		...(recipe.output ?? []), path,
	]);
	return path;
}

/** A clip, another, and so many seconds of the first one again. */
const shownAgain = (seconds: number) =>
	`${CLIP(4)}[a];mandelbrot=s=320x180:r=30,trim=duration=${4 - seconds}[b];${CLIP(seconds)}[c];[a][b][c]concat=n=3`;

/** Footage that moves everywhere. */
const CLIP = (seconds: number) => `testsrc2=s=320x180:r=30:d=${seconds},rotate=a=t`;

const expected: Expected = { durationS: SECONDS, width: 320, height: 180, fps: 30 };

const narration = {
	duration_s: SECONDS,
	scenes: [
		{ scene_id: 'scene-1', start_s: 0, end_s: 4, words: words(0, 4) },
		{ scene_id: 'scene-2', start_s: 4, end_s: SECONDS, words: words(4, SECONDS) },
	],
} as SpeechResult;

function words(from: number, to: number) {
	return Array.from({ length: Math.round((to - from) * 2) }, (_word, index) => ({
		text: `word${from * 2 + index}`,
		start_s: from + index / 2,
		end_s: from + index / 2 + 0.45,
	}));
}

const captions = Array.from({ length: 4 }, (_cue, index) => ({
	start_s: index * 2,
	end_s: index * 2 + 2,
	text: `word${index * 4} word${index * 4 + 1}\nword${index * 4 + 2} word${index * 4 + 3}`,
}));

/** Cues of two seconds with so many letters each, and a second between them. */
function spelled(count: number, letter = 'a') {
	return [0, 3].map((start_s) => ({ start_s, end_s: start_s + 2, text: letter.repeat(count) }));
}

const source = (scene_id: string, id: string, width = 1920, height = 1080): FootageSource => ({
	scene_id, id, width, height, provider: 'local', page_url: '', author: '', author_url: '', license: '',
});

const gateOf = (gates: QualityGate[], name: keyof typeof GATES) => gates.find((gate) => gate.name === name);

describe.each(ffmpegBuilds())('measured with $name', ({ paths }) => {
	let tools: FfmpegTools;
	beforeAll(async () => {
		tools = await findFfmpeg(paths);
	}, 60_000);

	const check = async (recipe: Recipe | string, own: Partial<Expected> = {}) =>
		await checkVideo({
			path: typeof recipe === 'string' ? recipe : await make(recipe),
			expected: { ...expected, ...own },
			tools,
		});

	it.each([
		['16:9', {}, {}],
		['9:16 at 60 frames', { size: '180x320', fps: 60 }, { width: 180, height: 320, fps: 60 }],
		['4:5 at 25 frames', { size: '180x224', fps: 25 }, { width: 180, height: 224, fps: 25 }],
		['1:1 at 24 frames', { size: '180x180', fps: 24 }, { width: 180, height: 180, fps: 24 }],
	])('a clean video of %s is not accused', async (_format, recipe, own) => {
		const everything = { ...own, narration, captions, sources: [source('scene-1', 'a'), source('scene-2', 'b')] };
		const { score, passed, reasons, blame, gates } = await check(recipe, everything);
		expect({ score, passed, reasons, blame }).toEqual({ score: 1, passed: true, reasons: [], blame: [] });
		expect(gates.map(({ name }) => name).sort()).toEqual(Object.keys(GATES).sort());
	});

	it.each<[string, Recipe, keyof typeof GATES, Array<[number, number]>]>([
		['a black run', { video: "drawbox=t=fill:color=black:enable='between(t,2,5)'" }, 'black', [[2, 5]]],
		['a frozen end', { video: 'trim=end=2,tpad=stop_mode=clone:stop_duration=6' }, 'freeze', [[2, 8]]],
		['a silent run', { audio: `${toneAt(-14)},volume=0:enable='between(t,2,7)'` }, 'silence', [[2, 7]]],
		['no sound at all', { audio: null }, 'sound', []],
		['a silent track', { audio: 'volume=0' }, 'sound', []],
		['sound at -30 LUFS', { audio: toneAt(-30) }, 'loudness', []],
		['clipped sound', { audio: `${toneAt(-14)},volume=volume='if(between(t,2,4),30,1)':eval=frame,aformat=sample_fmts=s16` }, 'clipping', [[2, 4]]],
		['peaks over the limit', { audio: `${toneAt(-14)},volume=volume='if(between(t,5,6),5.8,1)':eval=frame` }, 'true_peak', [[5, 6]]],
		['sound cut off', { audio: `${toneAt(-14)},atrim=end=5` }, 'av_length', [[5, 8]]],
		['the wrong size', { size: '320x240' }, 'resolution', []],
		['15 frames a second', { fps: 15 }, 'frame_rate', []],
		['a clip that is shown again', { source: `${CLIP(3)}[a];mandelbrot=s=320x180:r=30,trim=duration=2[b];${CLIP(3)}[c];[a][b][c]concat=n=3` }, 'repeated_clips', [[5, 8]]],
		['pixels that few players know', { output: ['-pix_fmt', 'yuv444p'] }, 'container', []],
		['another container', { extension: 'mkv' }, 'container', []],
		['a turned picture', { output: ['-aspect', '4:3'] }, 'container', []],
	])('%s is found in its place', async (_fault, recipe, name, places) => {
		const { gates, reasons, blame } = await check(recipe);
		const gate = gateOf(gates, name);
		expect(gate).toMatchObject({ verdict: 'fail', blame: GATES[name].blame });
		expect(reasons.some((reason) => reason.startsWith(`Failed: ${name.replaceAll('_', ' ')} is`))).toBe(true);
		expect(blame).toContain(GATES[name].blame);
		expect(gate?.at).toHaveLength(places.length);
		places.forEach(([start, end], index) => {
			expect(gate?.at[index]?.start_s).toBeCloseTo(start, 0);
			expect(gate?.at[index]?.end_s).toBeCloseTo(end, 0);
		});
	});

	it.each<[keyof typeof GATES, Recipe, Recipe]>([
		['loudness', { audio: toneAt(-14.8) }, { audio: toneAt(-15.3) }],
		['silence', { audio: `${toneAt(-14)},volume=0:enable='between(t,2,3.8)'` }, { audio: `${toneAt(-14)},volume=0:enable='between(t,2,4.3)'` }],
		['freeze', { video: 'trim=end=5.2,tpad=stop_mode=clone:stop_duration=2.8' }, { video: 'trim=end=4.7,tpad=stop_mode=clone:stop_duration=3.3' }],
		['black', { video: "drawbox=t=fill:color=black:enable='between(t,2,2.1)'" }, { video: "drawbox=t=fill:color=black:enable='between(t,2,3.3)'" }],
		// without AAC, which rounds the first wave up
		['clipping', { audio: toneAt(-0.7), output: ['-c:a', 'alac'] }, { audio: toneAt(-0.3), output: ['-c:a', 'alac'] }],
		['streams', {}, { output: ['-ar', '44100'] }],
		['repeated_clips', { source: shownAgain(1) }, { source: shownAgain(2) }],
		['true_peak', { audio: toneAt(-2) }, { audio: toneAt(-0.6) }],
		['sound', { audio: toneAt(-49) }, { audio: toneAt(-51) }],
		// the first half so many dB quieter
		['loudness_range', { audio: `${toneAt(-14)},volume=volume='if(lt(t,4),pow(10,-9/20),1)':eval=frame` }, { audio: `${toneAt(-14)},volume=volume='if(lt(t,4),pow(10,-13/20),1)':eval=frame` }],
		['av_length', { audio: `${toneAt(-14)},atrim=end=7.95` }, { audio: `${toneAt(-14)},atrim=end=7.85` }],
	])('%s passes just inside its line and not just outside', async (name, inside, outside) => {
		expect(gateOf((await check(inside)).gates, name)?.verdict).toBe('pass');
		expect(gateOf((await check(outside)).gates, name)?.verdict).not.toBe('pass');
	});
});

describe('what is expected', () => {
	let path: string;
	let tools: FfmpegTools;
	beforeAll(async () => {
		tools = await findFfmpeg();
		path = await make();
	});
	const check = async (own: Partial<Expected>) =>
		await checkVideo({ path, expected: { ...expected, ...own }, tools });

	it.each([
		[SECONDS / 1.04, 'pass'],
		[SECONDS / 1.1, 'warn'],
		[SECONDS / 1.2, 'fail'],
	])('of the length of %d s gives the verdict %s', async (durationS, verdict) => {
		expect(gateOf((await check({ durationS })).gates, 'duration')).toMatchObject({ verdict, blame: 'script' });
	});

	it('of a longer narration blames the render', async () => {
		const { gates } = await check({ narration: { ...narration, duration_s: SECONDS + 1 } });
		expect(gateOf(gates, 'narration_length')).toMatchObject({ verdict: 'fail', blame: 'render' });
	});

	it('finds captions that come late', async () => {
		const late = captions.map(({ text, start_s, end_s }) => ({ text, start_s: start_s + 2, end_s: end_s + 2 }));
		const gate = gateOf((await check({ narration, captions: late })).gates, 'caption_coverage');
		expect(gate).toMatchObject({ verdict: 'fail', measured: 0, hard: true });
		expect(gate?.at[0]?.start_s).toBe(0);
	});

	it('lets captions be late by less than a word, and not by more', async () => {
		const late = (by: number) => captions.map(({ text, start_s, end_s }) => ({ text, start_s: start_s + by, end_s: end_s + by }));
		const verdict = async (by: number) => gateOf((await check({ narration, captions: late(by) })).gates, 'caption_coverage')?.verdict;
		expect([await verdict(0.2), await verdict(0.3)]).toEqual(['pass', 'fail']);
	});

	it('acquits the script of a wrong length when the voice has the right one', async () => {
		const { gates } = await check({ durationS: 12, narration: { ...narration, duration_s: 12 } });
		expect(gateOf(gates, 'duration')).toMatchObject({ verdict: 'fail', blame: 'render' });
	});

	it('takes a short clip that begins again within its scene for planned', async () => {
		const looped = await make({ source: shownAgain(2) });
		const judge = async (scenes: number[]) => {
			const spoken = scenes.map((start_s, index) => ({ scene_id: `scene-${index + 1}`, start_s, end_s: scenes[index + 1] ?? SECONDS, words: [] }));
			const { gates } = await checkVideo({ path: looped, expected: { ...expected, narration: { ...narration, scenes: spoken } }, tools });
			return gateOf(gates, 'repeated_clips');
		};
		expect((await judge([0, 7.8]))?.verdict).toBe('pass');
		expect(await judge([0, 4]))?.toMatchObject({ verdict: 'fail', blame: 'footage' });
	});

	it('finds captions that nobody can read', async () => {
		const hard = captions.map((cue) => ({ ...cue, text: `${cue.text}\na third line` }));
		expect(gateOf((await check({ narration, captions: hard })).gates, 'caption_reading')).toMatchObject({ verdict: 'fail', measured: 0 });
	});

	it.each<[keyof typeof GATES, Partial<Expected>, Partial<Expected>]>([
		['frame_rate', { fps: 30.009 }, { fps: 30.02 }],
		['narration_length', { narration: { ...narration, duration_s: SECONDS + 0.09 } }, { narration: { ...narration, duration_s: SECONDS + 0.12 } }],
		['source_resolution', { sources: [source('scene-1', 'a', 212, 119)] }, { sources: [source('scene-1', 'a', 210, 118)] }],
		// letters in 2 s; a wide one counts twice
		['caption_reading', { captions: spelled(40) }, { captions: spelled(42) }],
		['caption_reading', { captions: spelled(20, '字') }, { captions: spelled(21, '字') }],
		['caption_coverage', { narration, captions: captions.map((cue, index) => (index === 3 ? { ...cue, end_s: 7.75 } : cue)) }, { narration, captions: captions.slice(0, 3) }],
	])('passes %s just inside its line and not just outside', async (name, inside, outside) => {
		expect(gateOf((await check(inside)).gates, name)?.verdict).toBe('pass');
		expect(gateOf((await check(outside)).gates, name)?.verdict).not.toBe('pass');
	});

	it('finds a clip that is shown twice', async () => {
		const { gates } = await check({ narration, sources: [source('scene-1', 'a'), source('scene-2', 'a')] });
		expect(gateOf(gates, 'repeated_clips')).toMatchObject({ verdict: 'fail', measured: 1, blame: 'footage' });
	});

	it('finds sources that had to be enlarged', async () => {
		const { gates } = await check({ sources: [source('scene-1', 'a', 120, 68)] });
		expect(gateOf(gates, 'source_resolution')).toMatchObject({ verdict: 'fail', measured: 37.5 });
	});

	it('lets a titled card stand still', async () => {
		const still = await make({ video: 'trim=end=4,tpad=stop_mode=clone:stop_duration=4' });
		const judge = async (sources: FootageSource[]) =>
			gateOf((await checkVideo({ path: still, expected: { ...expected, narration, sources }, tools })).gates, 'freeze')?.verdict;
		expect(await judge([source('scene-1', 'a')])).toBe('pass');
		expect(await judge([source('scene-1', 'a'), source('scene-2', 'b')])).toBe('fail');
	});

	it('lets only titled cards stand still, whoever made the pictures and clips', async () => {
		const still = await make({ video: 'trim=end=4,tpad=stop_mode=clone:stop_duration=4' });
		const judge = async (second: Pick<ShownPicture, 'origin' | 'shows'>) => {
			const shown: ShownPicture[] = [{ scene_id: 'scene-1', shows: 'clip', origin: 'own', sha256: 'a' }, { scene_id: 'scene-2', sha256: 'b', ...second }];
			const all = { ...expected, narration, sources: [], shown };
			return gateOf((await checkVideo({ path: still, expected: all, tools })).gates, 'freeze');
		};
		expect((await judge({ shows: 'card', origin: 'drawn' }))?.verdict).toBe('pass');
		expect(await judge({ shows: 'clip', origin: 'own' })).toMatchObject({ verdict: 'fail', blame: 'footage' });
		expect((await judge({ shows: 'photo', origin: 'painted' }))?.verdict).toBe('fail');
	});

	it('finds an own clip that is shown in two scenes', async () => {
		const shown = (shas: string[]): ShownPicture[] =>
			shas.map((sha256, index) => ({ scene_id: `scene-${index + 1}`, shows: 'clip', origin: 'own', sha256 }));
		const judge = async (shas: string[]) => gateOf((await check({ narration, sources: [], shown: shown(shas) })).gates, 'repeated_clips');
		expect((await judge(['a', 'b']))?.verdict).toBe('pass');
		expect(await judge(['a', 'a'])).toMatchObject({ verdict: 'fail', at: [{ start_s: 4, end_s: 8 }] });
	});

	it('finds a file that was cut off, although its header is whole', async () => {
		const { size } = await stat(path);
		const cut = join(folder, 'cut.mp4');
		await runFfmpeg(maker, ['-i', path, '-c', 'copy', '-movflags', '+faststart', cut]);
		const container = async (own: Partial<Expected> = {}) =>
			gateOf((await checkVideo({ path: cut, expected: { ...expected, ...own }, tools })).gates, 'container');
		const whole = (await stat(cut)).size;
		expect((await container({ bytes: whole }))?.verdict).toBe('pass');
		await truncate(cut, Math.round(size / 2));
		expect(await container()).toMatchObject({ verdict: 'fail', hard: true, blame: 'render', measured: expect.stringMatching(/, [1-6](\.\d+)? of 8 s of pictures$/) as string });
		await truncate(cut, Math.round(size * 0.97));
		expect((await container({ bytes: whole }))?.measured).toContain(`of ${whole} bytes`);
	});

	it('lets the voice pause where it is planned to', async () => {
		const quiet = await make({ audio: `${toneAt(-14)},volume=0:enable='between(t,3,6)'` });
		const scenes = [
			{ scene_id: 'scene-1', start_s: 0, end_s: 4, words: words(0, 3) },
			{ scene_id: 'scene-2', start_s: 4, end_s: SECONDS, words: words(6, SECONDS) },
		];
		const judge = async (own: Partial<Expected>) =>
			gateOf((await checkVideo({ path: quiet, expected: { ...expected, ...own }, tools })).gates, 'silence')?.verdict;
		expect(await judge({ narration: { ...narration, scenes } })).toBe('pass');
		expect(await judge({ narration })).toBe('fail');
	});

	it('can be set by thresholds of one\'s own', async () => {
		const { passed, threshold } = await checkVideo({
			path, expected: { ...expected, durationS: SECONDS / 1.2 }, thresholds: { score: 0.99 }, tools,
		});
		expect({ passed, threshold }).toEqual({ passed: false, threshold: 0.99 });
	});
});

describe('the score', () => {
	it('has weights that add up to 1', () => {
		expect(Object.values(GATES).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10);
	});

	const gate = (own: Partial<QualityGate>): QualityGate => ({
		name: 'x', threshold: '', measured: 0, unit: '', verdict: 'pass', hard: false, score: 1, weight: 0.5, blame: 'mix', at: [], ...own,
	});

	it('is the weighted mean of the gates', () => {
		expect(verdictOf([gate({ weight: 0.75 }), gate({ weight: 0.25, score: 0.2, verdict: 'warn' })], 0.7).score).toBe(0.8);
	});

	it('under the line blames the stages that were warned of, when none has failed', () => {
		expect(verdictOf([gate({ score: 0.5, verdict: 'warn' }), gate({ blame: 'voice' })], 0.8)).toMatchObject({ passed: false, blame: ['mix'] });
	});

	it('is capped by a failed hard gate, which no threshold lets pass', () => {
		const gates = [gate({ weight: 0.99 }), gate({ weight: 0.01, score: 0, verdict: 'fail', hard: true })];
		expect(verdictOf(gates, 0.1)).toMatchObject({ score: HARD_CAP, passed: false, blame: ['mix'] });
	});
});
