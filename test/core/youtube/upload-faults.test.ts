/** An upload when things go wrong on the way: what arrives is the file, once. */
import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { acquire } from '../../../core/pool/lease';
import type { FaultSetting } from '../../../sandbox/faults';
import { testPool } from '../../support/pool';
import { CHUNK, uploadScene, type UploadScene } from '../../support/upload';

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

function expectOneVideo(scene: UploadScene): void {
	expect(scene.youtube().videos.map(({ sha256 }) => sha256)).toEqual([scene.sha256]);
}

/** Watches an upload, and lets the sign-in of account-01 and its tokens die as soon as so many bytes are there. */
function revokedAt(scene: UploadScene, bytes: number): (progress: { confirmed: number }) => void {
	let revoked = false;
	return ({ confirmed }) => {
		if (confirmed < bytes || revoked) return;
		revoked = true;
		void scene.control('PATCH', '/sandbox/accounts/account-01', { standing: 'revoked' });
	};
}

type Fault = Omit<FaultSetting, 'service' | 'match'>;

/** The file has four chunks, the last of them half as long. */
const CHUNKS = 3.5;

const FAULTS: Array<[string, Fault]> = [
	['half of a chunk is kept', { kind: 'accept-part', bytes: CHUNK / 2 }],
	['nothing of a chunk is kept', { kind: 'accept-part', bytes: 0 }],
	['the connection breaks before a chunk', { kind: 'drop' }],
	['the connection breaks in the middle of a chunk', { kind: 'drop-after-bytes', bytes: 100_000 }],
	['the answer to a chunk is lost', { kind: 'drop-answer' }],
	['the server is overloaded', { kind: 'status', status: 503, reason: 'backendError' }],
	['the server breaks', { kind: 'status', status: 500 }],
	['the server asks for fewer requests', { kind: 'status', status: 403, reason: 'rateLimitExceeded' }],
	['the token is refused', { kind: 'status', status: 401, reason: 'authError' }],
	['the answer to a chunk is cut off', { kind: 'malformed' }],
	['the answer to a chunk is none of the protocol’s', { kind: 'status', status: 200, body: { id: 7 } }],
	['the server is slow', { kind: 'slow', delayMs: 200 }],
];

describe.each(FAULTS)('when %s', (_name, fault) => {
	it.each([0, 1, 2, 3])('at chunk %i, the video arrives whole and once', async (after) => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ ...fault, after });
		await scene.upload();
		expectOneVideo(scene);
		expect(scene.used('inserts')).toBe(1);
	});
});

describe.each([404, 410])('when the session is gone with %i', (status) => {
	it.each([0, 1, 2, 3])('at chunk %i, a new one is opened and the video arrives whole and once', async (after) => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'status', status, after });
		await scene.upload();
		expectOneVideo(scene);
		expect(scene.used('inserts')).toBe(2);
	});
});

describe('when the token has run out', () => {
	it.each([0, 1, 2, 3])('at chunk %i, a new one is asked for and the video arrives whole and once', async (after) => {
		const scene = await uploadScene(CHUNKS);
		// Time for the token to run out before the chunk is looked at
		scene.onChunks({ kind: 'slow', delayMs: 300, after });
		let expired: Promise<void> | undefined;
		await scene.upload({}, {
			onProgress: ({ confirmed }) => {
				if (confirmed >= after * CHUNK) expired ??= scene.control('POST', '/sandbox/tokens/expire', {});
			},
		});
		await expired;
		expectOneVideo(scene);
		expect(scene.used('inserts')).toBe(1);
		expect(scene.sandbox.recorder.list({ service: 'youtube', path: '/token' })).toHaveLength(2);
	});
});

