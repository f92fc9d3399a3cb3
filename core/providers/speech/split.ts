/** Cuts a text into parts that one request takes: at the ends of sentences, else of clauses, words, letters. */
import type { PartLimit } from './speech';

/**
 * The parts in order; what is between them is only space. A text that fits comes back whole.
 * Parts without a letter or digit are left out: no voice can speak them.
 */
export function splitText(text: string, limit: Pick<PartLimit, 'most' | 'sizeOf'>, language: string): string[] {
	const fits = (part: string) => limit.sizeOf(part.trim()) <= limit.most;
	const finer: Array<(piece: string) => string[]> = [
		(piece) => sentencesOf(piece, language),
		clausesOf,
		(piece) => segments(piece, 'word', language),
		(piece) => segments(piece, 'grapheme', language),
		(piece) => [...piece],
	];
	return pack(text, fits, finer)
		.map((part) => part.trim())
		.filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** As few parts as go in order; a piece that is too large for one is cut finer. */
function pack(text: string, fits: (part: string) => boolean, [cut, ...finer]: Array<(piece: string) => string[]>): string[] {
	if (fits(text) || !cut) return [text];
	const parts: string[] = [];
	let open = '';
	for (const piece of cut(text)) {
		if (fits(open + piece)) {
			open += piece;
			continue;
		}
		if (open !== '') parts.push(open);
		const pieces = pack(piece, fits, finer);
		open = pieces.pop() ?? '';
		parts.push(...pieces);
	}
	return open === '' ? parts : [...parts, open];
}

/** Behind which a point ends no sentence. */
const ABBREVIATIONS = new Set(
	(
		'mr mrs ms dr prof st sr jr rev gen col capt lt sgt hon gov sen rep pres vs etc no vol fig approx dept est inc ltd co corp ' +
		'jan feb mar apr jun jul aug sep sept oct nov dec mt ave blvd rd al cf ca ' +
		'bzw ca evtl ggf inkl nr str usw vgl abb hr fr mme mlle sra srta dra ud uds pag art av núm sig dott ing cap ecc'
	).split(' '),
);

/** `e.g.`, `U.S.`, `z.B.`, `p.m.` */
const POINTED = /(?:^|[\s("'«„“])(?:\p{L}\.\s?){2,}$/u;

/** `J.` of `J. S. Bach`, `z.` of `z. B.` */
const INITIAL = /(?:^|[\s("'«„“])\p{L}\.$/u;

/** Sentences with the space behind them. A cut too few only makes a longer sentence, one too many a wrong melody. */
export function sentencesOf(text: string, language: string): string[] {
	const sentences: string[] = [];
	for (const piece of segments(text, 'sentence', language)) {
		const before = sentences.at(-1);
		if (before !== undefined && goesOn(before.trimEnd(), piece)) sentences[sentences.length - 1] = before + piece;
		else sentences.push(piece);
	}
	return sentences;
}

function goesOn(before: string, next: string): boolean {
	// after "...", and after an abbreviation that no list knows
	if (/^[\s"'»“”)]*\p{Ll}/u.test(next) && /[.…]["'»“”)]*$/.test(before)) return true;
	if (!before.endsWith('.')) return false;
	const word = /(\p{L}+)\.$/u.exec(before)?.[1]?.toLowerCase();
	return POINTED.test(before) || INITIAL.test(before) || (word !== undefined && ABBREVIATIONS.has(word)) || /(?:^|\s)\d+\.$/.test(before);
}

/** Not within numbers: a comma between digits has no space behind it. */
function clausesOf(text: string): string[] {
	return text.split(/(?<=[,;:—–]\s+|[、，；：。！？])(?=\S)/u);
}

function segments(text: string, granularity: 'grapheme' | 'sentence' | 'word', language: string): string[] {
	return [...new Intl.Segmenter(language, { granularity }).segment(text)].map(({ segment }) => segment);
}
