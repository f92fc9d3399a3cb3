/** Makes clips and pictures with ffmpeg when they are first asked for, and keeps them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { findFfmpeg } from '../ffmpeg';
import type { Random } from '../random';
import type { Motif } from './catalogue';
import { FONT_FOLDER, sceneGraph, scriptName } from './graph';
import { paintScene } from './scenery';

const FONT = createRequire(__filename).resolve(
	'@expo-google-fonts/montserrat/600SemiBold/Montserrat_600SemiBold.ttf',
);

/** Scenes are painted with a short side of this many pixels, then scaled. */
const CANVAS_SIDE = 1080;

/** No clip takes this long. */
const TIMEOUT_MS = 120_000;

/** Goes up when the pictures change, so that kept files are made anew. */
const EDITION = 1;

interface Order {
	motif: Motif;
	width: number;
	height: number;
	extension: 'mp4' | 'jpeg';
}

/** What ffmpeg is told about the file, after the graph. */
function outputOptions({ motif, extension }: Order): string[] {
	if (extension === 'jpeg') {
		const middle = String(motif.duration / 2);
		return ['-ss', middle, '-frames:v', '1', '-q:v', '3', '-pix_fmt', 'yuvj420p', '-f', 'mjpeg'];
	}
	return [
		...['-t', String(motif.duration), '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '26'],
		...['-g', String(motif.fps * 2), '-pix_fmt', 'yuv420p'],
		...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-movflags', '+faststart', '-f', 'mp4'],
	];
}

export class Studio {
	private readonly underway = new Map<string, Promise<string>>();

	/** One at a time: the machine has other work. */
	private turn: Promise<unknown> = Promise.resolve();

	/** @param folder where the files are kept; it exists */
	constructor(
		private readonly folder: string,
		private readonly seed: number,
		private readonly randomOf: (key: string) => Random,
	) {}

	/** Path of an MP4 of this size: H.264, no sound, fast start. */
	clip(motif: Motif, width: number, height: number): Promise<string> {
		return this.fill({ motif, width, height, extension: 'mp4' });
	}

	/** Path of a JPEG from the middle of the clip. */
	picture(motif: Motif, width: number, height: number): Promise<string> {
		return this.fill({ motif, width, height, extension: 'jpeg' });
	}

	private fill(order: Order): Promise<string> {
		const { motif, width, height, extension } = order;
		const mark = createHash('sha256')
			.update(JSON.stringify([EDITION, this.seed, motif, width, height]))
			.digest('hex')
			.slice(0, 16);
		const path = join(this.folder, `${motif.id}-${width}x${height}-${mark}.${extension}`);
		const made =
			this.underway.get(path) ??
			this.make(order, path).finally(() => this.underway.delete(path));
		this.underway.set(path, made);
		return made;
	}

	private async make(order: Order, path: string): Promise<string> {
		if (!existsSync(path)) {
			const made = this.turn.then(() => this.render(order, path));
			this.turn = made.catch(() => undefined);
			await made;
		}
		return path;
	}

	private async render(order: Order, path: string): Promise<void> {
		const { motif, width, height } = order;
		const canvas = CANVAS_SIDE / Math.min(width, height);
		const scene = paintScene(motif.query, this.randomOf(`scene:${motif.query}:${motif.index}`), {
			width: Math.round(width * canvas),
			height: Math.round(height * canvas),
			seconds: motif.duration,
		});
		const bench = await mkdtemp(join(this.folder, 'making-'));
		try {
			await mkdir(join(bench, FONT_FOLDER));
			await copyFile(FONT, join(bench, FONT_FOLDER, 'font.ttf'));
			const drawings = [scene.backdrop, ...scene.planes.map(({ drawing }) => drawing)];
			for (const [index, drawing] of drawings.entries()) {
				await writeFile(join(bench, scriptName(index)), String(drawing));
			}
			const graph = sceneGraph(scene, { width, height, fps: motif.fps });
			await ffmpeg(
				['-filter_complex', graph, '-map', '[out]', ...outputOptions(order), 'whole'],
				bench,
			);
			await rename(join(bench, 'whole'), path);
		} finally {
			await rm(bench, { recursive: true, force: true });
		}
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
