/** Thumbnail, playlists and captions that follow an upload, against the sandbox's YouTube over real HTTP. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ownPlaylist } from '../../../sandbox/youtube/playlists';
import { describeContracts } from '../../support/contracts';
import { discoveryDocument, requestErrors } from '../../support/discovery';
import { testPool } from '../../support/pool';
import { tinyPng } from '../../support/tiny-files';
import { uploadScene } from '../../support/upload';

const SRT = '1\n00:00:00,000 --> 00:00:01,500\nFire.\n';

const LIST = ownPlaylist({ id: 'account-01' });

const ITEMS = '/youtube/v3/playlistItems';

interface State {
	captions: Array<{ language: string; name: string; text: string }>;
	playlist_items: Array<{ playlistId: string; videoId: string }>;
}

async function afterScene() {
	const scene = await uploadScene(0.5);
	const thumbnail = join(scene.folder, 'thumbnail.png');
	await writeFile(thumbnail, tinyPng());
	const state = () => scene.sandbox.state('youtube') as State;
	return {
		...scene,
		thumbnail,
		state,
		lists: () => state().playlist_items.map(({ playlistId }) => playlistId),
		calls: () => scene.sandbox.recorder.list({ service: 'youtube' }).filter(({ path }) => path !== '/token').map(({ method, path }) => `${method} ${path}`),
		/** Units of the ledger, which are YouTube's too. */
		spent: async () => {
			const row = await scene.store.db.selectFrom('quota_days').select('used').where('bucket', '=', 'general').executeTakeFirst();
			expect(row?.used ?? 0).toBe(scene.used('units'));
			expect(await scene.store.db.selectFrom('quota_holds').selectAll().execute()).toEqual([]);
			return scene.used('units');
		},
	};
}

const done = (...steps: string[]) => steps.map((step) => ({ step, done: true, why: '' }));

