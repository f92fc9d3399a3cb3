/** Videos made again from the stage that failed them: what is kept, what is paid, who takes them, and when a person decides. */
import { expect, it } from 'vitest';

import type { QualityResult } from '../../../core/documents';
import { cancelled } from '../../../core/errors';
import { getJob } from '../../../core/jobs/job';
import { CLAIM_MS } from '../../../core/jobs/claims';
import { flagJob } from '../../../core/jobs/flag';
import { listJobs, takePending } from '../../../core/jobs/list';
import { regenerateJob } from '../../../core/jobs/regenerate';
import { LEASE_MS } from '../../../core/jobs/lease';
import { MAX_ATTEMPTS, resumeInterrupted } from '../../../core/jobs/resume';
import { runStage, type StageContext } from '../../../core/jobs/stage';
import { updateJob } from '../../../core/jobs/update';
import { callProvider } from '../../../core/routing/call';
import { queuedJob } from '../../support/job';
import { describeStores, type PlacedStore } from '../../support/stores';

type Calls = Record<string, number>;

/** Runs the whole line as the workflow does: each stage's input is what the one before gave. */
class Factory {
	readonly worked: Calls = {};

	readonly paid: Calls = {};

	readonly told: string[] = [];

	constructor(
		private readonly store: PlacedStore,
		private readonly score: () => number,
		private readonly blame: QualityResult['blame'] = ['voice'],
	) {}

	async make(videoId: string, holder: string): Promise<void> {
		const script = await this.stage(videoId, holder, 'script', {});
		const voice = await this.stage(videoId, holder, 'voice', { script });
		const video = await this.stage(videoId, holder, 'video', { script, voice });
		await runStage<QualityResult>({
			...{ store: this.store, videoId, stage: 'quality', input: { video }, holder },
			work: async () => await Promise.resolve(judged(this.score(), this.blame)),
			statusAfter: ({ passed }) => (passed ? undefined : 'flagged'),
		});
	}

	private async stage(videoId: string, holder: string, stage: string, input: object): Promise<unknown> {
		const { result } = await runStage({
			...{ store: this.store, videoId, stage, input, holder },
			work: async ({ calls, redos }: StageContext) => {
				this.worked[stage] = (this.worked[stage] ?? 0) + 1;
				this.told.push(...redos.map(({ part, instruction }) => `${part}: ${instruction}`));
				const { value } = await callProvider(calls, candidate, {
					capability: 'language',
					content: { stage, input },
					estimate: cost,
					send: async () => {
						this.paid[stage] = (this.paid[stage] ?? 0) + 1;
						return await Promise.resolve({ value: `${stage} ${this.paid[stage]}`, cost, warnings: [] });
					},
				});
				return { made: value };
			},
		});
		return result;
	}
}

const cost = { provider: 'writer', model: 'one', units: {}, micro_usd: 1000, basis: 'billed' as const };
const candidate = { provider: { id: 'writer' }, account: 'writer', model: 'one', perMinute: 10_000 };

function judged(score: number, blame: QualityResult['blame']): QualityResult {
	const passed = score >= 0.7;
	const reasons = passed ? [] : ['Failed: silence is 4 s, wanted: at most 2 s (voice).', 'Warning: black is 3 %, wanted: 2 % (footage).'];
	return { score, threshold: 0.7, passed, reasons, blame: passed ? [] : blame, gates: [] };
}

const HOUR = 3_600_000;

