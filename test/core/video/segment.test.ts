/** Scenes as files: clips that follow each other, key frames, the place of the index, two at once, no end of their own. */
import { chmod, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { captionLook } from '../../../core/video/ass';
import { composeVideo, type ComposeInput } from '../../../core/video/compose';
import { findFfmpeg, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { runProcess } from '../../../core/video/ffmpeg/process';
import { renderSegment } from '../../../core/video/segment';
import { timeLimitS, within } from '../../../core/video/time-limit';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';
import { localFootage, makeClip, makeScript, makeSpeech } from '../../support/media';

let folder: string;
let maker: FfmpegTools;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-segment-'));
	maker = await findFfmpeg();
}, 60_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

const plain = async (name: string, colour: string, seconds: number) =>
	await makeClip(maker, folder, { name, source: `color=${colour}:size=320x180:rate=30:duration=${seconds}` });

async function compose(own: Partial<ComposeInput>, narrations = ['One two three four five']) {
	const speech = await makeSpeech(maker, folder, narrations, 0.4);
	return await composeVideo({
		script: makeScript(narrations.map((narration) => ({ narration, query: 'nothing' }))),
		speech: { ...speech, scenes: speech.scenes.map((scene) => ({ ...scene, words: [] })) },
		...{ footage: undefined, width: 320, height: 180, fps: 30, preset: 'ultrafast', tools: maker },
		workDir: await mkdtemp(join(folder, 'work-')),
		...own,
	});
}

/** The mean brightness of each frame, 0 to 255. */
async function brightness(path: string): Promise<number[]> {
	const raw = join(folder, 'mean.raw');
	await runFfmpeg(maker, ['-i', path, '-map', '0:v:0', '-vf', 'scale=1:1:flags=area,format=gray', '-f', 'rawvideo', raw]);
	return [...(await readFile(raw))];
}

describe.each(ffmpegBuilds())('a scene with $name', ({ paths }) => {
	it('of several clips shows one after the other, each for its share and to the frame', async () => {
		const tools = await findFfmpeg(paths);
		const media = [await plain('dark', '0x101010', 1), await plain('grey', '0x808080', 0.5), await plain('light', '0xF0F0F0', 0.5)];
		const { file, duration_s } = await compose({ tools, ownMedia: media.map((path) => ({ path, scene: '1' })) });
		const means = await brightness(file.path);
		expect(duration_s).toBeCloseTo(2);
		expect(means).toHaveLength(60);
		expect(means.findIndex((value) => value > 70)).toBe(30);
		expect(means.findIndex((value) => value > 190)).toBe(45);
		expect(Math.max(...means.slice(0, 30))).toBeLessThan(40);
		expect(Math.max(...means.slice(30, 45))).toBeLessThan(150);
	});

	it('of own media that are too short goes on with what is found, and only that is credited', async () => {
		const tools = await findFfmpeg(paths);
		const [own, found] = [await plain('own', '0x101010', 0.5), await plain('nothing', '0xF0F0F0', 4)];
		const { file, sources } = await compose({ tools, footage: await localFootage(maker, [found]), ownMedia: [{ path: own }] });
		const means = await brightness(file.path);
		expect(means[0]).toBeLessThan(40);
		expect(means.at(-1)).toBeGreaterThan(190);
		expect(means.filter((value) => value > 40 && value < 190)).toEqual([]);
		expect(sources.map(({ id }) => id)).toEqual(['nothing.mp4']);
	});

	it.each([0.6, 0.7])('holds a clip at its end while the next scene fades in over it, whose second half lasts %d s', async (seconds) => {
		const tools = await findFfmpeg(paths);
		// dark at its beginning, light at its end: begun again under the fade it would darken
		const source = `color=0x101010:size=320x180:rate=30:duration=0.6[a];color=0xF0F0F0:size=320x180:rate=30:duration=${seconds}[b];[a][b]concat=n=2`;
		const path = await makeClip(maker, folder, { name: 'rising', source });
		const narrations = ['One two three', 'One two three'];
		const { file } = await compose({ tools, transition: 'fade', ownMedia: [{ path }, { path: await plain('white', '0xF0F0F0', 3) }] }, narrations);
		expect((await brightness(file.path)).slice(24).filter((value) => value <= 190)).toEqual([]);
	});

	it.each([24, 30, 50])('at %i frames a second has closed groups of half a second, and its index in front', async (fps) => {
		const tools = await findFfmpeg(paths);
		const { file } = await compose({ tools, fps, preset: undefined });
		const out: string[] = [];
		await runProcess(maker.ffprobe, ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts,dts,flags', '-of', 'csv=p=0', file.path], {
			timeoutMs: 30_000,
			onStdoutLine: (line) => out.push(line),
		});
		const packets = out.map((line) => line.split(',')).map(([pts, , flags = '']) => ({ pts: Number(pts), key: flags.startsWith('K') }));
		const keys = packets.flatMap(({ key }, index) => (key ? [index] : []));
		expect(keys).toEqual(keys.map((_key, index) => (index * fps) / 2));
		expect(keys.length).toBeGreaterThan(2);
		for (const at of keys) {
			const first = packets[at]?.pts ?? 0;
			// no frame behind the key frame in the file is shown before it
			expect(packets.slice(at).every(({ pts }) => pts >= first)).toBe(true);
		}
		expect(await boxesOf(file.path)).toEqual(['ftyp', 'moov', 'free', 'mdat'].filter((name) => name !== 'free'));
	});
});

