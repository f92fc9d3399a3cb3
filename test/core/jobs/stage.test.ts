/** Stages that can be run again. */
import { describe, expect, it } from 'vitest';

import { YtempireError } from '../../../core/errors';
import { getJob } from '../../../core/jobs/job';
import { LEASE_MS } from '../../../core/jobs/lease';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import { runStage, type StageOptions } from '../../../core/jobs/stage';
import type { Store } from '../../../core/store/store';
import { temporaryFolder, temporaryStore } from '../../support/store';

const cost = {
	provider: 'openai',
	model: 'm',
	units: { input_tokens: 10 },
	micro_usd: 1500,
	basis: 'estimated' as const,
};

async function queued(store: Store, holder = 'n8n:1') {
	const validation = validateRequest({ video_id: 'v-1', topic: 'How volcanoes work' });
	if (!validation.valid) throw new Error('the test request is not valid');
	return await queueJob(store, validation.request, holder);
}

function stage(store: Store, options: Partial<StageOptions<{ text: string }>> = {}) {
	let runs = 0;
	const run = async (more: Partial<StageOptions<{ text: string }>> = {}) =>
		await runStage({
			store,
			videoId: 'v-1',
			stage: 'script',
			input: { topic: 'a' },
			holder: 'n8n:1',
			work: async (context) => {
				runs++;
				await context.recordCost(cost);
				return { text: `run ${runs}` };
			},
			...options,
			...more,
		});
	return { run, runs: () => runs };
}

