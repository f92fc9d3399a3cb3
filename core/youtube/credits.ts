/** Credit for footage in a video's description, as the libraries' terms ask for where there is room. */
import type { FootageSource } from '../documents';
import { FOOTAGE_TERMS } from '../providers/footage/terms';
import { cleanText } from '../text';

import { YOUTUBE_LIMITS, type Fitted } from './limits';

/** One line for each author and page, and one for each licence, as many as fit behind the description; it is itself never cut. */
export function withCredits(description: string, sources: readonly FootageSource[]): Fitted<string> {
	const credits = new Set(sources.flatMap((source) => creditOf(source) ?? []));
	const licences = new Set(sources.flatMap((source) => (creditOf(source) ? licenceOf(source) : [])));
	const lines = [...credits, ...licences];
	let value = description;
	let written = 0;
	for (const line of lines) {
		const gap = written > 0 ? '\n' : value ? '\n\n' : '';
		const longer = `${value}${gap}${line}`;
		if (Buffer.byteLength(longer) > YOUTUBE_LIMITS.description) break;
		value = longer;
		written += 1;
	}
	const left = lines.length - written;
	return {
		value,
		warnings: left === 0 ? [] : [`The description has no room for ${left} of ${lines.length} lines of footage credits`],
	};
}

/** Names and addresses are strangers': one line, no markup, and only a link to the web. */
function creditOf({ author, author_url: authorPage, provider, kind, page_url: page }: FootageSource): string | undefined {
	if (!isWebPage(page)) return undefined;
	const name = cleanText(author.replace(/[<>]/g, '')).slice(0, 80);
	const library = cleanText(provider.replace(/[<>]/g, ''));
	const title = library.charAt(0).toUpperCase() + library.slice(1);
	const by = name && ` by ${name}${isWebPage(authorPage) ? ` (${authorPage})` : ''}`;
	return `${kind === 'photo' ? 'Photo' : 'Footage'}${by} on ${title}: ${page}`;
}

function isWebPage(address: unknown): boolean {
	return typeof address === 'string' && /^https:\/\/[^\s<>]+$/.test(address) && URL.canParse(address);
}

/** Only the licences that the libraries are known to have: a stranger's words are none. */
function licenceOf({ license }: FootageSource): string[] {
	return Object.values(FOOTAGE_TERMS).some((terms) => terms.license === license) ? [license] : [];
}
