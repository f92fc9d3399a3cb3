/** Whole compositions with real ffmpeg builds: exact frames, resume, cancel, hostile names. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { composeVideo, type ComposeInput } from '../../../core/video/compose';
import { decodedDuration, findFfmpeg, probe, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';
import { localFootage, makeClip, makeScript, makeSpeech } from '../../support/media';

const scenes = [
	{ narration: 'Volcanoes build new land from below.', query: 'volcano', text: 'Deep {below}' },
	{ narration: 'Year after year an island grows.', query: 'island' },
	{ narration: 'Nothing is seen here.', query: 'absent', text: 'A card' },
];

let folder: string;
let tools: FfmpegTools;
let clips: string[];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-compose-'));
	tools = await findFfmpeg();
	clips = [
		// shorter than its scene, with sound, film rate and oblong pixels
		await makeClip(tools, folder, { name: 'volcano', source: 'testsrc2=size=320x240:rate=24000/1001:duration=1', output: ['-vf', 'setsar=4/3'] }),
		// upright, 60 frames a second
		await makeClip(tools, folder, { name: 'island', source: 'testsrc2=size=180x320:rate=60:duration=3' }),
	];
}, 120_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

async function inputFor(workDir: string, own: Partial<ComposeInput> = {}): Promise<ComposeInput> {
	const speech = await makeSpeech(tools, folder, scenes.map(({ narration }) => narration));
	return {
		script: makeScript(scenes),
		speech,
		footage: await localFootage(tools, clips),
		width: 320,
		height: 180,
		fps: 30,
		preset: 'ultrafast',
		workDir,
		tools,
		...own,
	};
}

/** One line for each decoded frame: time and hash of its pixels. */
async function frames(path: string): Promise<Array<{ at: number; hash: string }>> {
	const out = join(folder, 'frames.md5');
	await runFfmpeg(tools, ['-i', path, '-map', '0:v:0', '-f', 'framemd5', out]);
	return (await readFile(out, 'utf8'))
		.split('\n')
		.filter((line) => /^\d/.test(line))
		.map((line) => line.split(',').map((field) => field.trim()))
		.map((fields) => ({ at: Number(fields[2]), hash: fields[5] ?? '' }));
}

describe.each(ffmpegBuilds())('a composition with $name', ({ paths }) => {
	it("has the narration's length to the frame, YouTube's format and the wanted loudness", async () => {
		const build = await findFfmpeg(paths);
		const input = await inputFor(await mkdtemp(join(folder, 'work-')), { tools: build, preset: undefined });
		const result = await composeVideo(input);
		const { video, audio, durationS } = await probe(tools, result.file.path);
		expect(video).toMatchObject({
			codec: 'h264', profile: 'High', pixelFormat: 'yuv420p', width: 320, height: 180, fps: 30,
			sampleAspect: 1, colorSpace: 'bt709', colorPrimaries: 'bt709', colorTransfer: 'bt709', bFrames: 2,
			frames: Math.round(input.speech.duration_s * 30),
		});
		expect(audio).toMatchObject({ codec: 'aac', profile: 'LC', sampleRate: 48000, channels: 2 });
		expect(Math.abs(durationS - input.speech.duration_s)).toBeLessThanOrEqual(1 / 30);
		expect(await decodedDuration(tools, result.file.path)).toBeCloseTo(durationS, 1);
		const { stderr } = await runFfmpeg(tools, ['-i', result.file.path, '-af', 'ebur128=peak=true:framelog=verbose', '-vn', '-f', 'null', '-']);
		expect(Number(/I:\s+(-[\d.]+) LUFS/.exec(stderr)?.[1])).toBeCloseTo(-14, 0);
		expect(Number(/Peak:\s+(-?[\d.]+) dBFS/.exec(stderr)?.[1])).toBeLessThanOrEqual(-1);
		expect(result.sources.map(({ scene_id, id }) => [scene_id, id])).toEqual([
			['scene-1', 'volcano.mp4'],
			['scene-2', 'island.mp4'],
		]);
		expect(result.warnings).toEqual(['No footage was found for "absent" (scene-3)', 'A titled card is shown in scene-3']);
		expect(result.captions.map(({ text }) => text).join(' ')).toBe(scenes.map(({ narration }) => narration).join(' '));
	});

	it('joins its scenes without a lost, doubled or shifted frame', async () => {
		const build = await findFfmpeg(paths);
		const workDir = await mkdtemp(join(folder, 'work-'));
		const input = await inputFor(workDir, { tools: build });
		const { file } = await composeVideo(input);
		const joined = await frames(file.path);
		expect(joined.map(({ at }) => at)).toEqual(joined.map((_frame, index) => (joined[1]?.at ?? 0) * index));
		const names = await readdir(join(workDir, 'segments'));
		const segments = names.filter((name) => name.endsWith('.mp4')).map((name) => join(workDir, 'segments', name));
		const own: string[][] = [];
		for (const segment of segments) own.push((await frames(segment)).map(({ hash }) => hash));
		const rest = joined.map(({ hash }) => hash);
		while (rest.length > 0) {
			const next = own.find((hashes) => hashes.every((hash, index) => rest[index] === hash));
			expect(next, 'a segment that goes on where the one before ends').toBeDefined();
			rest.splice(0, next?.length ?? rest.length);
		}
	});
});

