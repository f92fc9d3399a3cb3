/** The YouTubePool node on videos and channels that are there: in n8n's engine, against the sandbox's YouTube. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { poolCredential } from '../support/pool';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder, temporaryStore } from '../support/store';
import { tinyPng } from '../support/tiny-files';
import { YouTubeClient } from '../support/youtube-client';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const CUES = [{ start_s: 0, end_s: 1.5, text: 'Fire.' }, { start_s: 1.5, end_s: 3, text: 'Ash.' }];

async function setUp() {
	const sandbox = await temporarySandbox();
	const folder = await temporaryFolder();
	const store = await temporaryStore(undefined, folder);
	const client = await YouTubeClient.signIn(sandbox, 3);
	const { body } = await client.upload(Buffer.from('no video'));
	const baseUrl = sandbox.services.youtube.url;
	const run = async (operation: string, parameters: INodeParameters = {}, items: object[] = [item], more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'youTubePool',
			parameters: { resource: operation === 'getAnalytics' ? 'channel' : 'video', operation, ...parameters },
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireYouTubePoolApi: poolCredential({ baseUrl }) as ICredentialDataDecryptedObject,
			},
			items: items as never,
			...more,
		});
	/** As it comes from Upload. */
	const item = { note: 'mine', youtube_id: body.id as string, account_id: 'account-03', script: { language: 'pt-BR' }, video: { captions: CUES } };
	const state = () => sandbox.state('youtube') as { videos: any[]; captions: any[] };
	const writes = () => sandbox.recorder.list({ service: 'youtube' }).filter(({ method, path }) => method !== 'GET' && path !== '/token');
	return { sandbox, folder, store, run, item, state, writes };
}

describe('Video: Update Metadata', () => {
	it('changes the fields that were added, and passes the item on', async () => {
		const { run, item, state } = await setUp();
		const before = structuredClone(state().videos[0].metadata);
		const { items } = await run('updateMetadata', { changes: { title: '={{ $json.note }}', tags: 'one, two', embeddable: false } });
		expect(items[0]?.json).toMatchObject({
			...item, metadata_update: { account_id: 'account-03', title: 'mine', changed: ['snippet.title', 'snippet.tags', 'status.embeddable'] },
		});
		expect(state().videos[0].metadata).toMatchObject({
			snippet: { ...before.snippet, title: 'mine', tags: ['one', 'two'] },
			status: { ...before.status, embeddable: false },
		});
	});

	it('changes the language of the title and leaves that of the speech', async () => {
		const { run, state } = await setUp();
		await run('updateMetadata', { changes: { language: 'en', audioLanguage: 'en' } });
		const { items } = await run('updateMetadata', { changes: { language: 'de' } });
		expect(items[0]?.json).toMatchObject({ metadata_update: { changed: ['snippet.defaultLanguage'] } });
		expect(state().videos[0].metadata.snippet).toMatchObject({ defaultLanguage: 'de', defaultAudioLanguage: 'en' });
	});

	it('refuses a text in place of true or false, by its field', async () => {
		const { run, writes } = await setUp();
		const already = writes().length;
		const { error } = await run('updateMetadata', { changes: { title: 'Other', embeddable: '={{ "no" }}' } });
		expect(JSON.stringify([error?.message, error])).toContain('embeddable');
		expect(writes()).toHaveLength(already);
	});

	it('takes an expression that finds nothing as not given', async () => {
		const { run, writes } = await setUp();
		const already = writes().length;
		const { error } = await run('updateMetadata', { changes: { description: '={{ $json.nothing }}' } });
		expect(error?.message).toContain('No field to change was given');
		expect(writes()).toHaveLength(already);
	});
});

describe('Video: Set Thumbnail', () => {
	it('takes a picture from a binary field and leaves no copy of it', async () => {
		const { run, folder, item, state } = await setUp();
		const path = join(folder, 'picture');
		await writeFile(path, tinyPng());
		const data = await engine.storeBinary(path, 'image/png');
		const { items } = await run('setThumbnail', { source: 'binary' }, [{ json: item, binary: { data } }]);
		expect(items[0]?.json).toMatchObject({ thumbnail: { mime: 'image/png', url: expect.stringContaining(item.youtube_id) } });
		expect(state().videos[0].thumbnail.bytes).toBe(tinyPng().length);
	});

	it('reads no file that n8n keeps nodes from', async () => {
		const { run, state } = await setUp();
		const { error } = await run('setThumbnail', { filePath: '/etc/hostname' });
		expect(error?.message).toContain("doesn't let nodes read /etc/hostname");
		expect(state().videos[0].thumbnail).toBeUndefined();
	});
});

