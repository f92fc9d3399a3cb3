/** What follows an upload, and what is told of it meanwhile: the node in n8n's engine, against the sandbox's YouTube. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { getJob } from '../../core/jobs/job';
import { ownPlaylist } from '../../sandbox/youtube/playlists';
import { startEngine, type Engine } from '../support/engine';
import { queuedJob } from '../support/job';
import { poolCredential } from '../support/pool';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder, temporaryStore } from '../support/store';
import { tinyPng } from '../support/tiny-files';
import { videoOf } from '../support/video';

const MIB = 1024 * 1024;

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const CUES = [{ start_s: 0, end_s: 1.5, text: 'Fire.' }];

const SRT = '1\n00:00:00,000 --> 00:00:01,500\nFire.\n';

const LIST = ownPlaylist({ id: 'account-01' });

async function setUp(bytes = 100_000) {
	const sandbox = await temporarySandbox();
	const folder = await temporaryFolder();
	const store = await temporaryStore(undefined, folder);
	await queuedJob(store);
	const path = await videoOf(folder, bytes);
	const item = { video_id: 'v-1', script: { title: 'Volcanoes', language: 'pt-BR' }, video: { file: { path }, captions: CUES } };
	const upload = async (options: object = {}, more: object = {}, given: object = item) =>
		await engine.runNode({
			type: 'youTubePool',
			parameters: { resource: 'video', operation: 'upload', options, ...more } as INodeParameters,
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireYouTubePoolApi: poolCredential({ baseUrl: sandbox.services.youtube.url }) as ICredentialDataDecryptedObject,
			},
			items: [given] as never,
		});
	const calls = () => sandbox.recorder.list({ service: 'youtube' }).filter(({ path: called }) => called !== '/token').map(({ method, path: called }) => `${method} ${called}`);
	const state = () => sandbox.state('youtube') as { videos: any[]; captions: any[]; playlist_items: any[] };
	return { sandbox, folder, store, item, upload, calls, state };
}

describe('Video: Upload with what follows it', () => {
	it('adds the composed video’s captions in the script’s language, files and playlists', async () => {
		const { upload, state, folder, item } = await setUp();
		const file = join(folder, 'captions.srt');
		await writeFile(file, SRT.replace('Fire', 'Feuer'));
		const data = await engine.storeBinary(file, 'text/plain');
		const { items, error } = await upload(
			{
				captions: { track: [{}, { source: 'path', filePath: file, language: 'de' }, { source: 'binary', language: 'de', trackName: 'Beleg' }] },
				playlists: { playlist: [{ playlistId: LIST }, { playlistId: ownPlaylist({ id: 'account-02' }), account: 'account-02' }] },
			},
			{},
			{ json: item, binary: { data } },
		);
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({
			warnings: [],
			after_upload: [`playlist ${LIST}`, 'captions pt-br', 'captions de', 'captions de Beleg'].map((step) => ({ step, done: true, why: '' })),
		});
		expect(state().captions).toMatchObject([
			{ language: 'pt-BR', text: SRT },
			{ language: 'de', name: '', text: SRT.replace('Fire', 'Feuer') },
			{ language: 'de', name: 'Beleg' },
		]);
		expect(state().playlist_items).toMatchObject([{ playlistId: LIST }]);
	});

	it('runs again for another thumbnail alone, and then does that alone, without a second insert', async () => {
		const { upload, calls, state, folder, store } = await setUp();
		const thumbnail = join(folder, 'thumbnail.png');
		await writeFile(thumbnail, tinyPng());
		const options = { thumbnail, captions: { track: [{}] } };
		const first = await upload(options);
		const before = calls().length;
		await upload(options);
		expect(calls()).toHaveLength(before);
		await writeFile(thumbnail, Buffer.concat([tinyPng(), Buffer.from('x')]));
		const { items } = await upload(options);
		expect(calls().slice(before)).toEqual(['POST /upload/youtube/v3/thumbnails/set']);
		expect(items[0]?.json.youtube_id).toBe(first.items[0]?.json.youtube_id);
		expect(state().videos).toMatchObject([{ thumbnail: { bytes: tinyPng().length + 1 } }]);
		await upload({ ...options, playlists: { playlist: [{ playlistId: LIST }] } });
		expect(calls().slice(before + 1)).toEqual(['POST /youtube/v3/playlistItems']);
		const costs = await store.db.selectFrom('costs').select('units').where('stage', '=', 'upload').execute();
		expect(costs).toEqual([{ units: '{"video_uploads":1}' }]);
	});

	it('tries again what failed after the upload, although nothing was changed', async () => {
		const { upload, sandbox, state, store } = await setUp();
		sandbox.faults.add({ service: 'youtube', match: { method: 'POST', path: '/youtube/v3/playlistItems' }, kind: 'status', status: 403, reason: 'quotaExceeded' });
		const options = { playlists: { playlist: [{ playlistId: LIST }] } };
		const first = await upload(options);
		expect(first.items[0]?.json).toMatchObject({ warnings: [expect.stringContaining('quotaExceeded')], after_upload: [{ done: false }] });
		expect((await getJob(store, 'v-1'))?.status).toBe('published');
		await store.transaction(async (trx) => await trx.updateTable('quota_days').set({ exhausted: 0 }).execute());
		expect((await upload(options)).items[0]?.json).toMatchObject({ warnings: [], after_upload: [{ done: true }] });
		expect(state()).toMatchObject({ videos: [{}], playlist_items: [{ playlistId: LIST }] });
		expect((await getJob(store, 'v-1'))?.status).toBe('published');
	});

	it.each<[string, object, string]>([
		['a thumbnail that is not there', { thumbnail: '/nowhere/thumbnail.png' }, '/nowhere/thumbnail.png'],
		['captions that are none', { captions: { track: [{ source: 'text', captions: 'Hello' }] } }, 'captions'],
		['a playlist that is none', { playlists: { playlist: [{ playlistId: 'my list' }] } }, 'playlists'],
	])('fails the job for %s before anything is sent', async (_what, options, word) => {
		const { upload, calls, store } = await setUp();
		const { error } = await upload(options);
		expect(`${error?.message} ${error?.description}`).toContain(word);
		expect(calls()).toEqual([]);
		expect(await getJob(store, 'v-1')).toMatchObject({ status: 'failed', failure: { stage: 'upload', error_class: 'invalid-request' } });
	});
});

describe('while a video is uploaded', () => {
	it('bytes, rate and remaining time stand in the job and in n8n’s log', async () => {
		const { upload, sandbox, store } = await setUp(4 * MIB);
		sandbox.faults.add({ service: 'youtube', match: { method: 'PUT', path: '/upload' }, kind: 'slow', delayMs: 800, times: 0 });
		const { Container } = await import('@n8n/di');
		const { Logger } = await import('@n8n/backend-common');
		const info = vi.spyOn(Container.get(Logger), 'info');
		const notes = new Set<string>();
		const looking = setInterval(() => {
			void getJob(store, 'v-1').then((job) => {
				const stage = job?.stages.find(({ stage: name, status }) => name === 'upload' && status === 'running');
				if (stage?.note) notes.add(`${stage.progress} ${stage.note}`);
			});
		}, 100);
		try {
			await upload({ chunkSize: 1 });
		} finally {
			clearInterval(looking);
		}
		expect([...notes]).toEqual(expect.arrayContaining([expect.stringMatching(/^0\.\d+ [123]\.0 of 4\.0 MB, [\d.]+ [KM]B\/s, \d+ s left$/)]));
		const lines = info.mock.calls.filter(([message]) => message.startsWith('Uploading: '));
		expect(lines).toEqual(expect.arrayContaining([[
			expect.stringMatching(/^Uploading: [\d.]+ of 4\.0 MB, [\d.]+ [KM]B\/s, \d+ s left$/),
			{ videoId: 'v-1', bytesSent: expect.any(Number), bytesTotal: 4 * MIB, bytesPerSecond: expect.any(Number), secondsLeft: expect.any(Number) },
		]]));
		expect(lines.length).toBeLessThan(5);
	});
});