describe('when trouble comes again and again', () => {
	it('half of every chunk is kept, the video arrives whole', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'accept-part', bytes: CHUNK / 2, times: 0 });
		await scene.upload({}, { attempts: 3 });
		expectOneVideo(scene);
	});

	it('every second request breaks, the video arrives whole', async () => {
		const scene = await uploadScene(CHUNKS);
		for (const after of [0, 1, 2, 3]) scene.onChunks({ kind: 'drop-after-bytes', bytes: 150_000, after });
		await scene.upload();
		expectOneVideo(scene);
	});

	it('it gives up after so many tries without a byte gained, and the next call goes on from there', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'status', status: 503, after: 2, times: 0 });
		const error = await refused(scene.upload({}, { attempts: 3 }));
		expect(error).toMatchObject({ errorClass: 'unavailable', httpStatus: 503 });
		scene.sandbox.faults.clear();
		const result = await scene.upload();
		expect(result.resumed).toBe(true);
		expect(scene.ranges().slice(-3)).toEqual([
			`bytes */${CHUNKS * CHUNK}`,
			`bytes ${2 * CHUNK}-${3 * CHUNK - 1}/${CHUNKS * CHUNK}`,
			`bytes ${3 * CHUNK}-${CHUNKS * CHUNK - 1}/${CHUNKS * CHUNK}`,
		]);
		expectOneVideo(scene);
		expect(scene.used('inserts')).toBe(1);
	});

	it('and the next call says something else of the video, a new session tells YouTube that', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'status', status: 503, after: 2, times: 0 });
		await refused(scene.upload({ metadata: { title: 'Volcanoes', privacyStatus: 'public' } }, { attempts: 2 }));
		scene.sandbox.faults.clear();
		const result = await scene.upload({ metadata: { title: 'Volcanoes', privacyStatus: 'private' } });
		expect(result.resumed).toBe(false);
		expect(scene.youtube().videos.map((video) => video.privacy_status)).toEqual(['private']);
	});

	it('a request that stands still is given up and the upload goes on', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'slow', delayMs: 5_000, after: 1 });
		const startedAt = Date.now();
		await scene.upload({}, { stallMs: 300 });
		expect(Date.now() - startedAt).toBeLessThan(4_000);
		expectOneVideo(scene);
	});

	it('a long wait that the server asks for is the caller’s to plan', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'status', status: 429, reason: 'rateLimitExceeded', headers: { 'retry-after': '3600' }, after: 1 });
		expect(await refused(scene.upload())).toMatchObject({ errorClass: 'rate-limited', retryAfterMs: 3_600_000 });
		await scene.upload();
		expectOneVideo(scene);
	});

	it('a short wait that the server asks for is kept', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'status', status: 503, headers: { 'retry-after': '1' }, after: 1 });
		const startedAt = Date.now();
		await scene.upload();
		expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000);
	});
});

describe('when the session is lost', () => {
	it('after its last byte, the channel is looked through and the video found', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'drop-answer', after: 3 });
		scene.onChunks({ kind: 'status', status: 404, reason: 'notFound', after: 3 });
		const result = await scene.upload();
		expect(scene.youtube().videos.map(({ id }) => id)).toEqual([result.youtube_id]);
		expectOneVideo(scene);
		expect(scene.used('inserts')).toBe(1);
		expect(scene.sandbox.recorder.list({ service: 'youtube', path: '/youtube/v3/playlistItems' })).toHaveLength(1);
	});

	it('after its last byte, a video of the same title from before is not taken for it', async () => {
		const scene = await uploadScene(CHUNKS);
		const earlier = await scene.upload({ videoId: 'earlier', asked: 'account-01' });
		scene.sandbox.clock.advance(3_600_000);
		scene.store.clock.pass(3_600_000);
		scene.onChunks({ kind: 'accept-part', bytes: 0, after: 3 });
		scene.onChunks({ kind: 'status', status: 404, reason: 'notFound', after: 3 });
		const result = await scene.upload({ asked: 'account-01' });
		expect(result.youtube_id).not.toBe(earlier.youtube_id);
		expect(scene.youtube().videos).toHaveLength(2);
		expect(scene.sandbox.recorder.list({ service: 'youtube', path: '/youtube/v3/playlistItems' })).toHaveLength(1);
	});

	it('after its last byte and nobody can say whether the video is there, nothing new is inserted', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'drop-answer', after: 3 });
		scene.onChunks({ kind: 'status', status: 404, reason: 'notFound', after: 3 });
		scene.onCalls('GET', '/youtube/v3/channels', { kind: 'status', status: 503, times: 0 });
		expect(await refused(scene.upload())).toMatchObject({ errorClass: 'unavailable' });
		expect(scene.used('inserts')).toBe(1);
		scene.sandbox.faults.clear();
		await scene.upload();
		expectOneVideo(scene);
		expect(scene.used('inserts')).toBe(1);
	});

	it('three times, the upload gives up and leaves the day’s places as they were', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'status', status: 404, reason: 'notFound', times: 0 });
		expect(await refused(scene.upload())).toMatchObject({ errorClass: 'unavailable', reason: 'sessions-lost' });
		expect(scene.used('inserts')).toBe(3);
		const days = await scene.store.db.selectFrom('quota_days').select(['bucket', 'used']).execute();
		expect(days.filter(({ bucket }) => bucket === 'videos').every(({ used }) => used === 0)).toBe(true);
		expect(days.find(({ bucket }) => bucket === 'video_uploads')?.used).toBe(3);
	});
});

