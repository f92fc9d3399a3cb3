/** Captions as they look: one frame of them, rendered by ffmpeg, as a picture or as pixels. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Word } from '../../core/documents';
import { assDocument, captionLook, facesOf, type CaptionLook } from '../../core/video/ass';
import { captionText, type CaptionOptions } from '../../core/video/caption-style';
import { captionCues, type TimedCue } from '../../core/video/captions';
import { runFfmpeg, type FfmpegTools } from '../../core/video/ffmpeg';
import type { Area } from '../../core/video/layout';
import { bringFonts, FONT_FOLDER } from '../../core/video/segment';

/** @param wordS seconds from one word to the next */
export function spoken(text: string, wordS = 0.4, startS = 0): Word[] {
	return text.split(' ').map((word, index) => ({
		text: word,
		start_s: startS + index * wordS,
		end_s: startS + index * wordS + wordS * 0.8,
	}));
}

export interface Scenery {
	text: string;
	options?: CaptionOptions;
	width: number;
	height: number;
	language?: string;
	onScreenText?: string;
	isCard?: boolean;
}

export interface Written {
	document: string;
	look: CaptionLook;
	cues: TimedCue[];
	folder: string;
}

/** Writes the ASS document and its fonts into the folder. */
export async function writeCaptions(folder: string, scenery: Scenery): Promise<Written> {
	const { text, options = {}, width, height, language = 'en', onScreenText = '', isCard = false } = scenery;
	const words = spoken(text);
	const durationS = words.length * 0.4 + 1;
	const look = await captionLook(options, { width, height, text: `${text}\n${onScreenText}`, language });
	const style = { ...captionText(look.style, look.layout), maxWords: look.style.maxWords };
	const cues = captionCues(words, durationS, style, look.fonts);
	const document = assDocument({ cues, onScreenText, isCard, durationS }, look);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'captions.ass'), document);
	await bringFonts(folder, facesOf(look));
	return { document, look, cues, folder };
}

/** @param background of ffmpeg's `lavfi`, without its size */
export async function renderCaptions(
	tools: FfmpegTools,
	{ folder, look }: Written,
	atS: number,
	output: string[],
	background = 'color=c=black',
): Promise<string> {
	const { width, height } = look.layout;
	const source = `${background}${background.includes('=') ? ':' : '='}size=${width}x${height}:rate=25:duration=60`;
	const { stderr } = await runFfmpeg(
		tools,
		[
			'-f', 'lavfi', '-i', source,
			'-vf', `trim=start=${atS}:duration=0.2,ass=captions.ass:fontsdir=${FONT_FOLDER}`,
			'-frames:v', '1', ...output,
		],
		{ cwd: folder },
	);
	return stderr;
}

export interface Pixels {
	width: number;
	height: number;
	rgb: Buffer;
}

export async function captionPixels(tools: FfmpegTools, written: Written, atS: number): Promise<Pixels> {
	await renderCaptions(tools, written, atS, ['-pix_fmt', 'rgb24', '-f', 'rawvideo', 'frame.rgb']);
	const { width, height } = written.look.layout;
	return { width, height, rgb: await readFile(join(written.folder, 'frame.rgb')) };
}

/** The smallest area that holds every pixel for which `matches`; undefined when there is none. */
export function areaOf(
	{ width, rgb }: Pixels,
	matches: (red: number, green: number, blue: number) => boolean,
): Area | undefined {
	let area: Area | undefined;
	for (let at = 0; at < rgb.length; at += 3) {
		if (!matches(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0)) continue;
		const x = (at / 3) % width;
		const y = Math.floor(at / 3 / width);
		area ??= { left: x, right: x + 1, top: y, bottom: y + 1 };
		area.left = Math.min(area.left, x);
		area.right = Math.max(area.right, x + 1);
		area.bottom = y + 1;
	}
	return area;
}
