/** Cues of a composed video as SRT, for a caption track. */
import type { CaptionCue } from '../documents';
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

/** Cues come from items and are checked; a day is the longest that YouTube takes. */
const cuesSchema = z
	.array(z.object({ start_s: z.number().min(0).max(86_400), end_s: z.number().min(0).max(86_400), text: z.string() }))
	.min(1)
	.max(50_000);

/** @throws YtempireError `invalid-request` when these are no cues */
export function srtOf(cues: unknown): string {
	const parsed = cuesSchema.safeParse(cues);
	if (!parsed.success) {
		throw invalidRequest('The cues are not those of a composed video', {
			cure: 'Give the list from the Video Composer ($json.video.captions), or choose another source for the captions.',
			reason: 'invalid-captions',
			issues: [{ field: 'captions', reason: 'must be a list of start_s, end_s and text' }],
		});
	}
	return parsed.data.map((cue: CaptionCue, index) => cueText(cue, index + 1)).join('\n');
}

function cueText({ start_s: start, end_s: end, text }: CaptionCue, number: number): string {
	// An arrow or an empty line in the text would begin another cue
	const lines = text.replaceAll('-->', '→').split(/\r?\n/).filter((line) => line.trim() !== '');
	return `${number}\n${timeOf(start)} --> ${timeOf(end)}\n${lines.join('\n')}\n`;
}

function timeOf(seconds: number): string {
	const milliseconds = Math.round(seconds * 1000);
	const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
	const rest = String(milliseconds % 1000).padStart(3, '0');
	return `${two(milliseconds / 3_600_000)}:${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)},${rest}`;
}
