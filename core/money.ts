/** Money in integer micro-dollars: millionths of a US dollar. */

export const MICRO_PER_USD = 1_000_000;

/** Rounds up, so that an estimate is never below the bill. */
export function microUsd(usd: number): number {
	// 1e-6 of a micro-dollar absorbs the binary error of prices such as 0.1
	return Math.ceil(usd * MICRO_PER_USD - 1e-6);
}

export function usd(micro: number): number {
	return micro / MICRO_PER_USD;
}
