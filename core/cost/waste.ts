/** Money for nothing: videos that failed or were flagged, and stages that were paid again. */
import { usd } from '../money';
import type { Store } from '../store/store';

import type { Period } from './period';

export interface Waste {
	failed: { videos: number; cost_usd: number };
	flagged: { videos: number; cost_usd: number };
	/** Of published videos: what a stage had cost before the video was sent back, where the stage was paid again. */
	regenerated: { videos: number; cost_usd: number };
	cost_usd: number;
	/** Of all costs, 0 to 1. */
	share: number;
}

export async function wasteOf(store: Store, period: Period): Promise<Waste> {
	const byStatus = await spentByStatus(store, period);
	const again = await paidAgain(store, period);
	const of = (status: string) => {
		const row = byStatus.find((one) => one.status === status);
		return { videos: row?.videos ?? 0, micro: row?.micro ?? 0 };
	};
	const total = byStatus.reduce((sum, { micro }) => sum + micro, 0);
	const parts = { failed: of('failed'), flagged: of('flagged'), regenerated: again };
	const wasted = Object.values(parts).reduce((sum, { micro }) => sum + micro, 0);
	const asPart = ({ videos, micro }: { videos: number; micro: number }) => ({ videos, cost_usd: usd(micro) });
	return {
		failed: asPart(parts.failed),
		flagged: asPart(parts.flagged),
		regenerated: asPart(parts.regenerated),
		cost_usd: usd(wasted),
		share: total === 0 ? 0 : wasted / total,
	};
}

async function spentByStatus(store: Store, { from, to }: Period) {
	return await store.db
		.selectFrom('costs')
		.leftJoin('jobs', 'jobs.video_id', 'costs.video_id')
		.select(({ fn }) => [
			'jobs.status',
			fn.count<number>('costs.video_id').distinct().as('videos'),
			fn.sum<number>('costs.micro_usd').as('micro'),
		])
		.where('costs.day', '>=', from)
		.where('costs.day', '<=', to)
		.where('costs.micro_usd', '>', 0)
		.groupBy('jobs.status')
		.execute();
}

async function paidAgain(store: Store, { from, to }: Period): Promise<{ videos: number; micro: number }> {
	const row = await store.db
		.selectFrom('costs')
		.innerJoin('stages', (join) => join.onRef('stages.video_id', '=', 'costs.video_id').onRef('stages.stage', '=', 'costs.stage'))
		.innerJoin('jobs', 'jobs.video_id', 'costs.video_id')
		.select(({ fn, val }) => [
			fn.count<number>('costs.video_id').distinct().as('videos'),
			fn.coalesce(fn.sum<number>('costs.micro_usd'), val(0)).as('micro'),
		])
		.where('costs.day', '>=', from)
		.where('costs.day', '<=', to)
		.where('costs.micro_usd', '>', 0)
		.where('jobs.status', '=', 'published')
		.whereRef('costs.at', '<', 'stages.started_at')
		.where(({ exists, selectFrom }) =>
			exists(
				selectFrom('regenerations')
					.select('regenerations.round')
					.whereRef('regenerations.video_id', '=', 'costs.video_id')
					.whereRef('regenerations.at', '>=', 'costs.at'),
			),
		)
		.where(({ exists, selectFrom }) =>
			exists(
				selectFrom('costs as later')
					.select('later.id')
					.whereRef('later.video_id', '=', 'costs.video_id')
					.whereRef('later.stage', '=', 'costs.stage')
					.whereRef('later.at', '>=', 'stages.started_at')
					.where('later.micro_usd', '>', 0),
			),
		)
		.executeTakeFirstOrThrow();
	return { videos: row.videos, micro: row.micro };
}
