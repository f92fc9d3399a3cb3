/** A picture for a prompt, as an image model gives it: other words or another seed, another picture. */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Random } from '../random';
import { BLANK, BLURRED } from './markers';
import { renderScene } from './render';

export interface PictureOrder {
	prompt: string;
	seed: number;
	width: number;
	height: number;
	format: 'jpeg' | 'png' | 'webp';
	/** Four of it in one file. */
	sheet?: boolean;
}

const OUTPUT: Record<PictureOrder['format'], string[]> = {
	png: ['-c:v', 'png', '-pix_fmt', 'rgb24'],
	jpeg: ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'],
	webp: ['-c:v', 'libwebp', '-quality', '85'],
};

/** Blur as a part of the shorter side: nothing can be made out any more. */
const BLUR_SHARE = 0.06;

function filtersOf({ prompt, width, height, sheet }: PictureOrder): string {
	return [
		...(prompt.includes(BLURRED) ? [`gblur=sigma=${Math.round(Math.min(width, height) * BLUR_SHARE)}:steps=3`] : []),
		...(prompt.includes(BLANK) ? ['drawbox=color=0x556677:t=fill'] : []),
		// sides are even for the graph, and cut to the order after it
		`crop=${width}:${height}:0:0:exact=1`,
		...(sheet ? ['loop=loop=3:size=1:start=0', 'tile=2x2'] : []),
	].join(',');
}

/** Makes the file when it isn't there; the same order is the same file. */
export async function drawPicture(order: PictureOrder, folder: string): Promise<Buffer> {
	const { prompt, seed, width, height, format } = order;
	await mkdir(folder, { recursive: true });
	const name = createHash('sha256').update(JSON.stringify(order)).digest('hex').slice(0, 24);
	const path = join(folder, `${name}.${format}`);
	const kept = await readFile(path).catch(() => undefined);
	if (kept) return kept;
	const even = (side: number) => side + (side % 2);
	await renderScene(
		{
			query: prompt.slice(0, 2000),
			random: new Random(seed, `picture:${prompt}`),
			width: even(width),
			height: even(height),
			fps: 1,
			seconds: 2,
			filter: filtersOf(order),
			output: ['-frames:v', '1', ...OUTPUT[format], '-f', 'image2', '-update', '1'],
		},
		path,
	);
	return await readFile(path);
}
