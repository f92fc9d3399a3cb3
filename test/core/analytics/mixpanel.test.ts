/** Events over real HTTP, counted once. */
import { describe, expect, it } from 'vitest';

import { insertIdOf, track, type AnalyticsEvent } from '../../../core/analytics/mixpanel';
import { KEYS } from '../../../sandbox/keys';
import { temporarySandbox } from '../../support/sandbox';

const event: AnalyticsEvent = {
	name: 'Video Generated',
	distinctId: 'UC1',
	time: Date.parse('2026-11-22T12:00:00Z'),
	key: 'video-generated:v-1',
	properties: { cost_usd: 0.01 },
};

async function connected(secret: string = KEYS.mixpanel.serviceAccount.secret) {
	const sandbox = await temporarySandbox();
	const connection = {
		projectId: KEYS.mixpanel.projectId,
		username: KEYS.mixpanel.serviceAccount.username,
		secret,
		baseUrl: sandbox.services.mixpanel.url,
	};
	return { sandbox, connection };
}

const eventsOf = (sandbox: Awaited<ReturnType<typeof connected>>['sandbox']) =>
	(sandbox.state('mixpanel') as { events: unknown[] }).events;

describe('track', () => {
	it('counts an event once, however often it is sent', async () => {
		const { sandbox, connection } = await connected();
		expect(await track(connection, [event])).toEqual({ accepted: 1, rejected: [] });
		await track(connection, [event]);
		expect(eventsOf(sandbox)).toHaveLength(1);
	});

	it('reports rejected rows one by one and keeps the good ones', async () => {
		const { sandbox, connection } = await connected();
		const old = { ...event, key: 'old', time: Date.parse('1960-01-01T00:00:00Z') };
		const { accepted, rejected } = await track(connection, [event, old]);
		expect(accepted).toBe(1);
		expect(rejected).toMatchObject([{ index: 1 }]);
		expect(eventsOf(sandbox)).toHaveLength(1);
		expect(sandbox.recorder.list({ service: 'mixpanel' })).toHaveLength(1);
	});

	it('refuses an ID that Mixpanel throws away', async () => {
		const { connection } = await connected();
		await expect(track(connection, [{ ...event, distinctId: 'undefined' }])).rejects.toMatchObject({
			errorClass: 'invalid-request',
		});
	});

	it('says that the service account is wrong, without showing its secret', async () => {
		const { connection } = await connected('not-the-secret-at-all');
		const failure = track(connection, [event]);
		await expect(failure).rejects.toMatchObject({ errorClass: 'auth' });
		await expect(failure).rejects.not.toThrow(/not-the-secret-at-all/);
	});

	it('makes insert IDs that Mixpanel takes, the same for the same key', () => {
		expect(insertIdOf('a')).toMatch(/^[A-Za-z0-9-]{1,36}$/);
		expect(insertIdOf('a')).toBe(insertIdOf('a'));
		expect(insertIdOf('a')).not.toBe(insertIdOf('b'));
	});
});
