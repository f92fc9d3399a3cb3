/** What stands around a render: a machine's encoder, an end to the time, the time that is left, a build that lacks something. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mediaFile } from '../../../core/hash';
import { measure } from '../../../core/quality/measure';
import { composeVideo } from '../../../core/video/compose';
import { usableEncoder } from '../../../core/video/encoder';
import { findFfmpeg, probe, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { NEEDED } from '../../../core/video/ffmpeg/find';
import { TimeLeft } from '../../../core/video/progress';
import { createThumbnails } from '../../../core/video/thumbnail';
import { timeLimitS } from '../../../core/video/time-limit';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';
import { makeScript, makeSpeech } from '../../support/media';

let folder: string;
let tools: FfmpegTools;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-render-'));
	tools = await findFfmpeg();
});

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

const video = async (own: object) => ({
	script: makeScript([{ narration: 'One two three', query: '', text: 'A card' }]),
	speech: await makeSpeech(tools, folder, ['One two three']),
	...{ footage: undefined, width: 320, height: 180, fps: 30, preset: 'ultrafast', tools },
	workDir: await mkdtemp(join(folder, 'work-')),
	...own,
});

describe.each(ffmpegBuilds())("a machine's encoder with $name", ({ paths }) => {
	it.each(['nvenc', 'qsv', 'vaapi', 'videotoolbox'] as const)('%s is tried, and where it is missing x264 takes its place with a warning', async (encoder) => {
		const settings = { encoder, preset: 'veryfast', crf: 21 };
		const { settings: used, warnings } = await usableEncoder(await findFfmpeg(paths), settings);
		// on a machine that has it, it stays
		expect(warnings).toHaveLength(used.encoder === encoder ? 0 : 1);
		if (used.encoder === encoder) return;
		expect(used).toEqual({ ...settings, encoder: 'x264' });
		expect(warnings[0]).toMatch(new RegExp(`^The encoder ${encoder} can't be used here, x264 took its place: \\S`));
	});
});

it('a render with a machine\'s encoder that works is given to it, with its device and closed groups, and says nothing', async () => {
	// no such machine is here: an ffmpeg that answers to the encoder's name and does its work by x264
	const [path, log] = [join(folder, 'ffmpeg-nvenc'), join(folder, 'nvenc.log')];
	await writeFile(path, `#!/bin/bash
case "$*" in *h264_nvenc*) echo "$*" >> '${log}';; esac
own=()
while [ $# -gt 0 ]; do
	case "$1" in
		h264_nvenc) own+=(libx264); shift;;
		-rc|-cq|-strict_gop) shift 2;;
		*) own+=("$1"); shift;;
	esac
done
exec '${resolve(tools.ffmpeg)}' "\${own[@]}"
`);
	await chmod(path, 0o755);
	const { file, warnings } = await composeVideo(await video({ encoder: 'nvenc', crf: 23, tools: { ...tools, ffmpeg: path } }));
	expect((await probe(tools, file.path)).video).toMatchObject({ codec: 'h264', profile: 'High', colorSpace: 'bt709' });
	expect(warnings.join()).not.toContain('encoder');
	const calls = (await readFile(log, 'utf8')).trim().split('\n');
	// the trial, and the scene
	expect(calls).toHaveLength(2);
	expect(calls[1]).toMatch(/-c:v h264_nvenc .*-cq 23 .*-strict_gop 1 .*-profile:v high .*-g 15 /);
});

it('no filter is used that the search for ffmpeg doesn\'t ask for', async () => {
	const [path, log] = [join(folder, 'ffmpeg-logged'), join(folder, 'filters.log')];
	await writeFile(path, `#!/bin/bash\nprintf '%s\\0' "$@" >> '${log}'\nexec '${resolve(tools.ffmpeg)}' "$@"\n`);
	await chmod(path, 0o755);
	const logged = { ...tools, ffmpeg: path };
	const make = async (name: string, args: string[]) => {
		await runFfmpeg(tools, ['-f', 'lavfi', '-i', ...args, join(folder, name)]);
		return join(folder, name);
	};
	const clip = await make('clip.mp4', ['testsrc2=size=320x180:rate=30:duration=2', '-pix_fmt', 'yuv420p']);
	const photo = await make('photo.png', ['testsrc2=size=320x180', '-frames:v', '1']);
	const tune = await mediaFile(await make('tune.wav', ['sine=frequency=440:duration=1:sample_rate=48000']), 'audio/wav');
	const words = ['One two three', 'One two three', 'One two three'];
	for (const transition of ['fade', 'slide'] as const) {
		const { file } = await composeVideo(
			await video({
				...{ tools: logged, transition, music: { file: tune, volumeDb: -6 } },
				script: makeScript(words.map((narration) => ({ narration, query: '', text: 'A card' }))),
				speech: await makeSpeech(tools, folder, words),
				ownMedia: [{ path: clip, scene: '1' }, { path: photo, scene: '2' }],
			}),
		);
		await measure(logged, file.path);
		await createThumbnails({ source: { kind: 'video', path: file.path, captions: [] }, format: '16:9', title: 'A title', language: 'en', variants: 1, folder, tools: logged });
	}
	const used = new Set<string>();
	const args = (await readFile(log, 'utf8')).split('\0');
	args.forEach((arg, index) => {
		if (!/^-(?:vf|af|filter_complex)$/.test(arg)) return;
		const graph = (args[index + 1] ?? '').replace(/'[^']*'/g, '').replace(/\\./g, '');
		for (const one of graph.split(/[,;]/)) used.add(/^(?:\[[^\]]*\])*(\w+)/.exec(one.trim())?.[1] ?? '');
	});
	expect(used.size).toBeGreaterThan(25);
	expect([...used].filter((name) => !(NEEDED.filters as readonly string[]).includes(name))).toEqual([]);
});

it('a render with an encoder that is missing makes the video all the same', async () => {
	const { file, warnings } = await composeVideo(await video({ encoder: process.platform === 'darwin' ? 'vaapi' : 'videotoolbox' }));
	expect((await probe(tools, file.path)).video).toMatchObject({ codec: 'h264', profile: 'High' });
	expect(warnings[0]).toContain('x264 took its place');
});

describe('a render whose time is up', () => {
	it('ends by itself, says what to do, and leaves no half file', async () => {
		const input = await video({ width: 3840, height: 2160, preset: 'slow', timeoutS: 1 });
		const began = Date.now();
		await expect(composeVideo(input)).rejects.toMatchObject({
			errorClass: 'unavailable', reason: 'render-timeout', message: 'The video was not ready after 1 s, and was stopped',
		});
		expect(Date.now() - began).toBeLessThan(3000);
		const left = await readdir(input.workDir, { recursive: true });
		expect(left.filter((name) => /\.part|\.ass|\.txt|video-/.test(name))).toEqual([]);
	});

	it('has more of it the longer and larger it is', () => {
		const hd = { width: 1920, height: 1080, fps: 30 };
		expect(timeLimitS(60, hd)).toBe(900 + 3600);
		expect(timeLimitS(600, hd)).toBe(900 + 36_000);
		expect(timeLimitS(60, { ...hd, fps: 60 })).toBe(900 + 7200);
	});
});

describe('the time that is left', () => {
	it('is told from what was rendered, without what was kept', () => {
		let now = 0;
		const left = new TimeLeft(1000, () => now);
		expect(left.words).toBe('');
		left.skip(200);
		now = 10_000;
		left.set(400);
		expect(left.seconds).toBe(10);
		expect(left.words).toBe('about 10 s left');
		now = 400_000;
		expect(left.words).toBe('about 7 min left');
	});

	it('stands in the note of a render with the scenes that are done', async () => {
		const notes: string[] = [];
		await composeVideo(await video({ onProgress: (_fraction: number, note: string) => notes.push(note) }));
		expect(notes).toContain('Rendering: 1 of 1 scenes');
	});
});

it('a build without a filter that is needed is refused by its name', async () => {
	const path = join(folder, 'ffmpeg');
	await writeFile(path, `#!/bin/sh\n'${resolve(tools.ffmpeg)}' "$@" | grep -v ' perspective '\n`);
	await chmod(path, 0o755);
	await expect(findFfmpeg({ ffmpegPath: path, ffprobePath: tools.ffprobe })).rejects.toMatchObject({
		errorClass: 'invalid-request', message: expect.stringMatching(/lacks: filter perspective$/) as string,
	});
});
