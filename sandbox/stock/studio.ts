/** Makes clips and pictures with ffmpeg when they are first asked for, and keeps them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { renderScene } from '../drawing/render';
import type { Random } from '../random';
import type { Motif } from './catalogue';

/** Goes up when the pictures change, so that kept files are made anew. */
const EDITION = 2;

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
		if (existsSync(path)) return path;
		const { motif, width, height } = order;
		const { query, index, fps, duration: seconds } = motif;
		const random = this.randomOf(`scene:${query}:${index}`);
		await renderScene({ query, random, width, height, fps, seconds, output: outputOptions(order) }, path);
		return path;
	}
}
