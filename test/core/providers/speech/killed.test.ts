/** Narrations that are killed and run again, and two at the same time: nothing kept is paid twice, nothing billed is forgotten. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { sleep } from '../../../../core/abort';
import type { SpeechResult } from '../../../../core/documents';
import type { StorePlace } from '../../../../core/store/place';
import type { Store } from '../../../../core/store/store';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { queuedJob } from '../../../support/job';
import { billed, entries, sumOf } from '../../../support/ledger';
import { temporarySandbox } from '../../../support/sandbox';
import type { SpeechProcess } from '../../../support/speech-process';
import { describePostgres, describeStores } from '../../../support/stores';

/** Each of another length, so that a bill tells which one it is for. */
const texts = Array.from({ length: 9 }, (_, index) => `This is the sea${', and more of it'.repeat(index)}.`);

function started(settings: SpeechProcess): { child: ChildProcess; result: Promise<SpeechResult | undefined> } {
	const file = join(__dirname, '../../../support/speech-process.ts');
	const child = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] });
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	let [said, trouble] = ['', ''];
	child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (trouble += chunk.toString()));
	const result = once(child, 'close').then(([code]) => {
		if (code === 1) throw new Error(trouble);
		return code === 0 ? (JSON.parse(said) as SpeechResult) : undefined;
	});
	return { child, result };
}

const settingsOf = (sandbox: Sandbox, place: StorePlace, videoId: string, own = texts): SpeechProcess => ({
	...{ place, videoId, texts: own },
	baseUrl: sandbox.services.elevenlabs.url,
	apiKey: KEYS.elevenlabs.apiKey,
});

/** Lengths of the parts whose answers are kept. */
async function keptLengths({ db }: Store): Promise<number[]> {
	const rows = await db.selectFrom('kept_answers').select('answer').execute();
	return rows
		.map(({ answer }) => (JSON.parse(answer) as { value: { characters?: number } }).value.characters)
		.filter((length) => length !== undefined);
}

const lengthsOf = (rows: Array<{ units: Record<string, number> }>) => rows.map(({ units }) => units.characters ?? 0);
const countOf = (lengths: number[], length: number) => lengths.filter((one) => one === length).length;

describeStores('a narration', (open) => {
	it('pays no kept part again after any number of kills, and forgets nothing that was billed', async () => {
		const sandbox = await temporarySandbox();
		const store = await open();
		await queuedJob(store);
		// the first time each part takes as long as it takes to speak it
		sandbox.faults.setLatency('elevenlabs', 120);
		let result: SpeechResult | undefined;
		let kills = 0;
		while (!result) {
			const kept = await keptLengths(store);
			const before = lengthsOf(billed(sandbox, 'elevenlabs'));
			const asked = sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' }).length;
			const run = started(settingsOf(sandbox, store.place, 'v-1'));
			if (kills < 5) {
				const patience = Date.now() + 20_000;
				while (sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' }).length <= asked && Date.now() < patience) await sleep(5);
				await sleep(Math.random() * 400);
				run.child.kill('SIGKILL');
				kills += 1;
			}
			result = await run.result;
			const after = lengthsOf(billed(sandbox, 'elevenlabs')).slice(before.length);
			for (const length of kept) expect(after).not.toContain(length);
		}
		expect(kills).toBeGreaterThan(0);
		expect(result.scenes).toHaveLength(texts.length);
		const bills = lengthsOf(billed(sandbox, 'elevenlabs'));
		const ledger = await entries(store);
		const settled = lengthsOf(ledger.filter(({ state }) => state === 'settled'));
		for (const { length } of texts) {
			// one that was killed before its request left is counted all the same
			expect(countOf(lengthsOf(ledger), length)).toBeGreaterThanOrEqual(countOf(bills, length));
			expect(countOf(settled, length)).toBeLessThanOrEqual(countOf(bills, length));
			expect(countOf(settled, length)).toBeGreaterThanOrEqual(1);
		}
		const billsBefore = bills.length;
		await started(settingsOf(sandbox, store.place, 'v-1')).result;
		expect(billed(sandbox, 'elevenlabs')).toHaveLength(billsBefore);
	}, 120_000);

	it('lets two workers speak two jobs at once, each paid for by its own', async () => {
		const sandbox = await temporarySandbox();
		const store = await open();
		await queuedJob(store);
		await queuedJob(store, { video_id: 'v-2' });
		const own = { 'v-1': texts.slice(0, 4), 'v-2': texts.slice(2, 7) };
		const results = await Promise.all(
			Object.entries(own).map(async ([videoId, some]) => await started(settingsOf(sandbox, store.place, videoId, some)).result),
		);
		expect(results.map((result) => result?.scenes.length)).toEqual([4, 5]);
		const ledger = await entries(store, 'elevenlabs');
		expect(ledger.every(({ state }) => state === 'settled')).toBe(true);
		expect(sumOf(ledger, 'characters')).toBe(sumOf(billed(sandbox, 'elevenlabs'), 'characters'));
		for (const [videoId, some] of Object.entries(own)) {
			const paid = ledger.filter(({ video_id: payer }) => payer === videoId);
			expect(lengthsOf(paid)).toEqual(some.map(({ length }) => length));
		}
	}, 60_000);
});

describePostgres('the requests of an account at once', (open) => {
	it('are as many over all workers as it may have, whatever each of them speaks', async () => {
		const sandbox = await temporarySandbox();
		const store = await open();
		sandbox.faults.setLatency('elevenlabs', 250);
		const many = (worker: number) => Array.from({ length: 14 }, (_, index) => `Worker ${worker} speaks of number ${index}.`);
		const videos = ['v-1', 'v-2'];
		for (const video_id of videos) await queuedJob(store, { video_id });
		await Promise.all(videos.map(async (videoId, worker) => await started(settingsOf(sandbox, store.place, videoId, many(worker))).result));
		const requests = sandbox.recorder.list({ service: 'elevenlabs', method: 'POST' });
		expect(requests.map(({ status }) => status)).toEqual(requests.map(() => 200));
		expect(requests).toHaveLength(28);
		expect(await store.db.selectFrom('account_places').selectAll().execute()).toEqual([]);
	}, 60_000);
});
