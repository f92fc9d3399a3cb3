/** Credit for footage in a video's description, as the libraries' terms ask for where there is room. */
import type { FootageSource } from '../documents';
import { cleanText } from '../text';

import { YOUTUBE_LIMITS, type Fitted } from './limits';

/** One line for each author and page, as many as fit behind the description; it is itself never cut. */
export function withCredits(description: string, sources: readonly FootageSource[]): Fitted<string> {
	const lines = [...new Set(sources.flatMap((source) => creditOf(source) ?? []))];
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
		warnings: left === 0 ? [] : [`The description has no room for ${left} of ${lines.length} footage credits`],
	};
}

/** Names and addresses are strangers': one line, no markup, and only a link to the web. */
function creditOf({ author, provider, kind, page_url: page }: FootageSource): string | undefined {
	if (!/^https:\/\/[^\s<>]+$/.test(page) || !URL.canParse(page)) return undefined;
	const name = cleanText(author.replace(/[<>]/g, '')).slice(0, 80);
	const library = cleanText(provider.replace(/[<>]/g, ''));
	const title = library.charAt(0).toUpperCase() + library.slice(1);
	return `${kind === 'photo' ? 'Photo' : 'Footage'}${name ? ` by ${name}` : ''} on ${title}: ${page}`;
}
