/** Choosing sentences so that their words come as near to an allotted number as they can. */

export function countWords(text: string): number {
	return text.split(/\s+/).filter(Boolean).length;
}

/**
 * The sentences, in their order, whose words together are nearest to `budget`
 * (a subset sum; of equal sums the one found first).
 */
export function fill(sentences: string[], budget: number): string[] {
	if (budget <= 0) return [];
	const limit = budget + 3;
	/** By number of words: the last sentence taken and the number before it. */
	const reached = new Map<number, { index: number; before: number }>();
	const sums = [0];
	sentences.forEach((sentence, index) => {
		const words = countWords(sentence);
		for (const before of [...sums]) {
			const sum = before + words;
			if (sum > limit || sum === 0 || reached.has(sum)) continue;
			reached.set(sum, { index, before });
			sums.push(sum);
		}
	});
	let sum = sums.reduce((best, other) => (Math.abs(other - budget) < Math.abs(best - budget) ? other : best), 0);
	const chosen: string[] = [];
	while (sum > 0) {
		const step = reached.get(sum);
		if (!step) break;
		chosen.unshift(sentences[step.index] ?? '');
		sum = step.before;
	}
	return chosen;
}
