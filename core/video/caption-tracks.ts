/** Subtitle files beside the video: SRT (SubRip) and WebVTT (W3C, https://www.w3.org/TR/webvtt1/). */
import { writeFile } from 'node:fs/promises';

import type { CaptionCue, MediaFile } from '../documents';
import { mediaFile } from '../hash';
import { writeAside } from './ffmpeg';

export interface Subtitles {
	srt: MediaFile;
	vtt: MediaFile;
}

/** @param stem path without an extension */
export async function writeSubtitles(stem: string, cues: readonly CaptionCue[]): Promise<Subtitles> {
	const write = async (path: string, text: string, mime: string) => {
		await writeAside(path, (temporary) => writeFile(temporary, text));
		return await mediaFile(path, mime);
	};
	return {
		srt: await write(`${stem}.srt`, srtText(cues), 'application/x-subrip'),
		vtt: await write(`${stem}.vtt`, vttText(cues), 'text/vtt'),
	};
}

/** SRT has no escapes: what players take for markup is shown as its nearest likes. */
export function srtText(cues: readonly CaptionCue[]): string {
	return cues
		.map(({ start_s: start, end_s: end, text }, index) => {
			const shown = text.replace(/<(?=[a-z/])/gi, '‹').replace(/\{(?=\\)/g, '(');
			return `${index + 1}\n${timeOf(start, ',')} --> ${timeOf(end, ',')}\n${linesOf(shown)}\n`;
		})
		.join('\n');
}

export function vttText(cues: readonly CaptionCue[]): string {
	const blocks = cues.map(({ start_s: start, end_s: end, text }) => {
		const escaped = linesOf(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
		return `${timeOf(start, '.')} --> ${timeOf(end, '.')}\n${escaped}\n`;
	});
	return ['WEBVTT\n', ...blocks].join('\n');
}

/** An arrow or an empty line would begin another cue. */
function linesOf(text: string): string {
	return text
		.replaceAll('-->', '→')
		.split(/\r\n?|[\n\u0085\u2028\u2029]/)
		// eslint-disable-next-line no-control-regex -- they come from strangers and end a line in some players
		.map((line) => line.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').replaceAll(/\p{Cs}/gu, ''))
		.filter((line) => line.trim() !== '')
		.join('\n');
}

function timeOf(seconds: number, mark: string): string {
	const milliseconds = Math.round(seconds * 1000);
	const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
	const rest = String(milliseconds % 1000).padStart(3, '0');
	return `${two(milliseconds / 3_600_000)}:${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)}${mark}${rest}`;
}