describeStores('a video that is made again', (open) => {
	it('keeps what was finished before the stage to blame, and pays anew from there on', async () => {
		const store = await open();
		await queuedJob(store);
		const scores = [0.4, 0.9];
		const factory = new Factory(store, () => scores.shift() ?? 0);
		await factory.make('v-1', 'n8n:1');
		expect((await getJob(store, 'v-1'))?.status).toBe('flagged');

		const { outcome, job } = await regenerateJob(store, 'v-1', {}, 'n8n:2');
		expect(outcome).toBe('queued');
		expect(job.status).toBe('queued');
		expect(job.regenerations).toMatchObject([{ round: 1, part: 'voice' }]);
		expect((await resumeInterrupted(store, 'n8n:3', 10)).map(({ video_id: id }) => id)).toEqual(['v-1']);
		await factory.make('v-1', 'n8n:3');

		expect(factory.worked).toEqual({ script: 1, voice: 2, video: 2 });
		expect(factory.paid).toEqual({ script: 1, voice: 2, video: 1 + 1 });
		expect(factory.told).toEqual(['voice: Failed: silence is 4 s, wanted: at most 2 s (voice).']);
		const made = await getJob(store, 'v-1');
		expect(made).toMatchObject({ status: 'running', cost_usd: 0.005, results: { quality: { passed: true } } });
	});

	it('does not pay again for the new take when the process dies behind it', async () => {
		const store = await open();
		await queuedJob(store);
		const factory = new Factory(store, () => 0.4);
		await factory.make('v-1', 'n8n:1');
		await regenerateJob(store, 'v-1', {}, 'n8n:2');
		await resumeInterrupted(store, 'n8n:3', 10);
		await factory.make('v-1', 'n8n:3');
		const { paid, worked } = structuredClone({ paid: factory.paid, worked: factory.worked });
		await factory.make('v-1', 'n8n:4');
		expect(factory.paid).toEqual(paid);
		expect(factory.worked).toEqual(worked);
	});

	it('renders anew without asking any provider again', async () => {
		const store = await open();
		await queuedJob(store);
		const factory = new Factory(store, () => 0.4, ['render']);
		await factory.make('v-1', 'n8n:1');
		await regenerateJob(store, 'v-1', {}, 'n8n:2');
		await factory.make('v-1', 'n8n:3');
		expect(factory.worked).toEqual({ script: 1, voice: 1, video: 2 });
		expect(factory.paid).toEqual({ script: 1, voice: 1, video: 1 });
	});

	it('goes back to the first stage to blame, and to all parts that this stage makes', async () => {
		const store = await open();
		for (const [id, blame, parts] of [
			['both', ['mix', 'footage'], ['footage', 'mix']],
			['first', ['footage', 'script'], ['script']],
		] as const) {
			await queuedJob(store, { video_id: id });
			await new Factory(store, () => 0.4, [...blame]).make(id, `n8n:${id}`);
			const { job } = await regenerateJob(store, id, {}, 'n8n:2');
			expect(job.regenerations.map(({ part }) => part)).toEqual(parts);
		}
	});

	it('is left to a person after two times, and comes back when the person has looked', async () => {
		const store = await open();
		await queuedJob(store);
		const factory = new Factory(store, () => 0.4);
		for (const round of [1, 2]) {
			await factory.make('v-1', `n8n:${round}`);
			expect((await regenerateJob(store, 'v-1', {}, 'n8n:monitor')).outcome).toBe('queued');
			await resumeInterrupted(store, `n8n:${round + 1}`, 10);
		}
		await factory.make('v-1', 'n8n:3');
		const { outcome, job } = await regenerateJob(store, 'v-1', {}, 'n8n:monitor');
		expect(outcome).toBe('person');
		expect(job).toMatchObject({ status: 'flagged', person: { why: expect.stringContaining('2 times') as string } });
		expect(await takePending(store, {}, 'n8n:4')).toEqual([]);
		expect((await listJobs(store, { person: true })).map(({ video_id: id }) => id)).toEqual(['v-1']);

		await updateJob(store, 'v-1', { person: '' }, 'n8n:person');
		expect(await takePending(store, {}, 'n8n:5')).toMatchObject([{ pending: 'low' }]);
	});

	it('asks a person when the budget has no room for it, and waits when only the day has none', async () => {
		const store = await open();
		await queuedJob(store, { video_id: 'dear' }, { video: 4000 });
		await new Factory(store, () => 0.4).make('dear', 'n8n:1');
		const dear = await regenerateJob(store, 'dear', {}, 'n8n:2');
		expect(dear.outcome).toBe('person');
		expect(dear.job.person?.why).toContain('budget');

		await queuedJob(store, { video_id: 'today' }, { day: 7000 });
		await new Factory(store, () => 0.4).make('today', 'n8n:1');
		expect((await regenerateJob(store, 'today', {}, 'n8n:2')).outcome).toBe('postponed');
		store.clock.pass(24 * HOUR);
		expect((await regenerateJob(store, 'today', {}, 'n8n:2')).outcome).toBe('queued');
	});

	it('does not count against the executions that a crash may cost', async () => {
		const store = await open();
		await queuedJob(store);
		const factory = new Factory(store, () => 0.4);
		await factory.make('v-1', 'n8n:1');
		for (const execution of [2, 3]) {
			await regenerateJob(store, 'v-1', {}, 'n8n:monitor');
			expect(await resumeInterrupted(store, `n8n:${execution}`, 10)).toHaveLength(1);
			await factory.make('v-1', `n8n:${execution}`);
		}
		expect((await getJob(store, 'v-1'))?.status).toBe('flagged');
	});

	it('never replaces a published video: a person is asked, and with a yes another job makes a private version', async () => {
		const store = await open();
		await queuedJob(store, { publish_at: '2027-01-01T12:00:00Z' });
		await updateJob(store, 'v-1', { status: 'published' }, 'test');
		const wish = { parts: ['script' as const], instruction: 'Viewers leave after the hook.' };
		const asked = await regenerateJob(store, 'v-1', wish, 'n8n:1');
		expect(asked).toMatchObject({ outcome: 'person', job: { status: 'published', person: { why: wish.instruction } } });

		const made = await regenerateJob(store, 'v-1', { ...wish, publishedToo: true }, 'n8n:1');
		expect(made).toMatchObject({
			outcome: 'new-version',
			job: { video_id: 'v-1-v2', status: 'queued', request: { options: { privacy: 'private' } }, regenerations: [wish].map(({ instruction }) => ({ part: 'script', instruction })) },
		});
		expect(made.job.request.publish_at).toBeUndefined();
		expect(await getJob(store, 'v-1')).toMatchObject({ status: 'published', person: null });
	});

	it('says that nothing is known to be wrong, and lets nobody interfere with a video that is being made', async () => {
		const store = await open();
		await queuedJob(store);
		await expect(regenerateJob(store, 'v-1', {}, 'n8n:1')).rejects.toMatchObject({ reason: 'no-blame' });
		await expect(regenerateJob(store, 'nothing', {}, 'n8n:1')).rejects.toMatchObject({ reason: 'job-unknown' });
		await resumeInterrupted(store, 'n8n:1', 1);
		await expect(regenerateJob(store, 'v-1', { parts: ['script'] }, 'n8n:2')).rejects.toMatchObject({ reason: 'job-held' });
		await expect(flagJob(store, 'v-1', {}, 'n8n:2')).rejects.toMatchObject({ reason: 'job-held' });
	});
});