describe('when the sign-in is lost in the middle', () => {
	it.each([
		[{ active: 2, reserve: 0 }, 'the next account'],
		[{ active: 1, reserve: 1 }, 'a reserve account'],
	])('of %j: %s takes the video in the same run, and the operator is told', async (pool) => {
		const scene = await uploadScene(CHUNKS, pool);
		const result = await scene.upload({}, { onProgress: revokedAt(scene, CHUNK) });
		expect(result).toMatchObject({
			account_id: 'account-02',
			passed_over: [{ account_id: 'account-01', why: 'YouTube refused it: invalid_grant' }],
			quarantined: [{ account_id: 'account-01', reason: 'invalid_grant' }],
		});
		expectOneVideo(scene);
		const days = await scene.store.db.selectFrom('quota_days').select('used').where('bucket', '=', 'videos').orderBy('used').execute();
		expect(days).toEqual([{ used: 0 }, { used: 1 }]);
	});

	it('once the last byte has left, no other begins: the video may be there', async () => {
		const scene = await uploadScene(CHUNKS, { active: 2, reserve: 0 });
		scene.onChunks({ kind: 'status', status: 401, reason: 'authError', after: 3 });
		const error = await refused(scene.upload({}, { onProgress: revokedAt(scene, 3 * CHUNK) }));
		expect(error).toMatchObject({ errorClass: 'auth', reason: 'invalid_grant', quarantined: [{ account_id: 'account-01' }] });
		expect(scene.used('inserts')).toBe(1);
		expect(await refused(scene.upload())).toMatchObject({ errorClass: 'auth' });
	});

	it('by the account that was asked for, the upload is kept for it', async () => {
		const scene = await uploadScene(CHUNKS);
		expect(await refused(scene.upload({ asked: 'account-01' }, { onProgress: revokedAt(scene, CHUNK) }))).toMatchObject({ reason: 'invalid_grant' });
		expect(await scene.store.db.selectFrom('uploads').select('state').execute()).toEqual([{ state: 'uploading' }]);
	});
});

describe('when it is cancelled', () => {
	it('it stops within a second, and the next call goes on', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'slow', delayMs: 20_000, after: 2 });
		const controller = new AbortController();
		const work = refused(scene.upload({}, {
			signal: controller.signal,
			onProgress: ({ confirmed }) => {
				if (confirmed >= 2 * CHUNK) setTimeout(() => { controller.abort(); }, 50);
			},
		}));
		const abortedAt = new Promise<number>((resolve) => {
			controller.signal.addEventListener('abort', () => { resolve(Date.now()); });
		});
		const error = await work;
		expect(Date.now() - (await abortedAt)).toBeLessThan(1_000);
		expect(error.errorClass).toBe('cancelled');
		scene.sandbox.faults.clear();
		expect((await scene.upload()).resumed).toBe(true);
		expectOneVideo(scene);
	});

	it('while it waits for a second account, that is what is told, and not what YouTube said of the first', async () => {
		const scene = await uploadScene(0.5, { active: 2, reserve: 0 });
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'status', status: 400, reason: 'uploadLimitExceeded' });
		const pool = testPool({ active: 2, reserve: 0 });
		await acquire(scene.store, pool, { holder: 'another', asked: 'account-02', waitMs: 0 });
		const controller = new AbortController();
		const work = refused(scene.upload({}, { signal: controller.signal, log: (message) => {
			if (message.includes('next account')) setTimeout(() => { controller.abort(); }, 100);
		} }));
		expect(await work).toMatchObject({ errorClass: 'cancelled' });
	});

	it('while the file is read for its name, it stops at once', async () => {
		const scene = await uploadScene(40);
		expect(await refused(scene.upload({ videoId: undefined }, { signal: AbortSignal.abort() }))).toMatchObject({ errorClass: 'cancelled' });
		expect(await scene.store.db.selectFrom('upload_claims').selectAll().execute()).toEqual([]);
	});
});

