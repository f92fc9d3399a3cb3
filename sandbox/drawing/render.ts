/** Paints a scene with ffmpeg into a file: a clip, or one picture of it. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { findFfmpeg } from '../ffmpeg';
import type { Random } from '../random';
import { FONT_FOLDER, sceneGraph, scriptName } from './graph';
import { paintScene } from './scenery';

const FONT = createRequire(__filename).resolve(
	'@expo-google-fonts/montserrat/600SemiBold/Montserrat_600SemiBold.ttf',
);

/** Scenes are painted with a short side of this many pixels, then scaled. */
const CANVAS_SIDE = 1080;

/** No clip takes this long. */
const TIMEOUT_MS = 120_000;

export interface Painting {
	/** What is painted; its words choose the motif. */
	query: string;
	random: Random;
	/** Pixels, even numbers. */
	width: number;
	height: number;
	fps: number;
	seconds: number;
	/** A filter over the finished picture, e.g. `gblur=sigma=40`. */
	filter?: string;
	/** What ffmpeg is told about the file, after the graph. */
	output: readonly string[];
}

/** One at a time: the machine has other work. */
let turn: Promise<unknown> = Promise.resolve();

/** Puts the whole file under `path`; its folder exists. */
export async function renderScene(painting: Painting, path: string): Promise<void> {
	const made = turn.then(() => render(painting, path));
	turn = made.catch(() => undefined);
	await made;
}

async function render({ query, random, width, height, fps, seconds, filter, output }: Painting, path: string): Promise<void> {
	const canvas = CANVAS_SIDE / Math.min(width, height);
	const scene = paintScene(query, random, {
		width: Math.round(width * canvas),
		height: Math.round(height * canvas),
		seconds,
	});
	const bench = await mkdtemp(join(dirname(path), 'making-'));
	try {
		await mkdir(join(bench, FONT_FOLDER));
		await copyFile(FONT, join(bench, FONT_FOLDER, 'font.ttf'));
		const drawings = [scene.backdrop, ...scene.planes.map(({ drawing }) => drawing)];
		for (const [index, drawing] of drawings.entries()) {
			await writeFile(join(bench, scriptName(index)), String(drawing));
		}
		const graph = sceneGraph(scene, { width, height, fps });
		const whole = filter ? `${graph};[out]${filter}[filtered]` : graph;
		await ffmpeg(['-filter_complex', whole, '-map', filter ? '[filtered]' : '[out]', ...output, 'whole'], bench);
		await rename(join(bench, 'whole'), path);
	} finally {
		await rm(bench, { recursive: true, force: true });
	}
}

/** @throws Error with ffmpeg's last words */
function ffmpeg(args: string[], cwd: string): Promise<void> {
	return new Promise((done, fail) => {
		const child = execFile(
			findFfmpeg(),
			['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...args],
			{ cwd, timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
			(error, _stdout, stderr) => {
				process.off('exit', end);
				if (error) fail(new Error(`ffmpeg could not make the clip: ${stderr.slice(-800)}`, { cause: error }));
				else done();
			},
		);
		const end = () => void child.kill('SIGKILL');
		process.once('exit', end);
	});
}
