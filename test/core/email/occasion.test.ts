/** The same trouble is told of once in its time, over all connections. */
import { expect, it } from 'vitest';

import { once } from '../../../core/email/occasion';
import { describeStores } from '../../support/stores';

const HOUR_MS = 3_600_000;

describeStores('mails about the same', (open) => {
	it('are sent once in their time by however many at once, and the next says how many were held back', async () => {
		const first = await open();
		const others = await Promise.all(Array.from({ length: 4 }, async () => await open({ of: first })));
		const sent: number[] = [];
		const tell = async (store = first, about = 'the disk is full') =>
			await once({ store, about, everyMs: HOUR_MS }, async (heldBack) => {
				sent.push(heldBack);
				return await Promise.resolve('sent');
			});
		const outcomes = await Promise.all([first, ...others].map(async (store) => await tell(store)));
		expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1);
		expect(await tell(first, 'the moon is full')).toBe('sent');
		first.clock.pass(HOUR_MS - 1);
		expect(await tell()).toBeUndefined();
		first.clock.pass(1);
		expect(await tell()).toBe('sent');
		expect(sent).toEqual([0, 0, 5]);
	});

	it('may be tried again at once when sending failed', async () => {
		const store = await open();
		const occasion = { store, about: 'the disk is full', everyMs: HOUR_MS };
		const failing = once(occasion, async () => await Promise.reject(new Error('SendGrid is down')));
		await expect(failing).rejects.toThrow('SendGrid is down');
		expect(await once(occasion, async () => await Promise.resolve('sent'))).toBe('sent');
	});
});
