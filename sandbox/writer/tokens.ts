/** How the sandbox counts tokens: a rule simple enough to compute by hand. */

/** Four characters are one token, a broken one counts whole. */
export function countTokens(text: string): number {
	return Math.ceil([...text].length / 4);
}

/** The beginning of a text that is `tokens` long. */
export function cutToTokens(text: string, tokens: number): string {
	return [...text].slice(0, tokens * 4).join('');
}

/** Tokens that a model thinks before it answers; billed as output. */
export const REASONING_TOKENS: Record<string, number> = {
	none: 0,
	minimal: 16,
	low: 64,
	medium: 192,
	high: 512,
	xhigh: 1024,
	max: 2048,
};
