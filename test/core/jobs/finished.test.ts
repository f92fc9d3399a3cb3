/** What is asked of a video that is made: only what is fit for it. */
import { describe, expect, it } from 'vitest';

import { isYtempireError } from '../../../core/errors';
import { failJobsOf } from '../../../core/jobs/fail-execution';
import { finishedVideo } from '../../../core/jobs/finished';
import { getJob } from '../../../core/jobs/job';
import { LEASE_MS } from '../../../core/jobs/lease';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import { runStage } from '../../../core/jobs/stage';
import type { Store } from '../../../core/store/store';
import { letGo, queuedJob } from '../../support/job';
import { temporaryStore } from '../../support/store';

async function stage(store: Store, name: string, result: object, videoId = 'v-1') {
	await runStage({ store, videoId, stage: name, input: name, holder: 'test', work: async () => await Promise.resolve(result) });
	await letGo(store);
}

const film = { file: { path: '/films/v-1.mp4' } };
const judged = (passed: boolean) => ({ passed, score: passed ? 0.9 : 0.4, threshold: 0.7, reasons: passed ? [] : ['It is silent'] });

async function rendered(quality?: object) {
	const store = await temporaryStore();
	await queuedJob(store, { channel_id: 'account-03' });
	await stage(store, 'video', film);
	if (quality) await stage(store, 'quality', quality);
	return store;
}

describe('a finished video', () => {
	it('is found with its film, and with what the request says in place of what it was asked for with', async () => {
		const store = await rendered(judged(true));
		expect(await finishedVideo(store, 'check', { video_id: 'v-1', threshold: 0.95 })).toMatchObject({ video: film, threshold: 0.95 });
		expect(await finishedVideo(store, 'check', { video_id: 'v-1' })).toMatchObject({ threshold: 0.7 });
		expect(await finishedVideo(store, 'upload', { video_id: 'v-1' })).toMatchObject({ channelId: 'account-03', privacy: 'private' });
		const asked = { video_id: 'v-1', channel_id: 'account-05', privacy: 'public' };
		expect(await finishedVideo(store, 'upload', asked)).toMatchObject({ channelId: 'account-05', privacy: 'public' });
	});

	it('keeps its planned publication unless the request says who may see it', async () => {
		const store = await temporaryStore();
		const publishAt = new Date(Date.now() + 86_400_000).toISOString();
		await queuedJob(store, { publish_at: publishAt });
		await stage(store, 'video', film);
		await stage(store, 'quality', judged(true));
		expect(await finishedVideo(store, 'upload', { video_id: 'v-1' })).toMatchObject({ privacy: 'private', publishAt });
		for (const privacy of ['private', 'unlisted', 'public']) {
			const found = await finishedVideo(store, 'upload', { video_id: 'v-1', privacy });
			expect(found).toMatchObject({ privacy });
			expect(found).not.toHaveProperty('publishAt');
		}
	});

	it('is not let out by the judgement of an earlier rendering', async () => {
		const store = await rendered(judged(true));
		store.clock.pass(1000);
		await runStage({ store, videoId: 'v-1', stage: 'video', input: 'another', holder: 'test', work: async () => await Promise.resolve(film) });
		await letGo(store);
		await expect(finishedVideo(store, 'upload', { video_id: 'v-1' })).rejects.toMatchObject({ reason: 'not-judged' });
		await expect(finishedVideo(store, 'upload', { video_id: 'v-1', force: true })).resolves.toMatchObject({ video: film });
	});

	it.each([
		['check', { video_id: 'v-1', force: true }, 'force'],
		['check', { video_id: 'v-1', threshold: 2 }, 'threshold'],
		['upload', { video_id: 'v-1', privacy: 'secret' }, 'privacy'],
		['upload', { video_id: 7 }, 'video_id'],
		['upload', null, 'body'],
	] as const)('names what is not right in a request for a %s: %j', async (purpose, body, field) => {
		const store = await temporaryStore();
		await expect(finishedVideo(store, purpose, body)).rejects.toMatchObject({ reason: 'invalid-request', issues: [{ field }] });
	});

	it('is refused where it is unknown, not rendered, not judged, judged low or being made', async () => {
		const refusal = async (store: Store, purpose: 'check' | 'upload' = 'upload', more = {}) =>
			await finishedVideo(store, purpose, { video_id: 'v-1', ...more }).then(
				() => 'none',
				(error: unknown) => (isYtempireError(error) && error.cure ? error.reason : 'no cure'),
			);
		const store = await temporaryStore();
		expect(await refusal(store)).toBe('job-unknown');
		await queuedJob(store);
		expect([await refusal(store), await refusal(store, 'check')]).toEqual(['not-finished', 'not-finished']);
		await stage(store, 'video', film);
		expect([await refusal(store), await refusal(store, 'check')]).toEqual(['not-judged', 'none']);
		await stage(store, 'quality', judged(false));
		expect([await refusal(store), await refusal(store, 'upload', { force: true })]).toEqual(['quality-low', 'none']);
		const lease = { holder: 'another', lease_until: store.clock.now() + LEASE_MS };
		await store.transaction(async (trx) => await trx.updateTable('jobs').set(lease).execute());
		expect([await refusal(store, 'upload', { force: true }), await refusal(store, 'check')]).toEqual(['job-held', 'none']);
		store.clock.pass(LEASE_MS + 1);
		expect(await refusal(store, 'upload', { force: true })).toBe('none');
	});
});

describe('an execution that failed', () => {
	const failure = { holder: 'n8n:7', stage: 'Break', reason: 'The key sk-abcdefghijkl is no good', cure: 'Mend it' };

	async function queued(ids: string[]) {
		const store = await temporaryStore();
		for (const id of ids) {
			const validation = validateRequest({ video_id: id, topic: 'How volcanoes work' });
			if (validation.valid) await queueJob(store, validation.request, id.startsWith('own') ? 'n8n:7' : 'n8n:8');
		}
		return store;
	}

	it('leaves what it held failed, with stage, reason and cure, ready to go on', async () => {
		const store = await queued(['own-1', 'own-2', 'other']);
		expect((await failJobsOf(store, failure)).map(({ video_id: id }) => id).sort()).toEqual(['own-1', 'own-2']);
		expect(await getJob(store, 'own-1')).toMatchObject({
			status: 'failed',
			failure: { stage: 'Break', reason: 'The key [hidden] is no good', cure: 'Mend it' },
		});
		expect(await getJob(store, 'other')).toMatchObject({ status: 'queued', failure: null });
		expect(await failJobsOf(store, failure)).toEqual([]);
	});

	it.each(['Workflow did not finish, possible out-of-memory issue', 'The execution was cancelled because the system is shutting down'])(
		'leaves its videos to Resume when n8n says: %s',
		async (reason) => {
			const store = await queued(['own-1']);
			expect(await failJobsOf(store, { ...failure, reason })).toEqual([]);
			expect(await getJob(store, 'own-1')).toMatchObject({ status: 'queued', failure: null });
		},
	);
});
