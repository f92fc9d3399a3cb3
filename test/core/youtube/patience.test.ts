/** How trouble in the middle of a file is waited out, and what seals the address of what is not finished. */
import { describe, expect, it } from 'vitest';

import { isYtempireError, type YtempireError } from '../../../core/errors';
import { unseal } from '../../../core/seal';
import { loadUpload } from '../../../core/youtube/records';
import { KEYS } from '../../../sandbox/keys';
import { testPool } from '../../support/pool';
import { uploadScene } from '../../support/upload';

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		if (isYtempireError(error)) return error;
		throw error;
	}
	throw new Error('It was not refused');
};

/** The waits of an upload whose every chunk is refused, without the time that they take. */
async function waitsOf(random: number, headers: Record<string, string> = {}): Promise<number[]> {
	const scene = await uploadScene(1.5);
	const waits: number[] = [];
	scene.onChunks({ kind: 'status', status: 503, headers, times: 0 });
	const error = await refused(scene.upload({}, {
		attempts: 9,
		baseMs: undefined,
		maxMs: undefined,
		random: () => random,
		sleep: async (ms) => {
			waits.push(ms);
			await Promise.resolve();
		},
	}));
	expect(error.httpStatus).toBe(503);
	return waits;
}

describe('the waits between tries', () => {
	it('double from a second up to a minute', async () => {
		expect(await waitsOf(0)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
	});

	it('are up to half as long again, so that many uploads don’t come back together', async () => {
		expect(await waitsOf(1)).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 48_000, 90_000, 90_000]);
	});

	it('are no shorter than YouTube asks for', async () => {
		expect((await waitsOf(0, { 'retry-after': '5' })).slice(0, 4)).toEqual([5_000, 5_000, 5_000, 8_000]);
	});
});

describe('the address of an unfinished upload', () => {
	it.each([
		['the Encryption Secret of the credential', { encryptionKey: 'a secret of its own' }, 'a secret of its own', KEYS.youtube.clientSecret],
		['the account’s client secret when that is empty', {}, KEYS.youtube.clientSecret, ''],
	])('opens with %s', async (_what, rules, secret, wrong) => {
		const scene = await uploadScene(1.5, { rules });
		scene.onChunks({ kind: 'status', status: 503, after: 1, times: 0 });
		await refused(scene.upload({}, { attempts: 2 }));
		const { sealed_session: sealed = '' } = (await loadUpload(scene.store, 'job:video-1')) ?? {};
		expect(await unseal(sealed, secret, 'job:video-1')).toContain('upload_id=');
		expect(await unseal(sealed, wrong, 'job:video-1')).toBeUndefined();
		scene.sandbox.faults.clear();
		expect((await scene.upload()).resumed).toBe(true);
	});

	it('opens no more when the secret was changed: the upload begins anew, for one video', async () => {
		const scene = await uploadScene(1.5, { rules: { encryptionKey: 'the first' } });
		scene.onChunks({ kind: 'status', status: 503, after: 1, times: 0 });
		await refused(scene.upload({}, { attempts: 2 }));
		scene.sandbox.faults.clear();
		const pool = testPool({ baseUrl: scene.sandbox.services.youtube.url, rules: { encryptionKey: 'the second' } });
		expect((await scene.upload({}, { pool })).resumed).toBe(false);
		expect(scene.youtube().videos).toHaveLength(1);
	});
});
