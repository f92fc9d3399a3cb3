/** How the measured videos scored. */
import { jsonSqlOf } from '../cost/json-sql';
import type { Store } from '../store/store';

export interface QualityBin {
	/** Scores from this one on. */
	from: number;
	/** Scores below this one; the last bin holds 1 itself, too. */
	to: number;
	passed: number;
	below: number;
}

export interface QualityView {
	measured: number;
	/** Reached their threshold. */
	passed: number;
	/** 0 to 1; null when nothing was measured. */
	mean: number | null;
	/** From 0 to 1 without a gap. */
	bins: QualityBin[];
}

const BINS = 20;

/** Scores are written with three digits, see `gate`. */
const STEPS = 1000;

/** The last measurement of each video, when it was made on these days. */
export async function qualityView(store: Store, since: string): Promise<QualityView> {
	const json = await jsonSqlOf(store);
	const rows = await store.db
		.selectFrom('stages')
		.select((eb) => [json.number('result', 'score').as('score'), json.text('result', 'passed').as('passed'), eb.fn.countAll<number>().as('videos')])
		.where('stage', '=', 'quality')
		.where('status', '=', 'done')
		.where('finished_at', '>=', Date.parse(since))
		.groupBy(['score', 'passed'])
		.execute();
	const bins = Array.from({ length: BINS }, (_, index) => ({ from: index / BINS, to: (index + 1) / BINS, passed: 0, below: 0 }));
	let [measured, good, sum] = [0, 0, 0];
	for (const { score, passed, videos } of rows) {
		if (score === null) continue;
		const bin = bins[Math.min(BINS - 1, Math.floor((Math.round(score * STEPS) * BINS) / STEPS))];
		// PostgreSQL writes the word, SQLite a number
		const isGood = ['true', '1'].includes(String(passed));
		measured += videos;
		sum += score * videos;
		if (isGood) good += videos;
		if (bin) bin[isGood ? 'passed' : 'below'] += videos;
	}
	return { measured, passed: good, mean: measured > 0 ? Math.round((sum / measured) * STEPS) / STEPS : null, bins };
}