describe('a composition run again', () => {
	const segmentTimes = async (workDir: string) => {
		const names = (await readdir(join(workDir, 'segments'))).filter((name) => name.endsWith('.mp4'));
		return new Map(await Promise.all(names.map(async (name) => [name, (await stat(join(workDir, 'segments', name))).mtimeMs] as const)));
	};

	it('renders only the scene that changed, and asks for no footage again', async () => {
		const workDir = await mkdtemp(join(folder, 'work-'));
		const footage = await localFootage(tools, clips);
		await composeVideo(await inputFor(workDir, { footage }));
		const before = await segmentTimes(workDir);
		// clips for three scenes, and photos for the one without
		expect(footage.searches).toBe(4);
		const changed = scenes.map((scene, index) => (index === 2 ? { ...scene, text: 'Another card' } : scene));
		await composeVideo(await inputFor(workDir, { footage, script: makeScript(changed) }));
		const after = await segmentTimes(workDir);
		expect([...after].filter(([name]) => !before.has(name))).toHaveLength(1);
		expect([...before].every(([name, time]) => after.get(name) === time)).toBe(true);
		expect(footage.searches).toBe(4);
	});

	it.each(['.mp4', '.m4a'])('makes a kept part (%s) anew when it is not whole', async (type) => {
		const workDir = await mkdtemp(join(folder, 'work-'));
		const first = await composeVideo(await inputFor(workDir));
		const name = (await readdir(join(workDir, 'segments'))).find((own) => own.endsWith(type));
		await truncate(join(workDir, 'segments', name ?? ''), 1000);
		const second = await composeVideo(await inputFor(workDir));
		expect(await frames(second.file.path)).toEqual(await frames(first.file.path));
	});
});

describe('a composition that is stopped', () => {
	it('ends within a second and leaves no half file', async () => {
		const workDir = await mkdtemp(join(folder, 'work-'));
		const controller = new AbortController();
		let stoppedAt = 0;
		const running = composeVideo(
			await inputFor(workDir, {
				preset: 'slow',
				width: 1280,
				height: 720,
				signal: controller.signal,
				onProgress: (fraction) => {
					if (fraction < 0.2 || stoppedAt) return;
					stoppedAt = Date.now();
					controller.abort();
				},
			}),
		);
		await expect(running).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(Date.now() - stoppedAt).toBeLessThan(1000);
		const left = [...(await readdir(workDir)), ...(await readdir(join(workDir, 'segments')))];
		expect(left.filter((name) => name.includes('.part') || name.endsWith('.ass') || name.startsWith('video-'))).toEqual([]);
	});
});

describe('names and values from outside', () => {
	it('may hold anything that a file system allows', async () => {
		const workDir = join(folder, "it's [a] test: 100%, \"x\";\\ {y} 'z' ünï 日本");
		await mkdir(workDir);
		const { file } = await composeVideo(await inputFor(workDir, { footage: undefined }));
		expect((await probe(tools, file.path)).video?.frames).toBeGreaterThan(0);
	});

	it('are refused by field when no video can be made of them', async () => {
		const input = await inputFor(await mkdtemp(join(folder, 'work-')), { width: 321, fps: 12.5 });
		await expect(composeVideo(input)).rejects.toMatchObject({
			errorClass: 'invalid-request',
			issues: [{ field: 'width' }, { field: 'fps' }],
		});
	});

	it('tell that a silent narration has no loudness', async () => {
		const input = await inputFor(await mkdtemp(join(folder, 'work-')), { footage: undefined });
		const path = join(folder, 'silent.wav');
		await runFfmpeg(tools, ['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=mono', '-t', String(input.speech.duration_s), path]);
		const speech = { ...input.speech, audio: { ...input.speech.audio, path } };
		await expect(composeVideo({ ...input, speech })).rejects.toMatchObject({ reason: 'silent-narration' });
	});
});
