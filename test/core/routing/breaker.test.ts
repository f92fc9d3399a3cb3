/** An account that fails again and again is left in peace, and probed whether it is back. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { YtempireError } from '../../../core/errors';
import { closeCircuits, PROBE_AFTER_MS, throughBreaker } from '../../../core/routing/breaker';

beforeEach(() => {
	closeCircuits();
	vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
	vi.useRealTimers();
});

const down = async () => await Promise.reject(new YtempireError('unavailable', 'down', { provider: 'openai' }));
const ask = async <T>(work: () => Promise<T>, signal?: AbortSignal) => await throughBreaker('openai:account', 'openai', work, signal);

async function opened(): Promise<void> {
	for (let time = 0; time < 5; time++) await expect(ask(down)).rejects.toMatchObject({ message: 'down' });
	await expect(ask(down)).rejects.toMatchObject({ reason: 'circuit-open' });
}

/** A request that ends when it is told to. */
function underWay() {
	let begun = 0;
	let end!: (how: unknown) => void;
	const work = async () => {
		begun += 1;
		const how = await new Promise((resolve) => (end = resolve));
		if (how instanceof Error) throw how;
		return how;
	};
	return { work, begun: () => begun, end: (how: unknown) => { end(how); } };
}

it('sends one probe when the time is over, and all again once it is answered', async () => {
	await opened();
	vi.setSystemTime(Date.now() + PROBE_AFTER_MS - 1_000);
	await expect(ask(down)).rejects.toMatchObject({ reason: 'circuit-open' });
	vi.setSystemTime(Date.now() + 1_001);
	const probe = underWay();
	const probing = ask(probe.work);
	let others = 0;
	const waiting = [1, 2, 3].map(async () => await ask(async () => await Promise.resolve(++others)));
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect([probe.begun(), others]).toEqual([1, 0]);
	probe.end('back');
	expect(await probing).toBe('back');
	expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
});

it('leaves the account in peace for as long again when the probe fails', async () => {
	await opened();
	vi.setSystemTime(Date.now() + PROBE_AFTER_MS + 1);
	await expect(ask(down)).rejects.toMatchObject({ message: 'down' });
	const asked = vi.fn(async () => await Promise.resolve('never'));
	await expect(ask(asked)).rejects.toMatchObject({ reason: 'circuit-open' });
	expect(asked).not.toHaveBeenCalled();
	vi.setSystemTime(Date.now() + PROBE_AFTER_MS + 1);
	expect(await ask(async () => await Promise.resolve('back'))).toBe('back');
});

it('holds nobody who is cancelled until the probe ends, but waits for the end of a probe that is under way itself', async () => {
	await opened();
	vi.setSystemTime(Date.now() + PROBE_AFTER_MS + 1);
	const cancel = new AbortController();
	const probe = underWay();
	const probing = ask(probe.work, cancel.signal);
	const sent = vi.fn(async () => await Promise.resolve('never'));
	const waiting = ask(sent, cancel.signal);
	cancel.abort();
	await expect(waiting).rejects.toMatchObject({ errorClass: 'cancelled' });
	probe.end('paid');
	expect(await probing).toBe('paid');
	await new Promise((resolve) => setTimeout(resolve, 20));
	expect(sent).not.toHaveBeenCalled();
});
