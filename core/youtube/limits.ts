/** How long YouTube lets a title, a description and tags be, and how a text is made to fit. */
import { cleanText, cutAtWord } from '../text';

/** Source: developers.google.com/youtube/v3/docs/videos, read 2026-11. */
export const YOUTUBE_LIMITS = {
	/** Characters. */
	title: 100,
	/** Bytes of UTF-8. */
	description: 5000,
	/** Characters of all tags together, as `tagsLength` counts them. */
	tags: 500,
} as const;

/** YouTube refuses angle brackets in all three. */
const FORBIDDEN = /[<>]/g;

/** YouTube's way: a comma between two tags, and quotation marks around a tag with a space in it. */
export function tagsLength(tags: readonly string[]): number {
	const lengths = tags.map((tag) => tag.length + (tag.includes(' ') ? 2 : 0));
	return lengths.reduce((sum, length) => sum + length, 0) + Math.max(0, tags.length - 1);
}

export interface Fitted<T> {
	value: T;
	/** What was taken away, in words; empty when nothing was. */
	warnings: string[];
}

export function fitTitle(title: string): Fitted<string> {
	const clean = cleanText(title.replace(FORBIDDEN, ''));
	// UTF-16 units: the stricter of the two ways to count
	const value = clean.length <= YOUTUBE_LIMITS.title ? clean : cutToUnits(clean, YOUTUBE_LIMITS.title);
	return { value, warnings: value === clean ? [] : [`The title was cut to ${YOUTUBE_LIMITS.title} characters`] };
}

/** @param limit bytes of UTF-8; less than YouTube's where something follows */
export function fitDescription(
	description: string,
	limit: number = YOUTUBE_LIMITS.description,
): Fitted<string> {
	const clean = cleanText(description.replace(FORBIDDEN, ''), { keepLines: true });
	if (Buffer.byteLength(clean) <= limit) return { value: clean, warnings: [] };
	const ellipsis = '…';
	let room = limit - Buffer.byteLength(ellipsis);
	let value = '';
	for (const character of clean) {
		room -= Buffer.byteLength(character);
		if (room < 0) break;
		value += character;
	}
	return {
		value: value.trimEnd() + ellipsis,
		warnings: [`The description was cut to ${limit} bytes`],
	};
}

/** Keeps the first tags that fit; empty and repeated ones go without a warning. */
export function fitTags(tags: readonly string[]): Fitted<string[]> {
	const seen = new Set<string>();
	const clean = tags
		.map((tag) => cleanText(tag.replace(FORBIDDEN, '').replace(/[,"#]/g, ' ')))
		.filter((tag) => {
			const key = tag.toLowerCase();
			if (!tag || seen.has(key)) return false;
			seen.add(key);
			return true;
		});
	const value: string[] = [];
	for (const tag of clean) {
		if (tagsLength([...value, tag]) <= YOUTUBE_LIMITS.tags) value.push(tag);
	}
	const dropped = clean.length - value.length;
	return {
		value,
		warnings: dropped === 0 ? [] : [`${dropped} of ${clean.length} tags were left out: YouTube takes ${YOUTUBE_LIMITS.tags} characters`],
	};
}

function cutToUnits(text: string, limit: number): string {
	let characters = limit;
	let cut = cutAtWord(text, characters);
	while (cut.length > limit) cut = cutAtWord(text, --characters);
	return cut;
}
