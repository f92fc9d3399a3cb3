/** 64 workers in four processes, some of them killed: no allowance and no account is ever given out twice. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { sleep } from '../../../core/abort';
import { sweep } from '../../../core/pool/ledger';
import type { PoolProcess, WorkerLine } from '../../support/pool-process';
import { temporaryFolder } from '../../support/store';
import { describeStores } from '../../support/stores';

const PROCESSES = 4;

const KILLS = 4;

/** Inserts that a project may make: nine tenths of what Google grants. */
const GRANTED = 100;
const LIMIT = 90;

const PER_CHANNEL = 15;

/** How many times as fast as the machine's the workers' clock goes: what a killed one held is free after a second. */
const SPEED = 60;

describeStores('a pool with 64 workers, some killed', (open) => {
	it('is never overbooked, and nothing that a dead one held is lost', async () => {
		const store = await open();
		const log = join(await temporaryFolder(), 'lines');
		writeFileSync(log, '');
		const settings: PoolProcess = {
			place: store.place,
			clientIds: Array.from({ length: 15 }, (_, index) => `client-${index % 2}`),
			rules: { videoUploadsLimit: GRANTED, videosPerAccount: PER_CHANNEL },
			workers: 64 / PROCESSES,
			clock: { from: store.clock.ms, at: Date.now(), speed: SPEED },
			log,
		};
		const lines = () => readFileSync(log, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as WorkerLine);
		const ends: Array<Promise<number | null>> = [];
		const start = (): ChildProcess => {
			const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/pool-process.ts', JSON.stringify(settings)], {
				stdio: ['ignore', 'inherit', 'inherit'],
			});
			ends.push(new Promise((resolve) => child.once('exit', (code) => { resolve(code); })));
			return child;
		};
		const running = Array.from({ length: PROCESSES }, start);
		for (let kill = 1; kill <= KILLS; kill++) {
			while (lines().length < kill * 50) await sleep(10);
			const victim = Math.floor(Math.random() * PROCESSES);
			running[victim]!.kill('SIGKILL');
			running[victim] = start();
		}
		const codes = await Promise.all(ends);
		expect(codes.filter((code) => code === null)).toHaveLength(KILLS);
		expect(codes.filter((code) => code === 0)).toHaveLength(PROCESSES);

		const said = lines();
		const calls = said.filter(({ what }) => what === 'call');
		const count = (key: 'project' | 'channel') => groups(calls, (line) => line[key]).map((group) => group.length);
		expect(Math.max(...count('project'))).toBeLessThanOrEqual(LIMIT);
		expect(Math.max(...count('channel'))).toBeLessThanOrEqual(PER_CHANNEL);
		expectNoOverlap(said);

		// What dead workers had set aside is counted or given back, and the survivors have used all that there was
		await store.transaction(async (trx) => {
			await sweep(trx, Number.MAX_SAFE_INTEGER);
		});
		expect(await store.db.selectFrom('quota_holds').selectAll().execute()).toEqual([]);
		const days = await store.db.selectFrom('quota_days').select(['scope', 'used']).where('scope', 'like', 'project:%').execute();
		expect(days.map(({ used }) => used)).toEqual([LIMIT, LIMIT]);
		// a worker may die between its mark and its line: then fewer called than was counted, never more
		expect(calls.length).toBeGreaterThan(2 * LIMIT - KILLS * settings.workers);
	}, 120_000);
});

/** Whose last renewal succeeded had the account alone from its call until then; one that was too slow renews in vain. */
function expectNoOverlap(said: WorkerLine[]): void {
	const spans = said.flatMap((done) => {
		if (done.what !== 'done') return [];
		const call = said.find((line) => line.what === 'call' && line.channel === done.channel && line.token === done.token);
		return [{ channel: done.channel, from: call!.at, to: done.at }];
	});
	for (const own of groups(spans, ({ channel }) => channel)) {
		const inOrder = own.sort((a, b) => a.from - b.from);
		for (const [index, { from }] of inOrder.entries()) expect(from).toBeGreaterThanOrEqual(inOrder[index - 1]?.to ?? 0);
	}
}

function groups<T>(list: T[], keyOf: (one: T) => string): T[][] {
	return [...new Set(list.map(keyOf))].map((key) => list.filter((one) => keyOf(one) === key));
}
