/** Processes that paint are killed and run again, and two at the same stage: nothing kept is paid twice, nothing billed is forgotten. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { sleep } from '../../../../core/abort';
import { KEYS } from '../../../../sandbox/keys';
import type { ImageProcess } from '../../../support/image-process';
import { queuedJob } from '../../../support/job';
import { billed, entries } from '../../../support/ledger';
import { temporarySandbox } from '../../../support/sandbox';
import { describeStores, type PlacedStore } from '../../../support/stores';

const prompts = ['A lake at dawn', 'A city at night', 'A forest in the snow'];

/** Micro-dollars of one picture: 3 credits. */
const PRICE = 30_000;

function started(settings: ImageProcess) {
	const file = join(__dirname, '../../../support/image-process.ts');
	const child = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] });
	onTestFinished(() => {
		child.kill('SIGKILL');
	});
	let [said, trouble] = ['', ''];
	child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (trouble += chunk.toString()));
	const result = once(child, 'close').then(([code]) => {
		if (code === 1) throw new Error(trouble);
		return code === 0 ? (JSON.parse(said) as string[]) : undefined;
	});
	return { child, result };
}

/** As if the lease of the dead had run out. */
async function bury(store: PlacedStore): Promise<void> {
	await store.transaction(async (trx) => {
		await trx.updateTable('stages').set({ holder: '', lease_until: 0 }).execute();
	});
}

describeStores('pictures', (open) => {
	async function scene() {
		const sandbox = await temporarySandbox();
		const store = await open();
		await queuedJob(store);
		sandbox.faults.setLatency('stability', 120);
		const settings = (holder: string): ImageProcess => ({
			...{ place: store.place, videoId: 'v-1', holder, prompts },
			baseUrl: sandbox.services.stability.url,
			apiKey: KEYS.stability.apiKey,
		});
		const posts = () => sandbox.recorder.list({ service: 'stability', method: 'POST' }).length;
		return { sandbox, store, settings, posts };
	}

	it('that are kept are not paid again after any number of kills, and all that was billed is in the ledger', async () => {
		const { sandbox, store, settings, posts } = await scene();
		let paths: string[] | undefined;
		let kills = 0;
		while (!paths) {
			const asked = posts();
			const run = started(settings(`life-${kills}`));
			if (kills < 4) {
				const patience = Date.now() + 20_000;
				while (posts() <= asked && Date.now() < patience && run.child.exitCode === null) await sleep(5);
				await sleep(Math.random() * 400);
				run.child.kill('SIGKILL');
				kills += 1;
			}
			paths = await run.result;
			await sleep(250); // the service finishes what the dead process asked for
			await bury(store);
			const ledger = await entries(store);
			const settled = ledger.filter(({ state }) => state === 'settled');
			const bills = billed(sandbox, 'stability').length;
			expect(settled.length).toBeLessThanOrEqual(bills);
			expect(ledger.length).toBeGreaterThanOrEqual(bills);
			expect(ledger.every(({ micro_usd }) => micro_usd === PRICE)).toBe(true);
		}
		expect(paths).toHaveLength(prompts.length);
		const ledger = await entries(store);
		// one for each picture, however often its process died
		expect(ledger.filter(({ state }) => state === 'settled')).toHaveLength(prompts.length);
		expect(ledger.filter(({ state }) => state === 'open').length).toBeLessThanOrEqual(kills);
		const bills = billed(sandbox, 'stability').length;
		expect(await started(settings('once more')).result).toEqual(paths);
		expect(billed(sandbox, 'stability')).toHaveLength(bills);
	}, 120_000);

	it('of one stage are painted and paid once by two workers at the same time', async () => {
		const { sandbox, store, settings } = await scene();
		const [one, other] = await Promise.all([started(settings('a')).result, started(settings('b')).result]);
		expect(one).toHaveLength(prompts.length);
		expect(other).toEqual(one);
		expect(billed(sandbox, 'stability')).toHaveLength(prompts.length);
		const ledger = await entries(store);
		expect(ledger.map(({ state, micro_usd }) => [state, micro_usd])).toEqual(prompts.map(() => ['settled', PRICE]));
	}, 60_000);
});
