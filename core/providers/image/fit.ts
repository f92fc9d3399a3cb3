/** A picture at exactly the size that was asked for: scaled until it covers it, the rest cut off evenly. */
import { stat } from 'node:fs/promises';

import type { MediaFile } from '../../documents';
import { invalidRequest } from '../../errors';
import { mediaFile } from '../../hash';
import { runFfmpeg, writeAside } from '../../video/ffmpeg';
import type { FfmpegTools } from '../../video/ffmpeg';

import { FROM_PICTURE } from './inspect';

export const IMAGE_FORMATS = ['png', 'jpeg'] as const;

export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export interface Fit {
	input: string;
	/** With the extension of its format. */
	output: string;
	width: number;
	height: number;
	format: ImageFormat;
	/** A JPEG is made coarser until it has no more. */
	maxBytes?: number;
	tools: FfmpegTools;
	signal?: AbortSignal;
}

export const EXTENSIONS: Record<ImageFormat, string> = { png: '.png', jpeg: '.jpg' };

const MIMES: Record<ImageFormat, string> = { png: 'image/png', jpeg: 'image/jpeg' };

/** ffmpeg's quantizers, from fine to coarse. */
const JPEG_QUALITIES = [2, 4, 7, 12, 20, 31];

/** @throws YtempireError `invalid-request` when the picture can't be made small enough */
export async function fitPicture(fit: Fit): Promise<MediaFile> {
	const { output, format, maxBytes = Infinity } = fit;
	const attempts = format === 'png' ? [pngOptions] : JPEG_QUALITIES.map(jpegOptions);
	for (const options of attempts) {
		await writeAside(output, (path) => convert(fit, options, path));
		if ((await stat(output)).size <= maxBytes) return await mediaFile(output, MIMES[format]);
	}
	throw invalidRequest(`The picture can't be made smaller than ${maxBytes} bytes`, {
		cure: 'Ask for a smaller picture.',
	});
}

const pngOptions = { format: 'rgb24', encoder: ['-c:v', 'png'] };

const jpegOptions = (quality: number) => ({
	format: 'yuvj420p',
	encoder: ['-c:v', 'mjpeg', '-q:v', String(quality)],
});

async function convert(
	{ input, width, height, tools, signal }: Fit,
	options: { format: string; encoder: string[] },
	path: string,
): Promise<void> {
	const cover = `scale=${width}:${height}:force_original_aspect_ratio=increase:flags=lanczos`;
	await runFfmpeg(
		tools,
		[
			...[...FROM_PICTURE, '-i', input, '-map', '0:v:0', '-frames:v', '1'],
			...['-vf', `${cover},crop=${width}:${height}:exact=1,setsar=1,format=${options.format}`],
			...[...options.encoder, '-f', 'image2', '-update', '1', path],
		],
		{ signal, timeoutMs: 120_000 },
	);
}
