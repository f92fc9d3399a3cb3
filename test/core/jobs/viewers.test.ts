/** Published videos that their viewers leave early, by the figures of their channel. */
import { expect, it } from 'vitest';

import { flagJob } from '../../../core/jobs/flag';
import { takePending } from '../../../core/jobs/list';
import { updateJob } from '../../../core/jobs/update';
import { runStage } from '../../../core/jobs/stage';
import { recordViewers } from '../../../core/jobs/viewers';
import { queuedJob } from '../../support/job';
import { describeStores, type PlacedStore } from '../../support/stores';

const HOUR = 3_600_000;

async function published(store: PlacedStore, id: string, channel = 'UC1', more: object = {}): Promise<void> {
	await queuedJob(store, { video_id: id, ...more });
	const holder = `n8n:${id}`;
	await runStage({ store, videoId: id, stage: 'video', input: {}, holder, work: async () => await Promise.resolve({ duration_s: 100 }) });
	await runStage({ store, videoId: id, stage: 'upload', input: {}, holder, work: async () => await Promise.resolve({}), statusAfter: () => 'published' });
	await store.transaction(async (trx) => {
		await trx
			.insertInto('uploads')
			.values({
				...{ key: `job:${id}`, state: 'published', account_id: 'a', channel_id: channel, project: 'p', file_identity: '', bytes: 1 },
				...{ title: '', metadata_hash: '', sealed_session: '', confirmed_bytes: 1, tail_sent: 1, day: '', youtube_id: `yt-${id}`, result: null },
				...{ opened_at: 0, updated_at: 0 },
			})
			.execute();
	});
}

describeStores('viewers', (open) => {
	it('point to a video far under the median of its channel, once, and not before its figures say something', async () => {
		const store = await open();
		const seconds = { a: 50, b: 52, c: 48, d: 55, bad: 20, few: 5, other: 5 };
		for (const [id, averageViewS] of Object.entries(seconds)) {
			await published(store, id, id === 'other' ? 'UC2' : 'UC1');
			const recorded = await recordViewers(store, { youtubeId: `yt-${id}`, averageViewS, views: id === 'few' ? 99 : 1000 });
			expect(recorded).toMatchObject({ video_id: id, retention: averageViewS / 100 });
		}
		const take = async () => (await takePending(store, { viewers: true }, 'n8n:1')).map(({ job, pending, reason }) => ({ id: job.video_id, pending, reason }));
		expect(await take()).toEqual([]);
		store.clock.pass(48 * HOUR);
		expect(await takePending(store, {}, 'n8n:1')).toEqual([]);
		expect(await take()).toEqual([
			{
				id: 'bad',
				pending: 'published',
				reason: 'Viewers stay for 20 % of it; the median of the 5 videos of its channel is 50 %. The script did not hold them.',
			},
		]);
		// the run that took it was killed
		store.clock.pass(2 * HOUR);
		expect(await take()).toMatchObject([{ id: 'bad' }]);
		await flagJob(store, 'bad', { reason: 'Viewers leave' }, 'n8n:1');
		await updateJob(store, 'bad', { person: '' }, 'n8n:1');
		store.clock.pass(2 * HOUR);
		expect(await take()).toEqual([]);
	});

	it('are judged 48 hours after the planned publication of a video that was uploaded before it', async () => {
		const store = await open();
		const publishAt = new Date(Date.now() + 10 * 24 * HOUR).toISOString();
		store.clock.pass(Date.now() - store.clock.now());
		for (const [id, averageViewS] of Object.entries({ a: 50, b: 50, c: 50, d: 50, bad: 5 })) {
			await published(store, id, 'UC1', id === 'bad' ? { publish_at: publishAt } : {});
			await recordViewers(store, { youtubeId: `yt-${id}`, averageViewS, views: 1000 });
		}
		store.clock.pass(10 * 24 * HOUR + 47 * HOUR);
		expect(await takePending(store, { viewers: true }, 'n8n:1')).toEqual([]);
		store.clock.pass(2 * HOUR);
		expect(await takePending(store, { viewers: true }, 'n8n:1')).toMatchObject([{ job: { video_id: 'bad' } }]);
	});

	it('are never booked on a video whose upload has no ID yet', async () => {
		const store = await open();
		await published(store, 'open');
		await store.transaction(async (trx) => {
			await trx.updateTable('uploads').set({ state: 'uploading', youtube_id: '' }).execute();
		});
		await expect(recordViewers(store, { youtubeId: '', averageViewS: 5, views: 500 })).rejects.toMatchObject({
			errorClass: 'invalid-request',
			issues: [{ field: 'youtubeId' }],
		});
		expect(await store.db.selectFrom('viewers').selectAll().execute()).toEqual([]);
	});

	it('are not looked for where no job of this store made the video', async () => {
		const store = await open();
		expect(await recordViewers(store, { youtubeId: 'elsewhere', averageViewS: 5, views: 5 })).toBeUndefined();
		await expect(recordViewers(store, { youtubeId: 'x', averageViewS: NaN, views: 5 })).rejects.toThrow(/not the figures/);
		await queuedJob(store);
		await updateJob(store, 'v-1', { status: 'published' }, 'test');
		expect(await takePending(store, { viewers: true }, 'n8n:1')).toEqual([]);
	});
});
