/** Thumbnails of a video: three that differ in moment and layout, with a title that fits, as YouTube takes them. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { CaptionCue, Thumbnail, ThumbnailsResult } from '../documents';
import { invalidRequest } from '../errors';
import { contentHash } from '../hash';
import { fitPicture } from '../providers/image/fit';
import { FROM_PICTURE, inspectPicture } from '../providers/image/inspect';
import { cleanText } from '../text';
import { CLIP_FORMATS, runFfmpeg, type FfmpegTools } from './ffmpeg';
import { fontSet, type FontSet } from './fonts';
import { bringFonts, FONT_FOLDER } from './segment';
import { bestFrames, type Frame } from './thumbnail-frames';
import { THUMBNAIL_LAYOUTS, titleDocument } from './thumbnail-title';

/** Pixels. https://support.google.com/youtube/answer/72431: 1280x720, upright for Shorts. */
export const THUMBNAIL_SIZES = {
	'16:9': { width: 1280, height: 720 },
	'9:16': { width: 1080, height: 1920 },
} as const;

export type ThumbnailFormat = keyof typeof THUMBNAIL_SIZES;

/** What YouTube took from everyone before 2026-09, and still takes on the phone. */
export const MOST_BYTES = 2_000_000;

export type ThumbnailSource =
	| { kind: 'video'; path: string; captions: readonly CaptionCue[] }
	/** PNG, JPEG or WebP. */
	| { kind: 'picture'; path: string };

export interface ThumbnailInput {
	source: ThumbnailSource;
	/** At most 200 characters; empty for none. */
	title: string;
	/** BCP 47. */
	language: string;
	format: ThumbnailFormat;
	/** 1 to 3. */
	variants: number;
	/** Kept here; made when it isn't there. */
	folder: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
}

const LONGEST_TITLE = 200;

/** Shares of the height above the captions that the composer burns in at the bottom. */
const ABOVE_CAPTIONS = { landscape: 0.76, upright: 0.58 };

/** @throws YtempireError `invalid-request` for input that is out of bounds, or a source that can't be read */
export async function createThumbnails(input: ThumbnailInput): Promise<ThumbnailsResult> {
	refuseUnfit(input);
	const { tools, signal, variants, format } = input;
	const { width, height } = THUMBNAIL_SIZES[format];
	const title = cleanText(input.title);
	const folder = resolve(input.folder, 'thumbnails');
	await mkdir(folder, { recursive: true });
	const fonts = await fontSet('extra-bold', `${title}…`, input.language);
	await bringFonts(folder, fonts.faces);
	const frames = await framesOf(input, folder);
	const thumbnails: Thumbnail[] = [];
	const warnings: string[] = fonts.missing.length > 0 ? [`No font of this package has ${fonts.missing.slice(0, 10).join(' ')}`] : [];
	for (const [index, layout] of THUMBNAIL_LAYOUTS.slice(0, variants).entries()) {
		const frame = frames[index % frames.length];
		const { document, shortened } = titleDocument(title, layout, { width, height, fonts });
		if (shortened) warnings.push(`The title is too long for the layout ${layout}; its end is left out`);
		const path = await draw(input, { frame, document, folder, layout, fonts });
		const file = await fitPicture({
			input: path,
			output: path.replace(/\.png$/, '.jpg'),
			...{ width, height, format: 'jpeg', maxBytes: MOST_BYTES, tools, signal },
		});
		await rm(path, { force: true });
		thumbnails.push({ ...file, width, height, layout, at_s: frame?.atS ?? null, score: frame?.score ?? null });
	}
	return { thumbnails, warnings };
}

function refuseUnfit({ title, format, variants }: ThumbnailInput): void {
	const issues = [
		...([...title].length <= LONGEST_TITLE ? [] : [{ field: 'title', reason: `at most ${LONGEST_TITLE} characters` }]),
		...(format in THUMBNAIL_SIZES ? [] : [{ field: 'format', reason: `one of ${Object.keys(THUMBNAIL_SIZES).join(', ')}` }]),
		...(Number.isInteger(variants) && variants >= 1 && variants <= THUMBNAIL_LAYOUTS.length
			? []
			: [{ field: 'variants', reason: `a whole number from 1 to ${THUMBNAIL_LAYOUTS.length}` }]),
	];
	if (issues.length > 0) throw invalidRequest('The thumbnail cannot be made', { issues, cure: 'Change the named fields.' });
}

/** Undefined stands for the whole picture that was given. */
async function framesOf({ source, tools, variants, signal }: ThumbnailInput, folder: string): Promise<Array<Frame | undefined>> {
	if (source.kind === 'video') return await bestFrames({ ...source, tools, folder, signal }, variants);
	const seen = await inspectPicture(tools, source.path, signal);
	if (seen.whole) return [undefined];
	throw invalidRequest(`The picture can't be used: ${seen.why}`, { reason: 'picture-unusable', cure: 'Give a whole PNG, JPEG or WebP file.' });
}

interface Drawing {
	frame: Frame | undefined;
	document: string;
	folder: string;
	layout: string;
	fonts: FontSet;
}

/** @returns a PNG of exactly the size */
async function draw({ source, format, tools, signal, title }: ThumbnailInput, drawing: Drawing): Promise<string> {
	const { frame, document, folder, layout } = drawing;
	const { width, height } = THUMBNAIL_SIZES[format];
	const stem = `thumbnail-${layout}-${contentHash([source, format, title, frame?.atS ?? null]).slice(0, 12)}`;
	const path = join(folder, `${stem}.png`);
	const ass = `${stem}.ass`;
	await writeFile(join(folder, ass), document);
	const isVideo = source.kind === 'video';
	const crop = cropOf(frame, width / height);
	try {
		await runFfmpeg(
			tools,
			[
				...(isVideo && frame ? ['-ss', Math.max(0, frame.atS - 0.001).toFixed(3), '-format_whitelist', CLIP_FORMATS] : FROM_PICTURE),
				...['-i', resolve(source.path), '-map', '0:v:0', '-frames:v', '1', '-vf'],
				[
					...crop,
					`scale=${width}:${height}:force_original_aspect_ratio=increase:flags=lanczos`,
					`crop=${width}:${height}`,
					'setsar=1',
					// a little more than life: it is seen the size of a stamp
					'eq=contrast=1.06:saturation=1.18',
					'unsharp=5:5:0.5',
					'format=rgb24',
					`ass=${ass}:fontsdir=${FONT_FOLDER}`,
				].join(','),
				...['-c:v', 'png', '-f', 'image2', '-update', '1', path],
			],
			{ cwd: folder, signal, timeoutMs: 120_000 },
		);
	} finally {
		await rm(join(folder, ass), { force: true });
	}
	return path;
}

/** The largest part of the wanted shape around the subject; above the captions where there are some. */
function cropOf(frame: Frame | undefined, aspect: number): string[] {
	if (!frame) return [];
	const share = frame.hasCaption ? `if(gt(iw\\,ih)\\,${ABOVE_CAPTIONS.landscape}\\,${ABOVE_CAPTIONS.upright})` : '1';
	const high = `ih*${share}`;
	const width = `min(iw\\,${high}*${aspect.toFixed(5)})`;
	const tall = `min(${high}\\,iw/${aspect.toFixed(5)})`;
	const x = `max(0\\,min(iw-ow\\,iw*${frame.focus.x.toFixed(4)}-ow/2))`;
	const y = `max(0\\,min(${high}-oh\\,ih*${frame.focus.y.toFixed(4)}-oh/2))`;
	return [`crop=w=${width}:h=${tall}:x=${x}:y=${y}`];
}
