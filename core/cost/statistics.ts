/** The few statistics that savings and judgements rest on. */

/** One-sided 95 %: what is claimed is wrong at most once in twenty times. */
export const Z_95 = 1.645;

/** The standard normal distribution function, by Abramowitz and Stegun 26.2.17 (error below 7.5e-8). */
export function normalCdf(z: number): number {
	const t = 1 / (1 + 0.2316419 * Math.abs(z));
	const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	const upper = Math.exp((-z * z) / 2) * 0.3989422804014327 * series;
	return z >= 0 ? 1 - upper : upper;
}

/** Wilson's bound of a share, one-sided 95 %; 1 or 0 when nothing was seen. */
export function wilson(count: number, of: number, bound: 'lower' | 'upper'): number {
	if (of === 0) return bound === 'upper' ? 1 : 0;
	const [share, z2] = [count / of, Z_95 * Z_95];
	const half = Z_95 * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
	const middle = share + z2 / (2 * of);
	return (middle + (bound === 'upper' ? half : -half)) / (1 + z2 / of);
}

/** Numbers summed up: enough for mean and spread. */
export interface Moments {
	n: number;
	sum: number;
	squares: number;
}

export function meanOf({ n, sum }: Moments): number {
	return n === 0 ? 0 : sum / n;
}

/** Of single values, unbiased; 0 for fewer than two. */
export function varianceOf({ n, sum, squares }: Moments): number {
	return n < 2 ? 0 : Math.max(0, (squares - (sum * sum) / n) / (n - 1));
}

/** Gauss and Jordan with pivots; the matrix is symmetric and positive. */
export function inverse(matrix: readonly number[][]): number[][] {
	const size = matrix.length;
	const work = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))]);
	for (let column = 0; column < size; column++) {
		let pivot = column;
		for (let row = column + 1; row < size; row++) {
			if (Math.abs(at(work, row, column)) > Math.abs(at(work, pivot, column))) pivot = row;
		}
		[work[column], work[pivot]] = [work[pivot] ?? [], work[column] ?? []];
		const divisor = at(work, column, column);
		work[column] = (work[column] ?? []).map((value) => value / divisor);
		for (let row = 0; row < size; row++) {
			const factor = at(work, row, column);
			if (row === column || factor === 0) continue;
			work[row] = (work[row] ?? []).map((value, index) => value - factor * at(work, column, index));
		}
	}
	return work.map((row) => row.slice(size));
}

const at = (matrix: readonly number[][], row: number, column: number) => matrix[row]?.[column] ?? 0;
