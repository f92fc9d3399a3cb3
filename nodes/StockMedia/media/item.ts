/** A clip or photo as an item tells it, with what its licence asks to keep. */
import type { IDataObject } from 'n8n-workflow';

import type { FootageCandidate } from '../../../core/providers/footage/footage';
import { footageTitle } from '../../../core/providers/footage/terms';
import { cleanText } from '../../../core/text';

/** All words come from strangers: one line each, without invisible characters; addresses only of the web. */
export function mediaItem(candidate: FootageCandidate): IDataObject {
	const { provider, kind, id, durationS, width, height } = candidate;
	const author = cleanText(candidate.author).slice(0, 120);
	const page = webAddress(candidate.pageUrl);
	return {
		id: `${provider}:${id}`,
		provider,
		kind,
		title: cleanText(candidate.title).slice(0, 300),
		...(kind === 'video' ? { duration_s: durationS } : {}),
		width,
		height,
		page_url: page,
		preview_url: webAddress(candidate.previewUrl),
		author,
		author_url: webAddress(candidate.authorUrl),
		license: candidate.license,
		attribution: `${kind === 'photo' ? 'Photo' : 'Video'}${author ? ` by ${author}` : ''} on ${footageTitle(provider)}${page && `: ${page}`}`,
	};
}

function webAddress(address: string): string {
	return /^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : '') ? address : '';
}
