import { setTimeout as delay } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { Gate } from '../../../core/routing/gate';

async function mostAtOnce(gate: Gate, jobs: number, during?: (done: number) => void): Promise<number> {
	let [inside, most, done] = [0, 0, 0];
	const job = async () => {
		most = Math.max(most, ++inside);
		await delay(5);
		inside--;
		during?.(++done);
	};
	await Promise.all(Array.from({ length: jobs }, async () => await gate.pass(job)));
	return most;
}

it('lets only so many in', async () => {
	expect(await mostAtOnce(new Gate(2), 9)).toBe(2);
});

it('lets more in, or fewer, once it is told', async () => {
	const wider = new Gate(1);
	expect(await mostAtOnce(wider, 9, () => wider.setMost(4))).toBe(4);
	const narrower = new Gate(4);
	narrower.setMost(1);
	expect(await mostAtOnce(narrower, 4)).toBe(1);
});

it('gives the place of failed work to the next', async () => {
	const gate = new Gate(1);
	await expect(gate.pass(async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');
	expect(await gate.pass(async () => await Promise.resolve('yes'))).toBe('yes');
});

it('lets go who is cancelled while they wait, and takes no place from the others', async () => {
	const gate = new Gate(1);
	const cancel = new AbortController();
	let end!: () => void;
	const first = gate.pass(async () => await new Promise<void>((resolve) => (end = resolve)));
	const second = gate.pass(async () => await Promise.resolve('second'), cancel.signal);
	const third = gate.pass(async () => await Promise.resolve('third'));
	cancel.abort();
	await expect(second).rejects.toMatchObject({ errorClass: 'cancelled' });
	end();
	await first;
	expect(await third).toBe('third');
	expect(await gate.pass(async () => await Promise.resolve('fourth'))).toBe('fourth');
});
