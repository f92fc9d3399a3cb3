/** Cues of a composed video as SRT, for a caption track. */
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';
import { srtText } from '../video/caption-tracks';

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
	return srtText(parsed.data);
}
