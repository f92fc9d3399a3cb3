/** A publication that was planned when the video was asked for. */
import type { MetadataInput } from './metadata';
import { momentOf, utcText } from './moment';

/**
 * The upload is private until then. Made too late, the video is public at once: that is what was wanted by now, and
 * YouTube refuses a time in the past.
 * @param planned ISO 8601 with its offset
 */
export function publicationOf(
	metadata: MetadataInput,
	planned: string | undefined,
	now: number,
): { metadata: MetadataInput; warnings: string[] } {
	if (planned === undefined) return { metadata, warnings: [] };
	const at = momentOf(planned);
	if (at !== undefined && at <= now) {
		return {
			metadata: { ...metadata, privacyStatus: 'public' },
			warnings: [`The planned publication at ${utcText(planned)} had passed when the video was ready: it is public at once`],
		};
	}
	return { metadata: { ...metadata, privacyStatus: 'private', publishAt: utcText(planned) }, warnings: [] };
}
