/** A video on its way to YouTube, against the sandbox over real HTTP. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { YtempireError } from '../../../core/errors';
import { CHUNK, uploadScene } from '../../support/upload';
import { videoOf } from '../../support/video';

const refused = async (work: Promise<unknown>): Promise<YtempireError> => {
	try {
		await work;
	} catch (error) {
		return error as YtempireError;
	}
	throw new Error('It was not refused');
};

describe('an upload', () => {
	it('brings the file byte by byte, with its metadata, on the first account, for one insert', async () => {
		const scene = await uploadScene();
		const result = await scene.upload({
			metadata: { title: 'Volcanoes', description: 'Fire', tags: ['lava'], privacyStatus: 'unlisted', notifySubscribers: false },
		});
		const [video] = scene.youtube().videos;
		expect(scene.youtube().videos).toHaveLength(1);
		expect(video).toMatchObject({
			id: result.youtube_id, account_id: 'account-01', sha256: scene.sha256, privacy_status: 'unlisted', notify_subscribers: false,
		});
		expect(video?.metadata).toMatchObject({
			snippet: { title: 'Volcanoes', description: 'Fire', tags: ['lava'] },
			status: { privacyStatus: 'unlisted', containsSyntheticMedia: true, selfDeclaredMadeForKids: false },
		});
		expect(result).toMatchObject({
			youtube_url: `https://www.youtube.com/watch?v=${result.youtube_id}`,
			account_id: 'account-01',
			channel_id: video?.channel_id,
			privacy_status: 'unlisted',
			quota: { bucket: 'video_uploads', cost: 1, used: 1, limit: 90 },
			passed_over: [],
			resumed: false,
			warnings: [],
		});
		expect(Date.parse(result.published_at)).toBeGreaterThan(Date.now() - 60_000);
		expect(scene.used('inserts')).toBe(1);
	});

	it('goes in chunks of whole 256 KiB, with their length announced', async () => {
		const scene = await uploadScene(2.5);
		await scene.upload({}, { chunkBytes: CHUNK + 1000 });
		const total = 2.5 * CHUNK;
		expect(scene.ranges()).toEqual([
			`bytes 0-${CHUNK - 1}/${total}`,
			`bytes ${CHUNK}-${2 * CHUNK - 1}/${total}`,
			`bytes ${2 * CHUNK}-${total - 1}/${total}`,
		]);
		for (const { headers } of scene.sandbox.recorder.list({ service: 'youtube', method: 'PUT' })) {
			expect(headers['transfer-encoding']).toBeUndefined();
			expect(Number(headers['content-length'])).toBeGreaterThan(0);
		}
	});

	it('of a file whose type is not known as a video is announced as plain bytes', async () => {
		const scene = await uploadScene(0.5);
		await scene.upload({ file: { path: scene.path, mime: 'text/html' } });
		const [opening] = scene.sandbox.recorder.list({ service: 'youtube', method: 'POST', path: '/upload' });
		expect(opening?.headers['x-upload-content-type']).toBe('application/octet-stream');
	});

	it('sends a small file in one request', async () => {
		const scene = await uploadScene(0.5);
		await scene.upload();
		expect(scene.ranges()).toHaveLength(1);
	});

	it('with the same ID is the same video, and costs nothing the second time', async () => {
		const scene = await uploadScene();
		const first = await scene.upload();
		const requests = scene.sandbox.recorder.list({ service: 'youtube' }).length;
		expect(await scene.upload()).toEqual(first);
		expect(scene.sandbox.recorder.list({ service: 'youtube' })).toHaveLength(requests);
	});

	it('by two executions at once is one video', async () => {
		const scene = await uploadScene();
		const [one, other] = await Promise.all([scene.upload(), scene.upload()]);
		expect(one).toEqual(other);
		expect(scene.youtube().videos).toHaveLength(1);
		expect(scene.used('inserts')).toBe(1);
	});

	it('without an ID is known by the content of its file', async () => {
		const scene = await uploadScene();
		const first = await scene.upload({ videoId: undefined });
		expect((await scene.upload({ videoId: undefined })).youtube_id).toBe(first.youtube_id);
		const another = await videoOf(scene.folder, 2 * CHUNK, 'another');
		expect((await scene.upload({ videoId: undefined, file: { path: another } })).youtube_id).not.toBe(first.youtube_id);
	});

	it('of another file under a published ID is refused', async () => {
		const scene = await uploadScene();
		await scene.upload({ file: { path: scene.path, sha256: scene.sha256 } });
		const error = await refused(scene.upload({ file: { path: scene.path, sha256: 'f'.repeat(64) } }));
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'already-published' });
	});

	it('that YouTube would reject spends nothing and asks nobody', async () => {
		const scene = await uploadScene();
		const error = await refused(scene.upload({ metadata: { title: 'x'.repeat(101) } }));
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'invalid-metadata' });
		expect(await refused(scene.upload({ file: { path: join(scene.folder, 'missing.mp4') } }))).toMatchObject({ reason: 'file-unreadable' });
		expect(await refused(scene.upload({ thumbnail: scene.path }))).toMatchObject({ reason: 'thumbnail' });
		expect(scene.sandbox.recorder.list({ service: 'youtube' })).toEqual([]);
	});

	it('tells its progress in bytes', async () => {
		const scene = await uploadScene();
		const told: number[] = [];
		await scene.upload({}, { onProgress: ({ confirmed, total }) => told.push(confirmed / total) });
		expect(told).toEqual([...told].sort((a, b) => a - b));
		expect(told[0]).toBe(0);
		expect(told.at(-1)).toBeGreaterThan(0.8);
	});

	it('sets the thumbnail', async () => {
		const scene = await uploadScene();
		const thumbnail = join(scene.folder, 'thumbnail.png');
		await writeFile(thumbnail, Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
		const result = await scene.upload({ thumbnail });
		expect(result.warnings).toEqual([]);
		expect(scene.youtube().videos[0]?.thumbnail?.bytes).toBe(70);
	});

	it('stands although the thumbnail fails: that is a warning with YouTube’s reason', async () => {
		const scene = await uploadScene();
		const thumbnail = join(scene.folder, 'thumbnail.jpg');
		await writeFile(thumbnail, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
		scene.onCalls('POST', '/upload/youtube/v3/thumbnails/set', { kind: 'status', status: 403, reason: 'forbidden' });
		const result = await scene.upload({ thumbnail });
		expect(result.warnings).toHaveLength(1);
		expect(result.warnings[0]).toContain('forbidden');
	});

	it('keeps no address and no token in the store', async () => {
		const scene = await uploadScene();
		scene.onChunks({ kind: 'status', status: 503, after: 1, times: 0 });
		await refused(scene.upload({}, { attempts: 2 }));
		const [row] = await scene.store.db.selectFrom('uploads').selectAll().execute();
		expect(row?.sealed_session).toMatch(/^v1\./);
		expect(JSON.stringify(row)).not.toMatch(/upload_id|http|ya29/);
	});

	it('sends nothing to an address elsewhere', async () => {
		const scene = await uploadScene();
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'status', status: 200, headers: { location: 'http://evil.example/upload' }, body: {} });
		expect(await refused(scene.upload())).toMatchObject({ reason: 'foreign-session' });
	});

	it('says when YouTube has rejected the video', async () => {
		const scene = await uploadScene();
		await writeFile(join(scene.folder, 'noise.mp4'), Buffer.alloc(100_000, 7));
		await scene.control('PATCH', '/sandbox/settings', { processingPolls: 0 });
		const error = await refused(scene.upload({ file: { path: join(scene.folder, 'noise.mp4') } }));
		expect(error).toMatchObject({ errorClass: 'refused', reason: 'invalidFile' });
		expect(scene.youtube().videos).toHaveLength(1);
		await refused(scene.upload({ file: { path: join(scene.folder, 'noise.mp4') } }));
		expect(scene.youtube().videos).toHaveLength(1);
	});
});
