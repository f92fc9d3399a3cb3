/** Waste and the levers beside a switch, on a few recorded videos. */
import { expect, it } from 'vitest';

import { identifySavings, SAVING_LIMITS } from '../../../core/cost/savings';
import { lastDays } from '../../../core/cost/period';
import { wasteOf } from '../../../core/cost/waste';
import type { Store } from '../../../core/store/store';
import { costRow, jobRow, stageRow } from '../../support/month';
import { temporaryStore } from '../../support/store';

const terra = { provider: 'openai', model: 'gpt-6.1-terra' };
const luna = { provider: 'openai', model: 'gpt-6-luna' };
const eleven = { provider: 'elevenlabs', model: 'eleven_multilingual_v2' };
const use = { tokens: 1_000, characters: 1_000, pictures: 1 };

async function record(store: Store, rows: { jobs?: object[]; stages?: object[]; costs?: object[]; regenerations?: object[] }): Promise<void> {
	await store.transaction(async (trx) => {
		for (const [table, own] of Object.entries(rows)) await trx.insertInto(table as 'jobs').values(own as never).execute();
	});
}

it('counts what failed, what was flagged and what was paid again, each once', async () => {
	const store = await temporaryStore();
	const now = store.clock.now();
	const paid = (key: string, id: string, at: number) => costRow(key, id, at, 'voice', eleven, use);
	await record(store, {
		jobs: [jobRow('good', now, 'published'), jobRow('bad', now, 'failed'), jobRow('low', now, 'flagged'), jobRow('resumed', now, 'published')],
		stages: [stageRow('good', 'voice', now, {}), stageRow('resumed', 'voice', now, {})],
		costs: [
			paid('1', 'good', now - 1_000),
			paid('2', 'good', now + 1),
			paid('3', 'bad', now),
			paid('4', 'low', now),
			// broke off and went on: its parts were kept, none was paid in vain
			paid('5', 'resumed', now - 1_000),
			paid('6', 'resumed', now + 1),
		],
		regenerations: [{ video_id: 'good', round: 1, part: 'voice', stage: 'voice', instruction: 'too quiet', before: null, at: now - 500 }],
	});
	const waste = await wasteOf(store, lastDays(30, now));
	const one = { videos: 1, cost_usd: 0.1 };
	expect(waste).toMatchObject({ failed: one, flagged: one, regenerated: one });
	expect(waste.cost_usd).toBeCloseTo(0.3, 9);
	expect(waste.share).toBeCloseTo(0.5, 9);
});

it('tells of caches, shorter narrations, and a cheaper tier for drafts whose quality was seen', async () => {
	const store = await temporaryStore();
	const now = store.clock.now();
	const [jobs, stages, costs]: [object[], object[], object[]] = [[], [], []];
	for (let index = 0; index < 60; index++) {
		const id = `v-${index}`;
		jobs.push(jobRow(id, now, 'published'));
		stages.push(stageRow(id, 'quality', now, { score: 0.9 + (index % 7) / 100 }));
		costs.push(costRow(`s${index}`, id, now, 'script', index < 30 ? terra : luna, use), costRow(`v${index}`, id, now, 'voice', eleven, use));
	}
	await record(store, { jobs, stages, costs });
	const { savings } = await identifySavings(store, { ...SAVING_LIMITS, leastVideos: 25 });
	const of = (kind: string) => savings.filter((one) => one.kind === kind);
	// 60 narrations of 1,000 characters at $100 a million
	expect(of('shorter-narration')).toMatchObject([{ saving_usd: expect.closeTo(0.6, 9), confidence: null }]);
	// 30 scripts of 2,000 tokens in and 1,000 out
	expect(of('draft-tier')).toMatchObject([{ saving_usd: expect.closeTo((30 * (2_000 * 0.9 + 1_000 * 4.5)) / 1e6, 9), stage: 'script' }]);
	expect(of('cache').length).toBeGreaterThan(0);
	expect(of('switch')).toMatchObject([{ stage: 'script', to: luna, alone: true }]);

	const strict = await identifySavings(store, { ...SAVING_LIMITS, qualityFloor: 0.95 });
	expect(strict.savings.map(({ kind }) => kind)).not.toContain('draft-tier');
	expect(strict.savings.map(({ kind }) => kind)).not.toContain('switch');
});
