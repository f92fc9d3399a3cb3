/** A session that is lost after its last byte: which of the channel's videos is the upload's? */
import { describe, expect, it } from 'vitest';

import { CHUNK, uploadScene, type UploadScene } from '../../support/upload';
import { videoOf } from '../../support/video';
import { YouTubeClient } from '../../support/youtube-client';

const CHUNKS = 1.5;

/** The answer to the last chunk of the next upload is lost, and its session with it. */
const loseTheEnd = (scene: UploadScene, chunks = 2) => {
	scene.onChunks({ kind: 'drop-answer', after: chunks - 1 });
	scene.onChunks({ kind: 'status', status: 404, reason: 'notFound', after: chunks - 1 });
};

/** Nothing of the last chunk is kept, and the session is lost. */
const loseTheLastChunk = (scene: UploadScene) => {
	scene.onChunks({ kind: 'accept-part', bytes: 0, after: 1 });
	scene.onChunks({ kind: 'status', status: 404, reason: 'notFound', after: 1 });
};

const metadata = { title: 'Volcanoes' };

/** Videos of the same title that somebody else brings to the channel. */
async function others(scene: UploadScene, count: number, title: string): Promise<void> {
	const client = await YouTubeClient.signIn(scene.sandbox, 1);
	for (let index = 0; index < count; index += 1) {
		await client.upload(Buffer.from(`video ${index}`), { snippet: { title }, status: { privacyStatus: 'private' } });
	}
}

describe('after a session that was lost at its end', () => {
	it('the video is found behind fifty newer ones, and nothing new is inserted', async () => {
		const scene = await uploadScene(CHUNKS, { active: 1, reserve: 0 });
		loseTheEnd(scene);
		let newer: Promise<void> | undefined;
		const result = await scene.upload({}, {
			// Between the last byte and the look
			retry: { baseMs: 5, maxMs: 20 },
			looksMs: [2_000],
			log: () => undefined,
			onProgress: ({ confirmed, total }) => {
				if (confirmed < total / 2) return;
				newer ??= (async () => {
					await expect.poll(() => scene.youtube().videos.length).toBe(1);
					await others(scene, 55, 'Other');
				})();
			},
		});
		await newer;
		expect(scene.youtube().videos).toHaveLength(56);
		expect(scene.youtube().videos[0]).toMatchObject({ id: result.youtube_id, sha256: scene.sha256 });
		expect(scene.sandbox.recorder.list({ service: 'youtube', path: '/youtube/v3/playlistItems' })).toHaveLength(2);
	}, 30_000);

	it('another job’s video of the same title and size is not taken for it', async () => {
		const scene = await uploadScene(CHUNKS, { active: 1, reserve: 0 });
		const first = await scene.upload({ videoId: 'first', metadata });
		loseTheLastChunk(scene);
		const second = await scene.upload({ videoId: 'second', metadata });
		expect(second.youtube_id).not.toBe(first.youtube_id);
		expect(scene.youtube().videos.map(({ id }) => id)).toEqual([first.youtube_id, second.youtube_id]);
	});

	it('a video of the same title and another size is not taken for it', async () => {
		const scene = await uploadScene(CHUNKS, { active: 1, reserve: 0 });
		const other = await videoOf(scene.folder, CHUNK, 'other');
		await scene.upload({ videoId: 'first', metadata, file: { path: other } });
		// as if another program had brought it
		await scene.store.db.deleteFrom('uploads').execute();
		loseTheEnd(scene);
		const second = await scene.upload({ videoId: 'second', metadata });
		expect(scene.youtube().videos.map(({ id, sha256 }) => [id, sha256]).at(-1)).toEqual([second.youtube_id, scene.sha256]);
		expect(scene.youtube().videos).toHaveLength(2);
	});
});
