/** What uploads do to the health of the pool, against the sandbox's YouTube. */
import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { accountStates } from '../../../core/pool/state';
import { testPool, type TestPool } from '../../support/pool';
import { uploadScene, type UploadScene } from '../../support/upload';

const INSERT = ['POST', '/upload/youtube/v3/videos'] as const;

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

async function setUp(pool: TestPool) {
	const scene = await uploadScene(0.5, pool);
	const states = async () => await accountStates(scene.store, testPool(pool));
	let videos = 0;
	const upload = async (asked?: string) => await scene.upload({ videoId: `video-${++videos}`, asked }, { retry: { attempts: 1 } });
	const failing = (reason: string, status: number) => {
		scene.onCalls(...INSERT, { kind: 'status', status, reason, times: 1000 });
	};
	const inserts = () => scene.sandbox.recorder.list({ service: 'youtube', path: INSERT[1], method: 'POST' }).length;
	return { scene, states, upload, failing, inserts };
}

const healed = (scene: UploadScene) => {
	scene.sandbox.faults.clear();
};

describe('an account that fails', () => {
	it('three uploads in a row rests, while another serves; after the rest one upload decides', async () => {
		const { scene, states, upload, failing } = await setUp({ active: 2, reserve: 0 });
		failing('backendError', 503);
		for (let time = 0; time < 3; time++) expect((await refused(upload('account-01'))).reason).toBe('backendError');
		expect(await states()).toMatchObject([{ state: 'resting', failures: 3 }, { state: 'ready' }]);
		healed(scene);
		const second = await upload();
		expect(second).toMatchObject({ account_id: 'account-02', passed_over: [{ why: expect.stringContaining('3 failures in a row, last backendError') }] });
		scene.store.clock.pass(24 * 3_600_000);
		expect((await states())[0]).toMatchObject({ state: 'half-open' });
		failing('backendError', 503);
		await refused(upload('account-01'));
		expect((await states())[0]).toMatchObject({ state: 'resting', failures: 4 });
		healed(scene);
		scene.store.clock.pass(24 * 3_600_000);
		await upload('account-01');
		expect((await states())[0]).toMatchObject({ state: 'ready', failures: 0 });
	}, 30_000);

	it('with its last allowed failure leaves the video to the next account', async () => {
		const { scene, states, upload } = await setUp({ active: 2, reserve: 0, rules: { failureLimit: 1 } });
		scene.onCalls(...INSERT, { kind: 'status', status: 403, reason: 'forbidden' });
		expect(await upload()).toMatchObject({ account_id: 'account-02', passed_over: [{ why: 'YouTube refused it: forbidden' }], quarantined: [] });
		expect(await states()).toMatchObject([{ state: 'resting' }, { state: 'ready' }]);
	});

	it('because of our own request has not failed', async () => {
		const { states, upload, failing } = await setUp({ active: 1, reserve: 0, rules: { failureLimit: 1 } });
		failing('invalidVideoMetadata', 400);
		await refused(upload());
		expect(await states()).toMatchObject([{ state: 'ready', failures: 0 }]);
	});
});

describe('the operator', () => {
	it('is told by the result which account was put into quarantine, why, and what to do', async () => {
		const { scene, upload } = await setUp({ active: 1, reserve: 1 });
		await scene.control('PATCH', '/sandbox/accounts/account-01', { standing: 'revoked' });
		expect((await upload()).quarantined).toEqual([
			{ account_id: 'account-01', channel_id: expect.any(String), reason: 'invalid_grant', cure: expect.stringContaining('Connect the account again') },
		]);
		expect((await upload()).quarantined).toEqual([]);
	});

	it('is told by the error when no account is left', async () => {
		const { scene, upload } = await setUp({ active: 2, reserve: 0 });
		for (const id of ['account-01', 'account-02']) await scene.control('PATCH', `/sandbox/accounts/${id}`, { standing: 'suspended' });
		const error = await refused(upload());
		expect(error).toMatchObject({ errorClass: 'auth', reason: 'authenticatedUserAccountSuspended', cure: expect.stringContaining('Appeal') });
		expect(error.quarantined.map(({ account_id: id }) => id)).toEqual(['account-01', 'account-02']);
	});

	it('is told of an account that was lost after its video was up', async () => {
		const { scene, states, upload } = await setUp({ active: 1, reserve: 0 });
		scene.onCalls('GET', '/youtube/v3/videos', { kind: 'status', status: 403, reason: 'channelSuspended' });
		expect(await upload()).toMatchObject({ youtube_id: expect.any(String), quarantined: [{ account_id: 'account-01', reason: 'channelSuspended' }] });
		expect(await states()).toMatchObject([{ state: 'quarantined' }]);
	});
});

describe('a Google project', () => {
	it('whose API is not enabled rests whole: its other accounts are not asked', async () => {
		const { states, upload, failing, inserts } = await setUp({ active: 3, reserve: 2 });
		failing('accessNotConfigured', 403);
		expect((await refused(upload())).reason).toBe('accessNotConfigured');
		expect(inserts()).toBe(1);
		expect((await states()).map(({ state }) => state)).toEqual(Array(5).fill('resting'));
	});

	it('that has spent its general units at another call can still take inserts', async () => {
		const { scene, states, upload } = await setUp({ active: 1, reserve: 0 });
		scene.onCalls('GET', '/youtube/v3/videos', { kind: 'status', status: 403, reason: 'quotaExceeded' });
		const { warnings } = await upload();
		expect(warnings[0]).toContain('not looked at');
		expect(await states()).toMatchObject([{ state: 'ready', quota: { general: { left: 0 }, video_uploads: { left: 89 } } }]);
		expect((await upload()).account_id).toBe('account-01');
	});
});
