/** Thumbnail: Create in n8n's engine: files and fields as an upload reads them. */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { Thumbnail } from '../../core/documents';
import { mediaFile } from '../../core/hash';
import { findFfmpeg } from '../../core/video/ffmpeg';
import { startEngine, type Engine } from '../support/engine';
import { queuedJob } from '../support/job';
import { makeClip } from '../support/media';
import { temporaryFolder, temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

async function setUp() {
	const folder = await temporaryFolder();
	const store = await temporaryStore(undefined, folder);
	await queuedJob(store);
	const tools = await findFfmpeg();
	const clip = await makeClip(tools, folder, { name: 'clip', source: 'testsrc2=size=320x180:rate=10:duration=2' });
	await mkdir(join(store.mediaFolder, 'v-1'), { recursive: true });
	const path = join(store.mediaFolder, 'v-1', 'video.mp4');
	await copyFile(clip, path);
	const video = { file: await mediaFile(path, 'video/mp4'), width: 320, height: 180, fps: 10, duration_s: 2 };
	const item = { video_id: 'v-1', script: { title: 'How volcanoes work', language: 'en' }, video };
	const create = async (parameters: object) =>
		await engine.runNode({
			type: 'videoComposer',
			parameters: { resource: 'thumbnail', operation: 'create', ...parameters },
			credentials: { ytempireStoreApi: { databaseFile: store.file } },
			items: [item] as never,
		});
	return { create };
}

describe('Thumbnail: Create', () => {
	it('adds three thumbnails of the video, and keeps them for a rerun', async () => {
		const { create } = await setUp();
		const first = await create({});
		expect(first.error).toBeUndefined();
		const { thumbnails } = first.items[0]?.json as unknown as { thumbnails: Thumbnail[] };
		expect(thumbnails).toHaveLength(3);
		expect((await readFile(thumbnails[0]?.path ?? '')).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
		expect(first.items[0]?.binary).toBeUndefined();
		const again = await create({ options: { binaryPrefix: 'thumbnail_' } });
		expect((again.items[0]?.json as unknown as { thumbnails: Thumbnail[] }).thumbnails).toEqual(thumbnails);
		expect(Object.keys(again.items[0]?.binary ?? {})).toEqual(['thumbnail_1', 'thumbnail_2', 'thumbnail_3']);
		expect(again.items[0]?.binary?.thumbnail_1).toMatchObject({ mimeType: 'image/jpeg' });
	});
});
