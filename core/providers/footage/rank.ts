/** The one score by which clips and photos of all libraries are compared, and the choice without repetition. */
import { wordsOf } from '../../text';
import { orientationOf, type FootageCandidate, type FootageRendition } from './footage';

/** What a scene needs. */
export interface FootageNeed {
	query: string;
	/** Pixels of the output. */
	width: number;
	height: number;
	/** Seconds that the scene lasts; 0 when no length is wanted. */
	durationS: number;
}

/** Shares of the score; they add up to 1. */
export const RANK_WEIGHTS = {
	/** 1 same orientation, 0.4 to or from square, 0 turned: most of a turned picture is cut away. */
	orientation: 0.3,
	/** Share of the output's pixels that the best rendition has, after filling the frame; 1 without enlarging. */
	resolution: 0.2,
	/** Length over the scene's, 1 when long enough (a photo always is): short clips must be followed or looped. */
	length: 0.2,
	/** Share of the query's words found in the title, the tags or the address. */
	words: 0.15,
	/** 1 for the provider's first, halved every 5 places. */
	rank: 0.15,
} as const;

/** Clips in one scene at most: more would flicker. */
const MAX_CLIPS_PER_SCENE = 4;

const STOP_WORDS = new Set(['a', 'an', 'and', 'at', 'by', 'for', 'from', 'in', 'into', 'of', 'on', 'or', 'the', 'to', 'with']);

/** 0 to 1. */
export function scoreOf(candidate: FootageCandidate, need: FootageNeed): number {
	const rendition = bestRendition(candidate, need);
	if (!rendition) return 0;
	const wanted = searchWords(need.query);
	const found = new Set(candidate.words);
	const factors: Record<keyof typeof RANK_WEIGHTS, number> = {
		orientation: orientationFit(rendition, need),
		resolution: Math.min(1, fillScale(rendition, need)) ** 2,
		length: candidate.kind === 'photo' || need.durationS <= 0 ? 1 : Math.min(1, candidate.durationS / need.durationS),
		words: wanted.length === 0 ? 0 : wanted.filter((word) => found.has(word)).length / wanted.length,
		rank: 2 ** (-candidate.rank / 5),
	};
	return Object.entries(RANK_WEIGHTS).reduce(
		(sum, [name, weight]) => sum + weight * factors[name as keyof typeof RANK_WEIGHTS],
		0,
	);
}

/** Best first; equal scores keep the provider's order. */
export function ranked(
	candidates: readonly FootageCandidate[],
	need: FootageNeed,
): FootageCandidate[] {
	return candidates
		.map((candidate) => ({ candidate, score: scoreOf(candidate, need) }))
		.filter(({ score }) => score > 0)
		.sort((a, b) => b.score - a.score || a.candidate.rank - b.candidate.rank)
		.map(({ candidate }) => candidate);
}

/**
 * The best clips that together fill the scene, none of them in `used`; they are added to it.
 * @param ordered best first, see `ranked`
 */
export function chooseClips(
	ordered: readonly FootageCandidate[],
	durationS: number,
	used: Set<string>,
): FootageCandidate[] {
	const chosen: FootageCandidate[] = [];
	let filledS = 0;
	for (const candidate of ordered) {
		if (filledS >= durationS || chosen.length === MAX_CLIPS_PER_SCENE) break;
		if (used.has(keyOf(candidate))) continue;
		used.add(keyOf(candidate));
		chosen.push(candidate);
		filledS += candidate.durationS;
	}
	return chosen;
}

export function keyOf(candidate: Pick<FootageCandidate, 'provider' | 'id'>): string {
	return `${candidate.provider}:${candidate.id}`;
}

/** The smallest file that fills the frame without enlarging, else the largest one. */
export function bestRendition(
	candidate: FootageCandidate,
	need: Pick<FootageNeed, 'width' | 'height'>,
): FootageRendition | undefined {
	const bySize = candidate.renditions.toSorted((a, b) => a.width * a.height - b.width * b.height);
	return bySize.find((rendition) => fillScale(rendition, need) >= 1) ?? bySize.at(-1);
}

/** Pixels of the output's shorter side up to which a picture is compared with it: for more, Full HD still does. */
const FULL_HD_SIDE = 1080;

/** Of one output pixel along a side; what lies crosswise and is small falls under it. */
const LEAST_FILL = 0.5;

/** Whether its best file fills the frame without being enlarged to more than double (in Full HD at most). */
export function isLargeEnough(candidate: FootageCandidate, { width, height }: Pick<FootageNeed, 'width' | 'height'>): boolean {
	const scale = Math.min(1, FULL_HD_SIDE / Math.min(width, height));
	const need = { width: width * scale, height: height * scale };
	const rendition = bestRendition(candidate, need);
	return rendition !== undefined && fillScale(rendition, need) >= LEAST_FILL;
}

/** How many source pixels stand behind one output pixel, along a side; under 1 means enlarging. */
function fillScale(
	{ width, height }: FootageRendition,
	need: Pick<FootageNeed, 'width' | 'height'>,
): number {
	return Math.min(width / need.width, height / need.height);
}

function orientationFit(rendition: FootageRendition, need: FootageNeed): number {
	const own = orientationOf(rendition.width, rendition.height);
	const wanted = orientationOf(need.width, need.height);
	if (own === wanted) return 1;
	return own === 'square' || wanted === 'square' ? 0.4 : 0;
}

/** Words that mean something, in lower case, each once. */
export function searchWords(text: string): string[] {
	return [...new Set(wordsOf(text.toLowerCase()))].filter((word) => !STOP_WORDS.has(word));
}
