/** Processes that write scripts are killed at any moment, or work side by side: every billed answer stays accounted for. */
import { spawn } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import type { ScriptResult } from '../../../../core/documents';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { queuedJob } from '../../../support/job';
import { billedBy, expectAccountedFor, ledgerOf } from '../../../support/money';
import { temporarySandbox } from '../../../support/sandbox';
import type { ScriptProcess } from '../../../support/script-process';
import { describeStores, type PlacedStore } from '../../../support/stores';

/** Of the sandbox, before each answer. */
const LATENCY_MS = 120;

const billed = (sandbox: Sandbox) => billedBy(sandbox, ['openai', 'anthropic'], 'language');

async function scene(store: PlacedStore) {
	const sandbox = await temporarySandbox();
	const settings = (videoId: string, holder: string): ScriptProcess => ({
		place: store.place,
		videoId,
		holder,
		input: { topic: 'Why volcanoes erupt', style: 'calm', durationS: 60, language: 'en' },
		providers: [
			{ id: 'openai', baseUrl: `${sandbox.services.openai.url}/v1`, apiKey: KEYS.openai.apiKey },
			{ id: 'anthropic', baseUrl: sandbox.services.anthropic.url, apiKey: KEYS.anthropic.apiKey },
		],
	});
	/** Ends by itself, or is killed so many milliseconds after its first request. */
	const run = async (videoId: string, holder: string, killAfterMs?: number) => {
		const before = sandbox.recorder.list({ method: 'POST' }).length;
		const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/script-process.ts', JSON.stringify(settings(videoId, holder))], {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let said = '';
		let failed = '';
		child.stdout.on('data', (text: Buffer) => (said += text.toString()));
		child.stderr.on('data', (text: Buffer) => (failed += text.toString()));
		const watch = setInterval(() => {
			if (killAfterMs === undefined || sandbox.recorder.list({ method: 'POST' }).length === before) return;
			clearInterval(watch);
			setTimeout(() => child.kill('SIGKILL'), killAfterMs);
		}, 5);
		const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
			child.once('close', (_code, by) => {
				resolve(by);
			});
		});
		clearInterval(watch);
		// what a dead process held has run out, and a living one has let go
		await store.transaction(async (trx) => {
			await trx.updateTable('jobs').set({ holder: '', lease_until: 0 }).where('video_id', '=', videoId).execute();
		});
		return { killed: signal === 'SIGKILL', result: said ? (JSON.parse(said) as ScriptResult) : undefined, failed };
	};
	return { sandbox, store, run };
}

const kept = async (store: PlacedStore) =>
	(await store.db.selectFrom('kept_answers').select('id').execute()).length;

describeStores('a script', (open) => {
	describe('a process that is killed', () => {
		// from the request on the way to the last correction's answer being kept
		it.each([0, 110, 130, 180, 250, 330])(
			'%d ms after its first request: what was kept is not paid again, and all that was billed is in the ledger',
			async (afterMs) => {
				const { sandbox, store, run } = await scene(await open());
				sandbox.faults.setLatency('openai', LATENCY_MS);
				// two corrections of the length: three paid answers
				for (const factor of [0.4, 0.5]) sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor, match: { method: 'POST' } });
				await queuedJob(store);
				const first = await run('v-1', 'a', afterMs + Math.random() * 20);
				if (!first.killed) expect(first.failed).toBe('');
				// the service finishes what the dead process asked for
				await new Promise((resolve) => setTimeout(resolve, 2 * LATENCY_MS));
				const unheard = await expectAccountedFor(store, billed(sandbox));
				expect(unheard).toBeLessThanOrEqual(1);
				const keptAnswers = await kept(store);
				const paidBefore = billed(sandbox).length;

				const second = await run('v-1', 'b');
				expect(second.failed).toBe('');
				expect(second.result?.script.scenes.length).toBeGreaterThan(3);
				expect(second.result?.tried).toMatchObject([{ provider: 'openai', outcome: 'used' }]);
				expect(await expectAccountedFor(store, billed(sandbox))).toBe(unheard);
				// each answer of the finished work was billed once, beside those that the dead process never kept
				expect(billed(sandbox).length - paidBefore).toBe((await kept(store)) - keptAnswers);
				expect(paidBefore - keptAnswers).toBeLessThanOrEqual(1);
			},
			60_000,
		);

		it('again and again comes to its end, and never pays for a kept answer', async () => {
			const { sandbox, store, run } = await scene(await open());
			sandbox.faults.setLatency('openai', LATENCY_MS);
			for (const factor of [0.4, 0.5]) sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor, match: { method: 'POST' } });
			await queuedJob(store);
			let lives = 0;
			for (; lives < 5; lives += 1) {
				const { killed } = await run('v-1', `life-${lives}`, Math.random() * 2.5 * LATENCY_MS);
				await new Promise((resolve) => setTimeout(resolve, 2 * LATENCY_MS));
				await expectAccountedFor(store, billed(sandbox));
				if (!killed) break;
			}
			const last = await run('v-1', 'last');
			expect(last.failed).toBe('');
			await expectAccountedFor(store, billed(sandbox));
			// every life may have lost the one answer that was under way
			const paid = billed(sandbox).length;
			expect(paid).toBeLessThanOrEqual((await kept(store)) + lives + 1);
			expect((await run('v-1', 'once more')).result).toEqual(last.result);
			expect(billed(sandbox)).toHaveLength(paid);
		}, 90_000);
	});

	describe('two workers at once', () => {
		it('on two jobs pay for their own, and the ledger knows whose', async () => {
			const { sandbox, store, run } = await scene(await open());
			sandbox.faults.setLatency('*', 50);
			sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor: 0.5, times: 2, match: { method: 'POST' } });
			sandbox.faults.add({ service: 'openai', kind: 'drop-answer', after: 1, match: { method: 'POST' } });
			await queuedJob(store, { video_id: 'v-1' });
			await queuedJob(store, { video_id: 'v-2' });
			const results = await Promise.all([run('v-1', 'a'), run('v-2', 'b')]);
			expect(results.map(({ failed }) => failed)).toEqual(['', '']);
			expect(await expectAccountedFor(store, billed(sandbox))).toBe(1);
			const rows = await ledgerOf(store);
			for (const [index, videoId] of ['v-1', 'v-2'].entries()) {
				// what broke off is told at its estimate, as the ledger has it
				const own = rows.filter(({ video_id: id }) => id === videoId);
				const told = results[index]?.result?.costs.reduce((sum, { micro_usd: one }) => sum + one, 0);
				expect(own.reduce((sum, { micro_usd: one }) => sum + one, 0)).toBe(told);
			}
		});
	});
});