describe('after an upload', () => {
	it('thumbnail, playlist and captions are put on the video by the account that uploaded it, at their price', async () => {
		const { upload, state, thumbnail, spent } = await afterScene();
		const other = ownPlaylist({ id: 'account-02' });
		const result = await upload({
			thumbnail,
			playlists: [{ playlist: LIST }, { playlist: other, account: 'account-02' }],
			captions: [{ text: SRT, language: 'en' }, { text: SRT, language: 'de', name: 'Einfach' }],
		});
		expect(result).toMatchObject({
			warnings: [], after_upload: done('thumbnail', `playlist ${LIST}`, 'captions en', 'captions de Einfach'),
		});
		expect(state()).toMatchObject({
			playlist_items: [{ playlistId: LIST, videoId: result.youtube_id }],
			captions: [{ language: 'en', name: '', text: SRT }, { language: 'de', name: 'Einfach' }],
		});
		expect(await spent()).toBe(1 + 50 + 50 + 400 + 400);
	});

	it('are done once, however often it runs', async () => {
		const { upload, thumbnail, calls, lists } = await afterScene();
		const input = { thumbnail, playlists: [{ playlist: LIST }], captions: [{ text: SRT, language: 'en' }] };
		const first = await upload(input);
		const before = calls();
		expect(await upload(input)).toEqual(first);
		expect(calls()).toEqual(before);
		expect(lists()).toEqual([LIST]);
	});

	it('only what is new is done on a published video, without another insert', async () => {
		const { upload, youtube, thumbnail, state, spent, used } = await afterScene();
		const first = await upload({ captions: [{ text: SRT, language: 'en' }] });
		const before = await spent();
		const second = await upload({ thumbnail, playlists: [{ playlist: LIST }], captions: [{ text: SRT, language: 'en' }] });
		expect(second).toEqual({ ...first, after_upload: done('thumbnail', `playlist ${LIST}`, 'captions en') });
		expect(await spent()).toBe(before + 100);
		await writeFile(thumbnail, Buffer.concat([tinyPng(), Buffer.from('x')]));
		await upload({ thumbnail });
		expect(youtube().videos.map((video) => video.thumbnail?.bytes)).toEqual([tinyPng().length + 1]);
		expect(await spent()).toBe(before + 150);
		expect([state().playlist_items.length, state().captions.length, used('inserts')]).toEqual([1, 1, 1]);
	});

	it.each([
		['PLdoesnotexist00', 'playlistNotFound'],
		[ownPlaylist({ id: 'account-02' }), 'playlistItemsNotAccessible'],
	])('the playlist %s that can’t be used is a warning with the cure, and is tried again by the next run', async (playlist, reason) => {
		const { upload, spent, state } = await afterScene();
		const input = { playlists: [{ playlist }], captions: [{ text: SRT, language: 'en' }] };
		const first = await upload(input);
		expect(first.after_upload).toEqual([
			{ step: `playlist ${playlist}`, done: false, why: expect.stringMatching(new RegExp(`^The video was not added to the playlist ${playlist}: .*${reason}.*account`, 's')) },
			...done('captions en'),
		]);
		expect(first.warnings).toEqual([first.after_upload[0]?.why]);
		expect(await spent()).toBe(1 + 1 + 400);
		expect(await upload(input)).toEqual(first);
		expect(await upload({ ...input, playlists: [{ playlist: LIST }] })).toMatchObject({ youtube_id: first.youtube_id });
		expect(state()).toMatchObject({ playlist_items: [{ playlistId: LIST }], captions: [{}] });
	});

	it('a playlist whose insert was not heard has the video once, and looking costs one unit', async () => {
		const { upload, onCalls, lists, spent } = await afterScene();
		onCalls('POST', ITEMS, { kind: 'drop-answer', times: 1 });
		expect((await upload({ playlists: [{ playlist: LIST }] })).warnings).toEqual([]);
		expect(lists()).toEqual([LIST]);
		expect(await spent()).toBe(1 + 50 + 1);
	});

	it('a playlist whose insert did not arrive is asked again', async () => {
		const { upload, onCalls, lists } = await afterScene();
		onCalls('POST', ITEMS, { kind: 'status', status: 503, times: 2 });
		expect((await upload({ playlists: [{ playlist: LIST }] })).warnings).toEqual([]);
		expect(lists()).toEqual([LIST]);
	});

	it.each([
		['playlists', ITEMS, { playlists: [{ playlist: LIST }] }],
		['captions', '/upload/youtube/v3/captions', { captions: [{ text: SRT, language: 'en' }] }],
	])('%s of an execution that died before it heard the answer are there once', async (_what, path, input) => {
		const { upload, onCalls, state, used } = await afterScene();
		const dying = new AbortController();
		onCalls('POST', path, { kind: 'slow', delayMs: 600, times: 1 });
		const first = upload(input, { signal: dying.signal, log: (said) => said.startsWith('After') && setTimeout(() => dying.abort(), 250) });
		await expect(first).rejects.toMatchObject({ errorClass: 'cancelled' });
		// The request had left, and YouTube does its work all the same
		await new Promise((resolve) => setTimeout(resolve, 700));
		const result = await upload(input);
		expect(result).toMatchObject({ warnings: [], after_upload: [{ done: true }] });
		expect(state().playlist_items.length + state().captions.length).toBe(1);
		expect(used('inserts')).toBe(1);
	});

	it('captions for which the day has no room are a warning, and cost nothing', async () => {
		const { upload, store, sandbox, spent, state } = await afterScene();
		const pool = testPool({ baseUrl: sandbox.services.youtube.url });
		const deps = { pool: { ...pool, quota: { ...pool.quota, limits: { general: 440 } } } };
		const input = { captions: [{ text: SRT, language: 'en' }] };
		const result = await upload(input, deps);
		expect(result.warnings).toEqual([expect.stringMatching(/^The captions \(en\) were not added: .*no room/)]);
		expect(await spent()).toBe(1);
		expect(await store.db.selectFrom('uploads').select('state').execute()).toEqual([{ state: 'published' }]);
		expect(await upload(input)).toMatchObject({ warnings: [], after_upload: done('captions en') });
		expect(state().captions).toHaveLength(1);
	});

	it('captions that YouTube can’t use are told, and not paid again', async () => {
		const { upload, onCalls, spent } = await afterScene();
		onCalls('POST', '/upload/youtube/v3/captions', {
			kind: 'status', status: 200, body: { id: 'x', snippet: { status: 'failed', failureReason: 'unknownFormat' } },
		});
		const result = await upload({ captions: [{ text: SRT, language: 'en' }] });
		expect(result.warnings).toEqual([expect.stringContaining('unknownFormat')]);
		expect(await upload({ captions: [{ text: SRT, language: 'en' }] })).toEqual(result);
		expect(await spent().catch(() => 'counted by us alone')).toBe('counted by us alone');
	});

	it('nothing is tried on an account that has left the pool, which is said', async () => {
		const { upload, sandbox, thumbnail } = await afterScene();
		await upload();
		const pool = testPool({ baseUrl: sandbox.services.youtube.url });
		const result = await upload({ thumbnail }, { pool: { ...pool, accounts: pool.accounts.slice(1) } });
		expect(result.after_upload).toEqual([{ step: 'thumbnail', done: false, why: expect.stringContaining('account-01 is no longer in the pool') }]);
	});

	it.each<[string, object, string]>([
		['a playlist that is none', { playlists: [{ playlist: 'UCchannelchannel' }] }, 'playlists'],
		['an account that is not in the pool', { playlists: [{ playlist: LIST, account: 'nobody' }] }, 'playlists'],
		['too many playlists', { playlists: Array.from({ length: 21 }, (_, index) => ({ playlist: `PLplaylist${index}` })) }, 'playlists'],
		['captions that are none', { captions: [{ text: 'Hello', language: 'en' }] }, 'captions'],
		['a language that is none', { captions: [{ text: SRT, language: 'English!' }] }, 'language'],
	])('%s is refused before any unit is spent', async (_what, input, field) => {
		const { upload, calls } = await afterScene();
		await expect(upload(input)).rejects.toMatchObject({ errorClass: 'invalid-request', issues: [{ field }] });
		expect(calls()).toEqual([]);
	});

	it('takes playlists by address and several in one text, each once', async () => {
		const { upload, lists } = await afterScene();
		await upload({ playlists: [{ playlist: `https://www.youtube.com/playlist?list=${LIST}, ${LIST}` }] });
		expect(lists()).toEqual([LIST]);
	});
});

