/** A minute at 1080p30 of twelve clips, with captions and ducked music: against a bare encoder, against the frame-by-frame way, and ten minutes against one. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findFfmpeg, type FfmpegTools } from '../core/video/ffmpeg';
import { figure, type Figure } from './report';
import { costOf, type RunCost } from './support/cost-of';
import type { RenderAnswer, RenderJob } from './support/render-run';
import { isUpToHd, makeClips, makeMusic, makeNarration, SCENE_S } from './support/render-work';

const SCENES = 12;

/** Ten minutes are rendered in a smaller size, of the clips up to HD, so that the bench itself is done in time. */
const LONG = { times: 10, width: 640, height: 360 } as const;

/** The frames before they are encoded: a finished video has lost some of what makes encoding dear. */
const NEARLY_LOSSLESS = { preset: 'ultrafast', crf: 1 } as const;

const FULL = { width: 1920, height: 1080 } as const;

export async function measure(): Promise<Figure[]> {
	const python = findPython();
	const scratch = await mkdtemp(join(tmpdir(), 'ytempire-bench-'));
	try {
		const tools = await findFfmpeg();
		const clips = await makeClips(tools, join(scratch, 'clips'));
		const music = await makeMusic(tools, scratch);
		const jobOf = async (name: string, scenes: number, size: { width: number; height: number }): Promise<RenderJob> => {
			const workDir = join(scratch, name);
			await mkdir(workDir);
			return { ...(await makeNarration(tools, scratch, scenes)), clips, music, ...size, workDir };
		};
		const job = await jobOf('own', SCENES, FULL);
		const own = await rendered(scratch, job);
		const changed = await rendered(scratch, withOneChanged(job));
		const exact = await rendered(scratch, { ...(await jobOf('exact', SCENES, FULL)), ...NEARLY_LOSSLESS });
		const floor = await floorOf(tools, exact.answer.path, clips);
		const peer = await frameByFrame(scratch, python, tools, await jobOf('peer', SCENES, FULL));
		const upToHd = clips.filter((_clip, index) => isUpToHd(index));
		const short = await rendered(scratch, { ...(await jobOf('short', SCENES, LONG)), clips: upToHd });
		const long = await rendered(scratch, { ...(await jobOf('long', SCENES * LONG.times, LONG)), clips: upToHd });
		const small = `${LONG.width}x${LONG.height}`;
		return [
			figure('length of the video at 1080p30', SCENES * SCENE_S, 's'),
			figure('processor time', own.processorS, 's', { peer: floor.encodeS + floor.decodeS }),
			figure('of it against bare encode and decoding', own.processorS / (floor.encodeS + floor.decodeS), 'x', { atMost: 1.15 }),
			figure('wall time', own.answer.seconds, 's', { peer: peer.answer.seconds }),
			figure('times as fast as the frame-by-frame way', peer.answer.seconds / own.answer.seconds, 'x', { atLeast: 5 }),
			figure('peak memory of all ffmpeg processes together', own.peakMb, 'MB', { atMost: 600 }),
			figure('wall time when one scene of twelve has changed', changed.answer.seconds, 's', { peer: own.answer.seconds }),
			figure('of it against the whole', changed.answer.seconds / own.answer.seconds, 'x', { atMost: 0.2 }),
			figure(`wall time for ${LONG.times} minutes at ${small}`, long.answer.seconds, 's', { peer: short.answer.seconds }),
			figure(`of it against one minute`, long.answer.seconds / short.answer.seconds, 'x', { atMost: LONG.times * 1.05 }),
			figure(`peak memory for ${LONG.times} minutes at ${small}`, long.peakMb, 'MB', { peer: short.peakMb, atMost: 600 }),
			figure('of it against one minute', long.peakMb / short.peakMb, 'x', { atMost: 1.1 }),
		];
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}

type Rendered<T> = RunCost & { answer: T };

async function rendered(scratch: string, job: RenderJob): Promise<Rendered<RenderAnswer>> {
	const cost = (await inChild(scratch, [process.execPath, '--import', 'tsx'], 'render-run.ts', job)) as Rendered<RenderAnswer>;
	return { ...cost, processorS: cost.processorS - cost.answer.startedS };
}

async function frameByFrame(scratch: string, python: string, tools: FfmpegTools, job: RenderJob): Promise<Rendered<{ seconds: number }>> {
	return (await inChild(scratch, [python], 'frame-by-frame.py', job, tools.ffmpeg)) as Rendered<{ seconds: number }>;
}

async function inChild(scratch: string, command: readonly string[], program: string, job: RenderJob, ...more: string[]): Promise<RunCost> {
	const [interpreter = '', ...flags] = command;
	const file = join(scratch, 'job.json');
	await writeFile(file, JSON.stringify(job));
	return await costOf(interpreter, [...flags, join(__dirname, 'support', program), file, ...more]);
}

/** One with the libraries that MoviePy works with. */
function findPython(): string {
	const found = ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, ['-c', 'import numpy, PIL']).status === 0);
	if (!found) throw new Error('The peer needs Python with NumPy and Pillow: apt-get install -y python3-numpy python3-pil');
	return found;
}

function withOneChanged(job: RenderJob): RenderJob {
	const scenes = job.script.scenes.map((scene, index) => (index === SCENES / 2 ? { ...scene, on_screen_text: 'Changed' } : scene));
	return { ...job, script: { ...job.script, scenes } };
}

/** Encoding of the same frames, read raw; and decoding of all that is used of the sources. */
async function floorOf(tools: FfmpegTools, exact: string, clips: readonly string[]): Promise<{ encodeS: number; decodeS: number }> {
	const ffmpeg = async (...args: string[]) => (await costOf(tools.ffmpeg, ['-nostdin', '-loglevel', 'error', ...args])).processorS;
	const raw = `${exact}.yuv`;
	await ffmpeg('-i', exact, '-an', '-f', 'rawvideo', raw);
	const source = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${FULL.width}x${FULL.height}`, '-r', '30', '-i', raw];
	const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-profile:v', 'high', '-g', '15', '-bf', '2'];
	const encodeS = (await ffmpeg(...source, ...x264, '-f', 'null', '-')) - (await ffmpeg(...source, '-f', 'null', '-'));
	await rm(raw);
	let decodeS = 0;
	for (const clip of clips) decodeS += await ffmpeg('-t', String(SCENE_S), '-i', clip, '-an', '-f', 'null', '-');
	return { encodeS, decodeS };
}
