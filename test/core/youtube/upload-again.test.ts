/** An upload that is asked for again when its video is up already, or nearly so. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { fileHash } from '../../../core/hash';
import { CHUNK, uploadScene, type UploadScene } from '../../support/upload';
import { tinyPng } from '../../support/tiny-files';
import { videoOf } from '../../support/video';

const HOUR_MS = 3_600_000;

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

const pass = (scene: UploadScene, ms: number) => {
	scene.store.clock.pass(ms);
	scene.sandbox.clock.advance(ms);
};

/** A file that YouTube can't process. */
async function noise(scene: UploadScene, name = 'noise'): Promise<{ path: string; sha256: string }> {
	const path = join(scene.folder, `${name}.mp4`);
	await writeFile(path, Buffer.alloc(100_000, name));
	return { path, sha256: await fileHash(path) };
}

const good = (scene: UploadScene) => ({ path: scene.path, sha256: scene.sha256 });

describe('a publication at a time that has come meanwhile', () => {
	const planned = (scene: UploadScene) => ({
		metadata: { title: 'Volcanoes', publishAt: new Date(scene.store.clock.now() + HOUR_MS).toISOString() },
	});

	it('completes a video whose last byte had arrived: it is public by now, as was wanted', async () => {
		const scene = await uploadScene(3.5);
		const input = planned(scene);
		scene.onChunks({ kind: 'drop-answer', after: 3 });
		scene.onChunks({ kind: 'status', status: 503, after: 3, times: 0 });
		expect(await refused(scene.upload(input, { attempts: 2 }))).toMatchObject({ errorClass: 'unavailable' });
		scene.sandbox.faults.clear();
		pass(scene, 2 * HOUR_MS);
		expect(await scene.upload(input)).toMatchObject({ resumed: true, privacy_status: 'public', warnings: [] });
		expect(scene.used('inserts')).toBe(1);
	});

	it('is the same result when it is asked for again', async () => {
		const scene = await uploadScene(0.5);
		const input = planned(scene);
		const first = await scene.upload(input);
		pass(scene, 2 * HOUR_MS);
		expect(await scene.upload(input)).toEqual(first);
	});

	it('is refused before another insert is spent when the video has to be begun anew', async () => {
		const scene = await uploadScene(3.5);
		const input = planned(scene);
		scene.onChunks({ kind: 'status', status: 503, after: 1, times: 0 });
		await refused(scene.upload(input, { attempts: 2 }));
		scene.sandbox.faults.clear();
		pass(scene, 2 * HOUR_MS);
		await scene.control('POST', '/sandbox/sessions/lose', { status: 410 });
		expect(await refused(scene.upload(input))).toMatchObject({ reason: 'invalid-metadata', issues: [{ field: 'publishAt' }] });
		expect(scene.used('inserts')).toBe(1);
	});
});

describe('a video that is up', () => {
	it('needs neither its file nor its thumbnail any more; what can’t be set is a warning', async () => {
		const scene = await uploadScene(0.5);
		const thumbnail = join(scene.folder, 'thumbnail.png');
		await writeFile(thumbnail, tinyPng());
		scene.onCalls('POST', '/upload/youtube/v3/thumbnails/set', { kind: 'status', status: 403, reason: 'forbidden' });
		const { youtube_id: youtubeId } = await scene.upload({ thumbnail });
		await rm(scene.path);
		await rename(thumbnail, `${thumbnail}.aside`);
		const again = await scene.upload({ thumbnail });
		expect(again).toMatchObject({ youtube_id: youtubeId, after_upload: [{ step: 'thumbnail', done: false, why: expect.stringContaining('can') }] });
		await rename(`${thumbnail}.aside`, thumbnail);
		expect(await scene.upload({ thumbnail })).toMatchObject({ after_upload: [{ step: 'thumbnail', done: true }] });
	});
});

describe('another file under the ID of a video', () => {
	it('that YouTube has failed takes its place, and the channel has used two of its day’s videos', async () => {
		const scene = await uploadScene(0.5);
		await scene.control('PATCH', '/sandbox/settings', { processingPolls: 0 });
		const file = await noise(scene);
		expect(await refused(scene.upload({ file }))).toMatchObject({ errorClass: 'refused', reason: 'invalidFile', cure: expect.stringContaining('render it again') });
		expect(await refused(scene.upload({ file }))).toMatchObject({ reason: 'invalidFile' });
		expect(scene.used('inserts')).toBe(1);
		const result = await scene.upload({ file: good(scene) });
		expect(scene.youtube().videos.at(-1)).toMatchObject({ id: result.youtube_id, sha256: scene.sha256 });
		const days = await scene.store.db.selectFrom('quota_days').select('used').where('bucket', '=', 'videos').execute();
		expect(days.reduce((sum, { used }) => sum + used, 0)).toBe(2);
	});

	it('takes its place also when YouTube failed it after its result was given', async () => {
		const scene = await uploadScene(0.5);
		const first = await scene.upload({ file: await noise(scene) });
		expect(first.processing_status).toBe('processing');
		const result = await scene.upload({ file: good(scene) });
		expect(result.youtube_id).not.toBe(first.youtube_id);
		expect(await scene.upload({ file: good(scene) })).toEqual(result);
	});

	it('that YouTube keeps is refused', async () => {
		const scene = await uploadScene(0.5);
		await scene.upload({ file: good(scene) });
		const other = await videoOf(scene.folder, CHUNK, 'other');
		expect(await refused(scene.upload({ file: { path: other } }))).toMatchObject({ reason: 'already-published' });
		expect(scene.used('inserts')).toBe(1);
	});
});