describeStores('pending videos', (open) => {
	it('are those that are rendered and not judged, or judged low; not what is being made, published or left to a person', async () => {
		const store = await open();
		const low = new Factory(store, () => 0.4);
		for (const id of ['low', 'person', 'good', 'waiting', 'unjudged', 'made']) {
			store.clock.pass(1000);
			await queuedJob(store, { video_id: id });
		}
		await low.make('low', 'n8n:low');
		await low.make('person', 'n8n:person');
		await flagJob(store, 'person', { person: true, reason: 'The voice lisps' }, 'n8n:9');
		await new Factory(store, () => 0.9).make('good', 'n8n:good');
		await updateJob(store, 'good', { status: 'published' }, 'n8n:good');
		for (const id of ['unjudged', 'made']) {
			await runStage({ store, videoId: id, stage: 'video', input: {}, holder: `n8n:${id}`, work: async () => await Promise.resolve({}) });
		}
		await updateJob(store, 'unjudged', { status: 'failed' }, 'n8n:unjudged');
		const taken = await takePending(store, {}, 'n8n:1');
		expect(taken.map(({ job, pending }) => [job.video_id, pending])).toEqual([['low', 'low'], ['unjudged', 'unjudged']]);
		expect(taken[0]?.reason).toContain('silence is 4 s');
	});

	it('go to one of many overlapping runs, over several connections, and are free again when a run was killed', async () => {
		const store = await open();
		const factory = new Factory(store, () => 0.4);
		for (let index = 0; index < 6; index += 1) {
			await queuedJob(store, { video_id: `v-${index}` });
			await factory.make(`v-${index}`, `n8n:make-${index}`);
		}
		const others = [store, await open({ of: store }), await open({ of: store })];
		const runs = await Promise.all(
			Array.from({ length: 9 }, async (_, run) => await takePending(others[run % 3] ?? store, { limit: 2 }, `n8n:run-${run}`)),
		);
		const ids = runs.flat().map(({ job }) => job.video_id);
		expect(ids.toSorted()).toEqual(['v-0', 'v-1', 'v-2', 'v-3', 'v-4', 'v-5']);
		const [first] = runs.flat();
		await expect(regenerateJob(store, first?.job.video_id ?? '', {}, 'n8n:stranger')).rejects.toMatchObject({ reason: 'review-held' });

		store.clock.pass(CLAIM_MS + 1);
		expect(await takePending(store, {}, 'n8n:later')).toHaveLength(6);
		expect(CLAIM_MS).toBeLessThan(HOUR);
	});

	it('are not those that a person has flagged, whose reason stays whoever flags them again', async () => {
		const store = await open();
		await queuedJob(store);
		await new Factory(store, () => 0.9).make('v-1', 'n8n:1');
		await flagJob(store, 'v-1', { reason: 'The voice lisps', cure: 'Another voice' }, 'n8n:1');
		expect(await takePending(store, {}, 'n8n:2')).toEqual([]);
		const again = await flagJob(store, 'v-1', {}, 'n8n:2');
		expect(again).toMatchObject({ status: 'flagged', failure: { reason: 'The voice lisps', cure: 'Another voice' } });
	});

	it('are not those that somebody has stopped, or that have brought n8n down too often', async () => {
		const store = await open();
		const checking = async (id: string, check: () => Promise<never>) => {
			await queuedJob(store, { video_id: id });
			await runStage({ store, videoId: id, stage: 'video', input: {}, holder: `n8n:${id}`, work: async () => await Promise.resolve({}) });
			await runStage({ store, videoId: id, stage: 'quality', input: {}, holder: `n8n:${id}`, work: check }).catch(() => undefined);
		};
		await checking('stopped', async () => await Promise.reject(cancelled()));
		await checking('broken', async () => await Promise.reject(new Error('ffmpeg is gone')));
		await queuedJob(store, { video_id: 'deadly' });
		await runStage({ store, videoId: 'deadly', stage: 'video', input: {}, holder: 'n8n:deadly', work: async () => await Promise.resolve({}) });
		for (let death = 0; death < MAX_ATTEMPTS; death += 1) {
			store.clock.pass(LEASE_MS + 1);
			await resumeInterrupted(store, `n8n:${death}`, 10);
		}
		expect(await getJob(store, 'deadly')).toMatchObject({ status: 'failed' });
		expect((await takePending(store, {}, 'n8n:1')).map(({ job }) => job.video_id)).toEqual(['broken']);
	});

	it('go to a person when three runs have come to no decision, and let those wait no longer that were not looked at', async () => {
		const store = await open();
		const factory = new Factory(store, () => 0.4);
		for (const id of ['a', 'b', 'c']) {
			store.clock.pass(1000);
			await queuedJob(store, { video_id: id });
			await factory.make(id, `n8n:${id}`);
		}
		const takeTwo = async () => {
			store.clock.pass(HOUR);
			return (await takePending(store, { limit: 2 }, 'n8n:1')).map(({ job }) => job.video_id);
		};
		expect(await takeTwo()).toEqual(['a', 'b']);
		expect(await takeTwo()).toEqual(['c', 'a']);
		await regenerateJob(store, 'c', {}, 'n8n:1');
		expect(await takeTwo()).toEqual(['b', 'a']);
		expect(await takeTwo()).toEqual(['b']);
		expect(await getJob(store, 'a')).toMatchObject({ status: 'flagged', person: { why: '3 runs looked at it and came to no decision' } });
		await updateJob(store, 'a', { person: '' }, 'n8n:1');
		expect(await takeTwo()).toEqual(['a']);
	});

	it('are given by channel and since when', async () => {
		const store = await open();
		const factory = new Factory(store, () => 0.4);
		for (const [id, channel] of [['a', 'UC1'], ['b', 'UC2'], ['c', 'UC2']] as const) {
			store.clock.pass(HOUR);
			await queuedJob(store, { video_id: id, channel_id: channel });
			await factory.make(id, `n8n:${id}`);
		}
		const since = store.clock.now() - HOUR / 2;
		expect((await listJobs(store, { channelId: 'UC2' })).map(({ video_id: id }) => id)).toEqual(['c', 'b']);
		expect((await listJobs(store, { statuses: ['flagged'], limit: 1 })).map(({ video_id: id }) => id)).toEqual(['c']);
		expect((await listJobs(store, { statuses: ['failed'] }))).toEqual([]);
		const [newest, ...others] = await listJobs(store, { limit: 1 }, 'upload');
		expect([newest?.video_id, newest?.results, others]).toEqual(['c', {}, []]);
		expect(newest?.stages.map(({ stage }) => stage).sort()).toEqual(['quality', 'script', 'video', 'voice']);
		expect((await takePending(store, { channelId: 'UC2', since }, 'n8n:1')).map(({ job }) => job.video_id)).toEqual(['c']);
	});
});