describeContracts('what is sent keeps to the discovery document', ['google'], () => {
	it('for an insert with every field, and no writable field of the document is left out', async () => {
		const { upload, sandbox } = await afterScene();
		await upload({
			metadata: {
				title: 'Volcanoes', description: 'Fire', tags: ['lava'], categoryId: '27', defaultLanguage: 'en', defaultAudioLanguage: 'pt-BR',
				privacyStatus: 'private', publishAt: new Date(Date.now() + 86_400_000).toISOString(), selfDeclaredMadeForKids: false,
				containsSyntheticMedia: true, embeddable: true, license: 'youtube', publicStatsViewable: true, notifySubscribers: false,
				recordingDate: '2026-01-02', hasPaidProductPlacement: false, translations: { de: { title: 'Vulkane', description: 'Feuer' } },
			},
		});
		const [insert] = sandbox.recorder.list({ service: 'youtube', method: 'POST', path: '/upload/youtube/v3/videos' });
		const document = discoveryDocument('youtube.v3.json');
		expect(insert && requestErrors(document, insert)).toEqual([]);
		const body = insert?.body as Record<string, object>;
		for (const [part, schema] of [['snippet', 'VideoSnippet'], ['status', 'VideoStatus']] as const) {
			const writable = Object.entries(document.schemas[schema]?.properties ?? {}).flatMap(([name, property]) =>
				JSON.stringify(property).includes('@mutable youtube.videos.insert') ? [name] : [],
			);
			expect(writable.length).toBeGreaterThan(1);
			expect(Object.keys(body[part] ?? {})).toEqual(expect.arrayContaining(writable));
		}
	});

	it('for playlists and captions', async () => {
		const { upload, onCalls, sandbox } = await afterScene();
		onCalls('POST', ITEMS, { kind: 'drop-answer', times: 1 });
		await upload({ playlists: [{ playlist: LIST }], captions: [{ text: SRT, language: 'en' }] });
		const sent = sandbox.recorder.list({ service: 'youtube' }).filter(({ path }) => /playlistItems|captions/.test(path));
		expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
		const document = discoveryDocument('youtube.v3.json');
		expect(sent.flatMap((record) => requestErrors(document, record))).toEqual([]);
	});
});
