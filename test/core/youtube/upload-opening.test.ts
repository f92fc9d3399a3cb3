/** The first request of an upload, the one that costs the insert, when things go wrong. */
import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { accountStates } from '../../../core/pool/state';
import type { FaultSetting } from '../../../sandbox/faults';
import { testPool } from '../../support/pool';
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

const openings = (scene: UploadScene) => scene.sandbox.recorder.list({ service: 'youtube', method: INSERT[0], path: INSERT[1] }).length;

const settled = async (scene: UploadScene, bucket: string) => {
	const days = await scene.store.db.selectFrom('quota_days').select('used').where('bucket', '=', bucket).execute();
	return days.reduce((sum, { used }) => sum + used, 0);
};

describe.each<[string, Omit<FaultSetting, 'service' | 'match'>]>([
	['the server is overloaded', { kind: 'status', status: 503, reason: 'backendError' }],
	['the server breaks', { kind: 'status', status: 500 }],
	['the server asks for fewer requests', { kind: 'status', status: 429, reason: 'rateLimitExceeded' }],
	['the connection breaks', { kind: 'drop' }],
	['the answer is lost', { kind: 'drop-answer' }],
	['the answer names no address', { kind: 'status', status: 200, body: {} }],
])('when a session is opened and %s', (_name, fault) => {
	it('it is tried again on the same account, and the video arrives once', async () => {
		const scene = await uploadScene(0.5);
		scene.onCalls(...INSERT, fault);
		const result = await scene.upload();
		expect(result).toMatchObject({ account_id: 'account-01', passed_over: [] });
		expect(openings(scene)).toBe(2);
		expect(scene.youtube().videos.map(({ sha256 }) => sha256)).toEqual([scene.sha256]);
		expect(await accountStates(scene.store, testPool())).toMatchObject(Array(15).fill({ failures: 0 }));
		// one video of the channel's day, and at least what YouTube has counted of the project's
		expect(await settled(scene, 'videos')).toBe(1);
		expect(await settled(scene, 'video_uploads')).toBeGreaterThanOrEqual(scene.used('inserts'));
		expect(await scene.store.db.selectFrom('quota_holds').selectAll().execute()).toEqual([]);
	});
});

describe('when a session is opened', () => {
	it('and the trouble lasts, three tries are one failure of the account', async () => {
		const scene = await uploadScene(0.5, { active: 1, reserve: 0 });
		scene.onCalls(...INSERT, { kind: 'status', status: 503, reason: 'backendError', times: 0 });
		expect(await refused(scene.upload())).toMatchObject({ errorClass: 'unavailable', reason: 'backendError' });
		expect(openings(scene)).toBe(3);
		expect(await accountStates(scene.store, testPool({ active: 1, reserve: 0 }))).toMatchObject([{ failures: 1 }]);
		expect(await settled(scene, 'videos')).toBe(0);
	});

	it('the wait that YouTube asks for is kept', async () => {
		const scene = await uploadScene(0.5);
		scene.onCalls(...INSERT, { kind: 'status', status: 429, reason: 'rateLimitExceeded', headers: { 'retry-after': '2' } });
		const waits: number[] = [];
		const sleep = async (ms: number) => {
			waits.push(ms);
			await Promise.resolve();
		};
		await scene.upload({}, { retry: { baseMs: 5, maxMs: 20, sleep } });
		expect(waits).toEqual([2_000]);
	});

	it('and the day has no room for another try, YouTube’s own reason is told', async () => {
		const scene = await uploadScene(0.5, { active: 1, reserve: 0, rules: { videoUploadsLimit: 1, safePercent: 100 } });
		scene.onCalls(...INSERT, { kind: 'status', status: 503, reason: 'backendError', times: 0 });
		expect(await refused(scene.upload())).toMatchObject({ reason: 'backendError' });
		expect(openings(scene)).toBe(1);
	});
});
