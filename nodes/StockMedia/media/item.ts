/** A clip or photo as an item tells it, with what its licence asks to keep. */
import type { IDataObject } from 'n8n-workflow';

import type { FootageCandidate } from '../../../core/providers/footage/footage';
import { footageTitle } from '../../../core/providers/footage/terms';
import { cleanText } from '../../../core/text';

/** All words come from strangers: one line each, without invisible characters. */
export function mediaItem(candidate: FootageCandidate): IDataObject {
	const { provider, kind, id, durationS, width, height } = candidate;
	const author = cleanText(candidate.author).slice(0, 120);
	return {
		id: `${provider}:${id}`,
		provider,
		kind,
		title: cleanText(candidate.title).slice(0, 300),
		...(kind === 'video' ? { duration_s: durationS } : {}),
		width,
		height,
		page_url: candidate.pageUrl,
		preview_url: candidate.previewUrl,
		author,
		author_url: candidate.authorUrl,
		license: candidate.license,
		attribution: `${kind === 'photo' ? 'Photo' : 'Video'}${author ? ` by ${author}` : ''} on ${footageTitle(provider)}: ${candidate.pageUrl}`,
	};
}