describe('when YouTube refuses the account', () => {
	it.each([
		['uploadLimitExceeded', 400],
		['quotaExceeded', 403],
		['youtubeSignupRequired', 401],
	])('with %s, the next account of another project takes the video, and the result says why', async (reason, status) => {
		const scene = await uploadScene(CHUNKS, { active: 2, reserve: 0, clientId: (index) => `client-${index}` });
		for (const index of [0, 1]) {
			await scene.control('PATCH', `/sandbox/accounts/account-0${index + 1}`, { clientId: `client-${index}` });
		}
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'status', status, reason });
		const result = await scene.upload();
		expect(result).toMatchObject({
			account_id: 'account-02',
			passed_over: [{ account_id: 'account-01', why: `YouTube refused it: ${reason}` }],
		});
		expectOneVideo(scene);
	});

	it('and no other is there, its own reason and cure are told', async () => {
		const scene = await uploadScene(CHUNKS, { active: 1, reserve: 0 });
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'status', status: 403, reason: 'quotaExceeded' });
		const error = await refused(scene.upload());
		expect(error).toMatchObject({ errorClass: 'quota-exhausted', reason: 'quotaExceeded' });
		expect(error.cure).toContain('midnight in California');
	});

	it('that was asked for, no other is taken', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'status', status: 400, reason: 'uploadLimitExceeded' });
		expect(await refused(scene.upload({ asked: 'account-03' }))).toMatchObject({ reason: 'uploadLimitExceeded' });
		expect(scene.youtube().videos).toEqual([]);
	});

	it('at the last chunk, nothing is left behind and the next account takes the video', async () => {
		const scene = await uploadScene(0.5);
		scene.onChunks({ kind: 'status', status: 403, reason: 'uploadLimitExceeded' });
		expect((await scene.upload()).account_id).toBe('account-02');
		expectOneVideo(scene);
	});

	it('a dead refresh token costs no quota, and the reserve stands in', async () => {
		const scene = await uploadScene(CHUNKS, { active: 1, reserve: 1 });
		await scene.control('PATCH', '/sandbox/accounts/account-01', { standing: 'revoked' });
		const result = await scene.upload();
		expect(result).toMatchObject({ account_id: 'account-02', passed_over: [{ account_id: 'account-01', why: 'YouTube refused it: invalid_grant' }] });
		expect(scene.used('inserts')).toBe(1);
		expect(result.quota.used).toBe(1);
	});

	it('because of our own request, no other account is troubled', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'status', status: 400, reason: 'invalidVideoMetadata' });
		expect(await refused(scene.upload())).toMatchObject({ errorClass: 'invalid-request', reason: 'invalidVideoMetadata' });
		expect(scene.sandbox.recorder.list({ service: 'youtube', path: '/upload' })).toHaveLength(1);
	});
});

describe('when no chunk size is set', () => {
	it('chunks begin with 50 MB and grow on a fast line', async () => {
		const scene = await uploadScene(640);
		await scene.upload({}, { chunkBytes: undefined });
		expectOneVideo(scene);
		const [total, first] = [640 * CHUNK, 200 * CHUNK];
		expect(scene.ranges()).toEqual([`bytes 0-${first - 1}/${total}`, `bytes ${first}-${total - 1}/${total}`]);
	}, 30_000);
});
