/** Square brackets in a text, those of East Asian writing too: each pair with what it holds, other pairs in it included. */

export interface Bracketed {
	/** Index of the opening bracket. */
	from: number;
	/** Index behind the closing one. */
	until: number;
	open: string;
	inner: string;
	/** The character before it; empty at the beginning. */
	before: string;
}

const OPENING = '[［【〔〖';
const CLOSING = ']］】〕〗';

/** The outermost pairs, in their order; a bracket without a partner is none. Takes time by the length of the text alone. */
export function bracketedIn(text: string): Bracketed[] {
	const opened: number[] = [];
	const pairs: Array<{ from: number; until: number }> = [];
	for (let at = 0; at < text.length; at++) {
		const character = text[at] as string;
		if (OPENING.includes(character)) opened.push(at);
		if (!CLOSING.includes(character)) continue;
		const from = opened.pop();
		if (from === undefined) continue;
		while ((pairs.at(-1)?.from ?? -1) > from) pairs.pop();
		pairs.push({ from, until: at + 1 });
	}
	return pairs.map(({ from, until }) => ({
		from,
		until,
		open: text[from] as string,
		inner: text.slice(from + 1, until - 1),
		before: text.slice(Math.max(0, from - 1), from),
	}));
}

/** Nobody writes more pairs around a cue. */
const DEEPEST = 4;

/** The text with a space in place of each pair that is to go; what stays is looked into as well. */
export function withoutBracketed(text: string, goes: (one: Bracketed) => boolean, depth = 1): string {
	let kept = '';
	let at = 0;
	for (const one of bracketedIn(text)) {
		const { from, until, open, inner } = one;
		kept += text.slice(at, from);
		if (goes(one)) kept += ' ';
		else kept += `${open}${depth < DEEPEST ? withoutBracketed(inner, goes, depth + 1) : inner}${text.slice(until - 1, until)}`;
		at = until;
	}
	return kept + text.slice(at);
}

/** Whether a bracket stands in it that has no partner. */
export function hasLooseBracket(text: string): boolean {
	const rest = withoutBracketed(text, () => true);
	return [...OPENING, ...CLOSING].some((bracket) => rest.includes(bracket));
}
