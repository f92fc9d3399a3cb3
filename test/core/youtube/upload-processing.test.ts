/** What becomes of a video at YouTube after its last byte, as far as an upload waits for it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { loadUpload } from '../../../core/youtube/records';
import { pausesWithin } from '../../../core/youtube/verify';
import { uploadScene, type UploadScene } from '../../support/upload';

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

const looks = (scene: UploadScene) => scene.sandbox.recorder.list({ service: 'youtube', method: 'GET', path: '/youtube/v3/videos' }).length;

describe('after the last byte', () => {
	it('the video is looked at until YouTube has processed it, and each look is paid', async () => {
		const scene = await uploadScene(0.5);
		await scene.control('PATCH', '/sandbox/settings', { processingPolls: 2 });
		expect(await scene.upload({}, { processingMs: 3_000 })).toMatchObject({ upload_status: 'processed', processing_status: 'succeeded', warnings: [] });
		expect(looks(scene)).toBe(3);
		const general = await scene.store.db.selectFrom('quota_days').select('used').where('bucket', '=', 'general').execute();
		expect(general).toEqual([{ used: 3 }]);
		expect(scene.used('units')).toBe(3);
	});

	it('the result says that YouTube still processes it when the time is over', async () => {
		const scene = await uploadScene(0.5);
		await scene.control('PATCH', '/sandbox/settings', { processingPolls: 100 });
		expect(await scene.upload({}, { processingMs: 1_200 })).toMatchObject({ upload_status: 'uploaded', processing_status: 'processing', warnings: [] });
		expect(looks(scene)).toBe(3);
	});

	it('a video that fails while it is waited for is told of with its cure', async () => {
		const scene = await uploadScene(0.5);
		const path = join(scene.folder, 'noise.mp4');
		await writeFile(path, Buffer.alloc(100_000, 7));
		const error = await refused(scene.upload({ file: { path } }, { processingMs: 3_000 }));
		expect(error).toMatchObject({ errorClass: 'refused', reason: 'invalidFile', cure: expect.stringContaining('render it again') });
	});

	it('a look that fails ends the wait with what was seen before', async () => {
		const scene = await uploadScene(0.5);
		scene.onCalls('GET', '/youtube/v3/videos', { kind: 'status', status: 403, reason: 'forbidden', after: 1 });
		const result = await scene.upload({}, { processingMs: 5_000 });
		expect(result).toMatchObject({ upload_status: 'uploaded', processing_status: 'processing', warnings: [] });
		expect(looks(scene)).toBe(2);
	});

	it('cancelling ends the wait within a second, and the next call completes the video', async () => {
		const scene = await uploadScene(0.5);
		await scene.control('PATCH', '/sandbox/settings', { processingPolls: 2 });
		const controller = new AbortController();
		let abortedAt = 0;
		const work = refused(scene.upload({}, {
			processingMs: 60_000,
			signal: controller.signal,
			log: (message) => {
				if (!message.startsWith('YouTube processes')) return;
				setTimeout(() => {
					abortedAt = Date.now();
					controller.abort();
				}, 50);
			},
		}));
		expect((await work).errorClass).toBe('cancelled');
		expect(Date.now() - abortedAt).toBeLessThan(1_000);
		expect(await loadUpload(scene.store, 'job:video-1')).toMatchObject({ state: 'uploaded' });
		expect(await scene.upload()).toMatchObject({ resumed: true });
		expect(scene.used('inserts')).toBe(1);
	});

	it('the default time has room for seven further looks, rarer and rarer', () => {
		expect(pausesWithin(60_000)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
		expect(pausesWithin(0)).toEqual([]);
	});
});