describe('Video: Add Captions', () => {
	it('makes a track of the composed video’s captions in the script’s language', async () => {
		const { run, state } = await setUp();
		const { items } = await run('addCaptions');
		expect(items[0]?.json).toMatchObject({ caption_track: { language: 'pt-BR', added: true, status: 'serving' } });
		expect(state().captions).toMatchObject([
			{ language: 'pt-BR', name: '', text: '1\n00:00:00,000 --> 00:00:01,500\nFire.\n\n2\n00:00:01,500 --> 00:00:03,000\nAsh.\n' },
		]);
	});

	it('takes text and files, and replaces the track of the same language and name', async () => {
		const { run, folder, state, item } = await setUp();
		const track = { language: 'en', trackName: 'Simple' };
		const text = 'WEBVTT\n\n00:00.000 --> 00:01.000\nFire';
		await run('addCaptions', { source: 'text', captions: text, ...track });
		expect(state().captions).toMatchObject([{ language: 'en', name: 'Simple', text }]);
		const path = join(folder, 'captions.srt');
		await writeFile(path, text.replace('Fire', 'Ash'));
		const data = await engine.storeBinary(path, 'text/vtt');
		const { items } = await run('addCaptions', { source: 'binary', ...track }, [{ json: item, binary: { data } }]);
		expect(items[0]?.json).toMatchObject({ caption_track: { added: false } });
		expect(state().captions.map((one) => one.text)).toEqual([text.replace('Fire', 'Ash')]);
	});

	it('costs nothing when the same is sent once more, unless it is to be sent again', async () => {
		const { run, writes } = await setUp();
		const first = await run('addCaptions');
		const already = writes().length;
		expect((await run('addCaptions')).items[0]?.json.caption_track).toEqual(first.items[0]?.json.caption_track);
		expect(writes()).toHaveLength(already);
		await run('addCaptions', { sendAgain: true });
		expect(writes()).toHaveLength(already + 1);
	});

	it('says which field is wrong, and goes on with the other items', async () => {
		const { run, item } = await setUp();
		const { outputs } = await run('addCaptions', {}, [{ ...item, video: {} }, item], { onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { reason: 'invalid-captions', issues: [{ field: 'captions' }] } });
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	});
});

describe('Video: Get Status', () => {
	it('adds where the video stands to the item', async () => {
		const { run, item } = await setUp();
		const { items } = await run('getStatus');
		expect(items[0]?.json).toMatchObject({ ...item, youtube_status: { privacy_status: 'unlisted', upload_status: 'uploaded', processing_status: 'processing' } });
	});
});

describe('Channel: Get Analytics', () => {
	it('gives an item for each day of the last four weeks without being told more than the account', async () => {
		const { run } = await setUp();
		const { items } = await run('getAnalytics');
		expect(items.length).toBeGreaterThan(20);
		expect(items[0]?.json).toMatchObject({ account_id: 'account-03', day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), views: expect.any(Number), comments: expect.any(Number) });
	});

	it('takes dates with a time, and the chosen rows and metrics', async () => {
		const { run } = await setUp();
		const { items } = await run('getAnalytics', { startDate: '2026-01-01T00:00:00', endDate: '2026-01-31T23:00:00', dimension: 'total', metrics: ['views'] });
		expect(items.map(({ json }) => Object.keys(json))).toEqual([['account_id', 'channel_id', 'views']]);
	});

	it('names the wrong dates and asks YouTube nothing', async () => {
		const { run, sandbox } = await setUp();
		const { error } = await run('getAnalytics', { startDate: '2026-02-02', endDate: '2026-02-01' });
		expect(error?.description).toContain('endDate: must not be before the start');
		expect(sandbox.recorder.list({ service: 'youtube', path: '/v2/reports' })).toEqual([]);
	});
});