describe('runStage', () => {
	it('gives the kept result when it runs again with the same input, and pays once', async () => {
		const store = await temporaryStore();
		await queued(store);
		const script = stage(store);
		expect(await script.run()).toEqual({ result: { text: 'run 1' }, kept: false });
		expect(await script.run()).toEqual({ result: { text: 'run 1' }, kept: true });
		expect(script.runs()).toBe(1);
		expect((await getJob(store, 'v-1'))?.cost_usd).toBe(0.0015);
	});

	it('runs again when its input changed, or when what it kept no longer stands', async () => {
		const store = await temporaryStore();
		await queued(store);
		const script = stage(store);
		await script.run();
		expect((await script.run({ input: { topic: 'b' } })).kept).toBe(false);
		expect((await script.run({ input: { topic: 'b' }, stillStands: async () => false })).kept).toBe(false);
		expect(script.runs()).toBe(3);
	});

	it('records stage, class, reason and cure of what went wrong, without secrets', async () => {
		const store = await temporaryStore();
		await queued(store);
		const failing = stage(store, {
			work: async () => {
				throw new YtempireError('auth', 'The key sk-proj-abcdefghijklmnopqrstuvwxyz0123 was refused', {
					cure: 'Set the key',
					provider: 'openai',
				});
			},
		});
		await expect(failing.run()).rejects.toThrow('refused');
		const job = await getJob(store, 'v-1');
		expect(job).toMatchObject({
			status: 'failed',
			stage: 'script',
			failure: { stage: 'script', error_class: 'auth', cure: 'Set the key', provider: 'openai' },
		});
		expect(JSON.stringify(job)).not.toContain('abcdefghijklmnop');
	});

	it('keeps a cost that was recorded before the stage failed', async () => {
		const store = await temporaryStore();
		await queued(store);
		const failing = stage(store, {
			work: async (context) => {
				await context.recordCost(cost);
				throw new Error('died later');
			},
		});
		await expect(failing.run()).rejects.toThrow('died later');
		expect((await getJob(store, 'v-1'))?.cost_usd).toBe(0.0015);
	});

	it('refuses a second execution while the first lives, and lets it in when the first is dead', async () => {
		const store = await temporaryStore();
		await queued(store, 'n8n:1');
		const script = stage(store);
		await expect(script.run({ holder: 'n8n:2' })).rejects.toThrow(/another execution/);
		store.clock.pass(LEASE_MS + 1);
		expect((await script.run({ holder: 'n8n:2' })).kept).toBe(false);
	});

	it('does not let a holder that lost the job write its result', async () => {
		const store = await temporaryStore();
		await queued(store, 'n8n:1');
		const script = stage(store);
		const late = script.run({
			work: async () => {
				store.clock.pass(LEASE_MS + 1);
				await script.run({ holder: 'n8n:2' });
				return { text: 'from the dead' };
			},
		});
		await expect(late).rejects.toThrow(/another execution/);
		const job = await getJob(store, 'v-1');
		expect(job?.results.script).toEqual({ text: 'run 1' });
		expect(job?.status).toBe('running');
	});

	it('sets the status that the result calls for in the same step', async () => {
		const store = await temporaryStore();
		await queued(store);
		const script = stage(store, { statusAfter: () => 'published' });
		await script.run();
		expect((await getJob(store, 'v-1'))?.status).toBe('published');
		await script.run();
		expect((await getJob(store, 'v-1'))?.status).toBe('published');
	});

	it('leaves the job alone when a mail or an event beside it goes wrong', async () => {
		const store = await temporaryStore();
		await queued(store);
		const beside = stage(store, {
			beside: true,
			stage: 'mail:completed',
			work: async () => {
				throw new Error('no mail today');
			},
		});
		await expect(beside.run()).rejects.toThrow('no mail today');
		expect((await getJob(store, 'v-1'))?.status).toBe('queued');
	});

	describe.each([
		['beside the main line', { beside: true, stage: 'review' }],
		['of a video that was never queued', { videoId: 'no-job' }],
	])('%s', (_which, options) => {
		/** Two workers, each with its own connection to the store. */
		async function workers() {
			const folder = await temporaryFolder();
			const [store, other] = [await temporaryStore(undefined, folder), await temporaryStore(undefined, folder)];
			await queued(store);
			let runs = 0;
			const run = async (on: Store, holder: string, more: Partial<StageOptions<{ text: string }>> = {}) =>
				await runStage({
					...{ store: on, videoId: 'v-1', stage: 'script', input: { topic: 'a' }, holder },
					...options,
					work: async () => {
						const text = `run ${++runs}`;
						await new Promise((resolve) => setTimeout(resolve, 100));
						return { text };
					},
					...more,
				});
			return { store, other, run, runs: () => runs };
		}

		it('two workers at once do the work once: the second takes what the first leaves', async () => {
			const { store, other, run, runs } = await workers();
			const results = await Promise.all([run(store, 'n8n:1'), run(other, 'n8n:2')]);
			expect(runs()).toBe(1);
			expect(results.map(({ result }) => result.text)).toEqual(['run 1', 'run 1']);
		});

		it('a worker that failed leaves it to the next at once, and one that died when its lease is over', async () => {
			const { store, other, run, runs } = await workers();
			await expect(run(store, 'n8n:1', { work: async () => await Promise.reject(new Error('no')) })).rejects.toThrow('no');
			expect((await run(other, 'n8n:2')).result.text).toBe('run 1');
			await store.transaction(async (trx) => {
				await trx
					.updateTable('stages')
					.set({ status: 'running', result: null, holder: 'dead', lease_until: store.clock.now() + LEASE_MS })
					.execute();
			});
			const waiting = run(store, 'n8n:3');
			await new Promise((resolve) => setTimeout(resolve, 400));
			expect(runs()).toBe(1);
			store.clock.pass(LEASE_MS);
			expect((await waiting).result.text).toBe('run 2');
		});
	});

	it('does not begin when the execution is already cancelled', async () => {
		const store = await temporaryStore();
		await queued(store);
		const script = stage(store);
		await expect(script.run({ signal: AbortSignal.abort() })).rejects.toMatchObject({
			errorClass: 'cancelled',
		});
		expect(script.runs()).toBe(0);
	});

	it('reports progress while it runs', async () => {
		const store = await temporaryStore();
		await queued(store);
		await runStage({
			store,
			videoId: 'v-1',
			stage: 'video',
			input: {},
			holder: 'n8n:1',
			work: async (context) => {
				context.progress(0.4, 'scene 2 of 5');
				await new Promise((resolve) => setTimeout(resolve, 50));
				const job = await getJob(store, 'v-1');
				expect(job?.stages[0]).toMatchObject({ progress: 0.4, note: 'scene 2 of 5', status: 'running' });
				return {};
			},
		});
	});
});