/** Names of the outermost boxes of an MP4 in their order, without padding. */
async function boxesOf(path: string): Promise<string[]> {
	const file = await open(path, 'r');
	try {
		const { size } = await file.stat();
		const names: string[] = [];
		for (let at = 0; at < size; ) {
			const header = Buffer.alloc(8);
			await file.read(header, 0, 8, at);
			names.push(header.toString('latin1', 4, 8));
			at += header.readUInt32BE(0);
		}
		return names.filter((name) => name !== 'free');
	} finally {
		await file.close();
	}
}

describe('scenes rendered at once', () => {
	/** An ffmpeg that writes down when a scene begins and ends. */
	async function watched(): Promise<{ tools: FfmpegTools; most: () => Promise<number> }> {
		const own = await mkdtemp(join(folder, 'watched-'));
		const [program, log] = [join(own, 'ffmpeg'), join(own, 'log')];
		const note = (word: string) => `case "$*" in *libx264*) echo ${word} >> '${log}';; esac`;
		await writeFile(program, `#!/bin/sh\n${note('+')}\n'${resolve(maker.ffmpeg)}' "$@"\ncode=$?\n${note('-')}\nexit $code\n`);
		await chmod(program, 0o755);
		const most = async () => {
			let [running, largest] = [0, 0];
			for (const word of (await readFile(log, 'utf8')).trim().split('\n')) {
				running += word === '+' ? 1 : -1;
				largest = Math.max(largest, running);
			}
			return largest;
		};
		return { tools: { ...maker, ffmpeg: program }, most };
	}

	it('are two where that is asked for, and make the same file as one after the other', async () => {
		const narrations = ['One two three', 'Four five six', 'Seven eight nine', 'Ten eleven twelve'];
		const hashes: string[] = [];
		for (const concurrency of [1, 2]) {
			const { tools, most } = await watched();
			const workDir = await mkdtemp(join(folder, 'work-'));
			const { file } = await compose({ tools, concurrency, workDir, width: 640, height: 360 }, narrations);
			expect(await most()).toBe(concurrency);
			hashes.push(file.sha256);
			expect((await readdir(workDir, { recursive: true })).filter((name) => name.includes('.part'))).toEqual([]);
		}
		expect(hashes[0]).toBe(hashes[1]);
	});
});

describe('the time for a scene', () => {
	it('has no end but that of the whole video', async () => {
		const look = await captionLook({}, { width: 1280, height: 720, text: '', language: 'en' });
		const hours = new AbortController();
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			let passed = false;
			const { frames } = await renderSegment({
				shots: [{ kind: 'card', text: 'A card', startFrame: 0, frames: 300 }],
				frames: 300,
				text: { cues: [], onScreenText: '', isCard: true, durationS: 10 },
				look,
				settings: { encoder: 'x264', preset: 'slow', crf: 21, width: 1280, height: 720, fps: 30 },
				folder: await mkdtemp(join(folder, 'work-')),
				tools: maker,
				signal: hours.signal,
				onProgress: () => {
					if (!passed) vi.advanceTimersByTime(5 * 3_600_000);
					passed = true;
				},
			});
			expect({ frames, passed }).toEqual({ frames: 300, passed: true });
		} finally {
			vi.useRealTimers();
		}
	});

	it('is not over at once for a video that may take months', async () => {
		const limitS = timeLimitS(86_400, { width: 3840, height: 2160, fps: 60 });
		expect(limitS * 1000).toBeGreaterThan(2 ** 31);
		const late = await within(limitS, undefined, async (signal) => {
			await new Promise((done) => setTimeout(done, 50));
			return signal.aborted;
		});
		expect(late).toBe(false);
	});
});
