/** How the measured videos scored. */
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
	const { sql } = await import('../vendor/kysely');
	// the databases read JSON each in its own way; both give one row a score
	const score = store.query ? sql<number>`cast(result::json ->> 'score' as double precision)` : sql<number>`result ->> '$.score'`;
	const passed = store.query ? sql<number | string>`result::json ->> 'passed'` : sql<number | string>`result ->> '$.passed'`;
	const rows = await store.db
		.selectFrom('stages')
		.select((eb) => [score.as('score'), passed.as('passed'), eb.fn.countAll<number>().as('videos')])
		.where('stage', '=', 'quality')
		.where('status', '=', 'done')
		.where('finished_at', '>=', Date.parse(since))
		.groupBy(['score', 'passed'])
		.execute();
	const bins = Array.from({ length: BINS }, (_, index) => ({ from: index / BINS, to: (index + 1) / BINS, passed: 0, below: 0 }));
	let [measured, good, sum] = [0, 0, 0];
	for (const row of rows) {
		const bin = bins[Math.min(BINS - 1, Math.floor((Math.round(row.score * STEPS) * BINS) / STEPS))];
		const isGood = row.passed === 1 || row.passed === 'true';
		measured += row.videos;
		sum += row.score * row.videos;
		if (isGood) good += row.videos;
		if (bin) bin[isGood ? 'passed' : 'below'] += row.videos;
	}
	return { measured, passed: good, mean: measured > 0 ? Math.round((sum / measured) * STEPS) / STEPS : null, bins };
}
