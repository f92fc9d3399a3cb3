/** The YouTubePool node's Account operations in n8n's engine, against the sandbox's YouTube. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { poolCredential, type TestPool } from '../support/pool';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder, temporaryStore } from '../support/store';
import { tinyMp4 } from '../support/tiny-files';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const SECRETS = [KEYS.youtube.clientSecret, 'sandbox-refresh'];

function expectNoSecrets(told: unknown): void {
	const text = JSON.stringify(told);
	for (const secret of SECRETS) expect(text).not.toContain(secret);
}

async function setUp(options: TestPool = {}) {
	const sandbox = await temporarySandbox();
	const folder = await temporaryFolder();
	const store = await temporaryStore(undefined, folder);
	const path = join(folder, 'video.mp4');
	const another = async (seconds = 3) => {
		await writeFile(path, tinyMp4({ seconds, width: 320, height: 180 }));
	};
	await another(2);
	const baseUrl = sandbox.services.youtube.url;
	const run = async (parameters: object, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'youTubePool',
			parameters: { resource: 'account', ...parameters },
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireYouTubePoolApi: poolCredential({ baseUrl, ...options }) as ICredentialDataDecryptedObject,
			},
			items: [{ json: {} }],
			...more,
		});
	const rows = async (parameters: object, more: Partial<NodeRun> = {}) => {
		const result = await run(parameters, more);
		expectNoSecrets(result.items);
		return result.items.map(({ json }) => json);
	};
	const states = async () => (await rows({ operation: 'getMany', returnAll: true })).map(({ state }) => state);
	const upload = async (more: Partial<NodeRun> = {}) =>
		await run({ resource: 'video', operation: 'upload', videoId: '', filePath: path, title: 'Volcanoes', account: '' }, more);
	const standing = async (id: string, value: string) => {
		const response = await fetch(`${baseUrl}/sandbox/accounts/${id}`, {
			method: 'PATCH', body: JSON.stringify({ standing: value }), headers: { 'Content-Type': 'application/json' },
		});
		expect(response.ok).toBe(true);
	};
	return { sandbox, run, rows, states, upload, standing, another };
}

describe('Account: Get Many', () => {
	it('lists every account with its state, and what it has used and has left after an upload', async () => {
		const { rows, upload } = await setUp();
		await upload();
		const all = await rows({ operation: 'getMany', returnAll: true });
		expect(all).toHaveLength(15);
		expect(all[0]).toMatchObject({
			account_id: 'account-01', role: 'active', state: 'ready', why: '', back_at: null,
			videos: { used: 1, left: 4, limit: 5 }, videos_left: 4,
			quota: { video_uploads: { used: 1, left: 89, limit: 90 }, general: { used: 2, left: 8998, limit: 9000 } },
			resets_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT0[78]:00:00\.000Z$/),
		});
		expect(all[14]).toMatchObject({ account_id: 'account-15', role: 'reserve', videos: { used: 0, left: 5 }, videos_left: 5 });
	});

	it('lists no more than the limit', async () => {
		const { rows } = await setUp();
		expect(await rows({ operation: 'getMany', returnAll: false, limit: 2 })).toMatchObject([{ account_id: 'account-01' }, { account_id: 'account-02' }]);
	});
});

describe('Account: Quarantine and Release', () => {
	it('take an account out of service with the reason, and bring it back', async () => {
		const { rows, states, upload } = await setUp({ active: 2, reserve: 0 });
		expect(await rows({ operation: 'quarantine', account: 'account-01', reason: 'copyright\nstrike' })).toMatchObject([
			{ account_id: 'account-01', state: 'quarantined', why: 'in quarantine (copyright strike)', back_at: null },
		]);
		const { items } = await upload();
		expect(items[0]?.json).toMatchObject({
			account_id: 'account-02', passed_over: [{ account_id: 'account-01', why: 'in quarantine (copyright strike)' }],
		});
		expect(await rows({ operation: 'release', account: KEYS.youtube.accounts[0]!.channelId })).toMatchObject([{ account_id: 'account-01', state: 'ready' }]);
		expect(await states()).toEqual(['ready', 'ready']);
	});

	it('take the account from each item, and say which item names none', async () => {
		const { run, states } = await setUp({ active: 2, reserve: 0 });
		const { outputs } = await run(
			{ operation: 'quarantine', account: "={{ $json.account_id || '' }}" },
			{ items: [{ json: { account_id: 'account-02' } }, { json: { account_id: 'account-99' } }, { json: {} }], onError: 'continueErrorOutput' },
		);
		expect(outputs[0]?.map(({ json, pairedItem }) => [json.account_id, json.why, pairedItem])).toEqual([['account-02', 'in quarantine (by hand)', { item: 0 }]]);
		expect(outputs[1]?.map(({ json }) => json)).toMatchObject([{ details: { reason: 'account-unknown' } }, { details: { reason: 'account-missing' } }]);
		expect(await states()).toEqual(['ready', 'quarantined']);
	});
});

describe('Account: Check Health', () => {
	it('signs every account in for no quota, locks what Google turns away, and frees it when it can sign in again', async () => {
		const { sandbox, rows, standing, states } = await setUp({ active: 2, reserve: 1 });
		await standing('account-02', 'revoked');
		expect(await rows({ operation: 'checkHealth' })).toMatchObject([
			{ account_id: 'account-01', signed_in: true, problem: '', state: 'ready' },
			{ account_id: 'account-02', signed_in: false, problem: expect.stringMatching(/^invalid_grant: .*Connect/s), state: 'quarantined' },
			{ account_id: 'account-03', signed_in: true, state: 'ready' },
		]);
		const calls = sandbox.recorder.list({ service: 'youtube' }).map(({ path }) => path);
		expect(calls.filter((path) => !path.startsWith('/sandbox/'))).toEqual(['/token', '/token', '/token']);
		await standing('account-02', 'good');
		expect(await states()).toEqual(['ready', 'quarantined', 'ready']);
		expect(await rows({ operation: 'checkHealth', account: 'account-02' })).toMatchObject([{ account_id: 'account-02', signed_in: true, state: 'ready' }]);
	});

	it('says when a sign-in ends that was granted for a time', async () => {
		const { sandbox, rows } = await setUp({ active: 2, reserve: 0 });
		const signInEnds = Date.parse('2027-01-31T12:00:00Z');
		await fetch(`${sandbox.services.youtube.url}/sandbox/accounts/account-02`, { method: 'PATCH', body: JSON.stringify({ signInEnds }) });
		const [forever, forATime] = await rows({ operation: 'checkHealth' });
		expect(forever?.sign_in_ends_at).toBeNull();
		// Google says how many seconds are left
		expect(Math.abs(Date.parse(forATime?.sign_in_ends_at as string) - signInEnds)).toBeLessThan(5000);
	});

	it('leaves what a person has said, and an account that Google can’t be asked about', async () => {
		const { sandbox, rows } = await setUp({ active: 2, reserve: 0 });
		await rows({ operation: 'quarantine', account: 'account-01', reason: 'strike' });
		expect(await rows({ operation: 'checkHealth', account: 'account-01' })).toMatchObject([{ signed_in: true, state: 'quarantined' }]);
		sandbox.faults.add({ service: 'youtube', match: { path: '/token' }, kind: 'status', status: 503, times: 100 });
		expect(await rows({ operation: 'checkHealth', account: 'account-02' })).toMatchObject([{ signed_in: false, state: 'ready' }]);
	});
});

describe('Video: Upload', () => {
	it('puts the accounts that it lost on the item, and on the failed item when none is left', async () => {
		const { standing, upload, rows, another } = await setUp({ active: 2, reserve: 0 });
		await standing('account-01', 'revoked');
		const { items } = await upload();
		expect(items[0]?.json).toMatchObject({ account_id: 'account-02', quarantined: [{ account_id: 'account-01', reason: 'invalid_grant', cure: expect.any(String) }] });
		await rows({ operation: 'release', account: 'account-01' });
		await standing('account-02', 'closed');
		await another();
		const { outputs } = await upload({ items: [{ json: { note: 'mine' } }], onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({
			note: 'mine',
			details: {
				error_class: 'auth',
				quarantined: [{ account_id: 'account-01', reason: 'invalid_grant' }, { account_id: 'account-02', reason: 'authenticatedUserAccountClosed' }],
			},
		});
		expectNoSecrets(outputs);
	});
});
