/** What stands around a render: a machine's encoder, an end to the time, the time that is left, a build that lacks something. */
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { composeVideo } from '../../../core/video/compose';
import { usableEncoder } from '../../../core/video/encoder';
import { findFfmpeg, probe, type FfmpegTools } from '../../../core/video/ffmpeg';
import { TimeLeft } from '../../../core/video/progress';
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
