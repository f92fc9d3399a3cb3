/** Changes to a video that is there, its captions, thumbnail and status, against the sandbox's YouTube. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { addCaptions, readCaptions, type CaptionsInput } from '../../../core/youtube/captions';
import type { PoolDeps } from '../../../core/youtube/owner';
import { srtOf } from '../../../core/youtube/srt';
import { videoStatus } from '../../../core/youtube/status';
import { replaceThumbnail } from '../../../core/youtube/thumbnail';
import { updateMetadata, type MetadataChange } from '../../../core/youtube/update';
import { KEYS } from '../../../sandbox/keys';
import { describeContracts } from '../../support/contracts';
import { discoveryDocument, requestErrors } from '../../support/discovery';
import { testPool } from '../../support/pool';
import { tinyPng } from '../../support/tiny-files';
import { uploadScene } from '../../support/upload';
import { YouTubeClient } from '../../support/youtube-client';

const SRT = '1\n00:00:00,000 --> 00:00:01,500\nFire.\n\n2\n00:00:01,500 --> 00:00:03,000\nAsh.\n';

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();

/** A video that the store knows, uploaded with all that YouTube takes. */
async function withVideo(metadata: object = {}) {
	const scene = await uploadScene(1);
	const { youtube_id: youtubeId } = await scene.upload({
		metadata: {
			title: 'Volcanoes', description: 'Fire and ash.', tags: ['volcano', 'earth'], categoryId: '27', defaultLanguage: 'en',
			privacyStatus: 'unlisted', license: 'creativeCommon', embeddable: false, recordingDate: '2026-01-02', hasPaidProductPlacement: false, ...metadata,
		},
	});
	const deps: PoolDeps = {
		store: scene.store,
		pool: testPool({ baseUrl: scene.sandbox.services.youtube.url }),
		retry: { baseMs: 5, maxMs: 20 },
	};
	const before = scene.used('units');
	return {
		...scene,
		youtubeId,
		deps,
		metadata: () => scene.youtube().videos.find(({ id }) => id === youtubeId)!.metadata as Record<string, any>,
		captions: () => (scene.sandbox.state('youtube') as { captions: Array<Record<string, unknown>> }).captions,
		/** Units that YouTube counted since the upload, and those that the ledger did. */
		spent: async () => {
			const row = await scene.store.db.selectFrom('quota_days').select('used').where('bucket', '=', 'general').executeTakeFirst();
			expect(row?.used).toBe(scene.used('units'));
			expect(await scene.store.db.selectFrom('quota_holds').selectAll().execute()).toEqual([]);
			return scene.used('units') - before;
		},
		change: async (change: MetadataChange, asked?: string) => await updateMetadata({ youtubeId, change, asked }, deps),
		caption: async (input: Partial<CaptionsInput> = {}) => await addCaptions({ youtubeId, text: SRT, language: 'en', ...input }, deps),
		requests: (method: string, path: string) => scene.sandbox.recorder.list({ service: 'youtube', method, path }),
	};
}

describe('updating metadata', () => {
	it.each<[string, MetadataChange, string[], object]>([
		['the title', { title: 'Fire' }, ['snippet.title'], { snippet: { title: 'Fire' } }],
		['the tags', { tags: ['lava'] }, ['snippet.tags'], { snippet: { tags: ['lava'] } }],
		['the privacy', { privacyStatus: 'public' }, ['status.privacyStatus'], { status: { privacyStatus: 'public' } }],
		['a flag', { embeddable: true }, ['status.embeddable'], { status: { embeddable: true } }],
		['the paid placement', { hasPaidProductPlacement: true }, ['paidProductPlacementDetails.hasPaidProductPlacement'], { paidProductPlacementDetails: { hasPaidProductPlacement: true } }],
		['the recording date', { recordingDate: '2026-03-04' }, ['recordingDetails.recordingDate'], { recordingDetails: { recordingDate: '2026-03-04T00:00:00.000Z' } }],
	])('changes %s and leaves every other field as it was', async (_what, change, changed, expected) => {
		const { metadata, youtubeId, change: update } = await withVideo();
		const before = structuredClone(metadata());
		const result = await update(change);
		expect(result).toMatchObject({ youtube_id: youtubeId, account_id: 'account-01', changed, warnings: [] });
		const merged = Object.fromEntries(
			Object.entries(before).map(([part, fields]) => [part, { ...(fields as object), ...(expected as Record<string, object>)[part] }]),
		);
		expect(metadata()).toEqual(merged);
	});

	it('clears a field that is given empty', async () => {
		const { metadata, change } = await withVideo();
		expect((await change({ description: '', tags: [], defaultLanguage: '' })).changed).toEqual([
			'snippet.description', 'snippet.tags', 'snippet.defaultLanguage',
		]);
		const { snippet } = metadata();
		expect([snippet.description, snippet.tags, snippet.defaultLanguage]).toEqual(['', [], undefined]);
		expect(snippet.title).toBe('Volcanoes');
	});

	it('reads for one unit, writes for fifty, and writes nothing when nothing would change', async () => {
		const { change, spent, requests } = await withVideo();
		expect((await change({ title: 'Volcanoes', recordingDate: '2026-01-02' })).changed).toEqual([]);
		expect([await spent(), requests('PUT', '/youtube/v3/videos').length]).toEqual([1, 0]);
		await change({ title: 'Fire' });
		expect(await spent()).toBe(52);
	});

	it('names what YouTube would reject, by field, and asks it nothing', async () => {
		const { change, spent } = await withVideo();
		await expect(change({ title: '<b>', publishAt: '2020-01-01T00:00:00Z', categoryId: '99' })).rejects.toMatchObject({
			errorClass: 'invalid-request', reason: 'invalid-metadata',
			issues: [{ field: 'title' }, { field: 'category' }, { field: 'publishAt' }],
		});
		await expect(change({})).rejects.toMatchObject({ reason: 'nothing-to-change' });
		expect(await spent()).toBe(0);
	});

	it('plans the publishing of a private video, and of no other', async () => {
		const { change, metadata } = await withVideo();
		await expect(change({ publishAt: TOMORROW })).rejects.toMatchObject({ issues: [{ field: 'publishAt', reason: 'needs the privacy private until then' }] });
		await change({ publishAt: TOMORROW, privacyStatus: 'private' });
		expect(metadata().status).toMatchObject({ privacyStatus: 'private', publishAt: TOMORROW, license: 'creativeCommon' });
	});

	it('keeps a planned publishing when another field changes, and says when it falls away', async () => {
		const { change, metadata } = await withVideo({ privacyStatus: 'private', publishAt: TOMORROW });
		await change({ embeddable: true });
		expect(metadata().status.publishAt).toBe(TOMORROW);
		const { warnings } = await change({ privacyStatus: 'unlisted' });
		expect(warnings).toEqual([expect.stringContaining('planned publishing time is gone')]);
		expect(metadata().status.publishAt).toBeUndefined();
	});

	it('tries again after a fault that passes', async () => {
		const { change, onCalls, metadata } = await withVideo();
		onCalls('PUT', '/youtube/v3/videos', { kind: 'status', status: 503, times: 1 });
		await change({ title: 'Fire' });
		expect(metadata().snippet.title).toBe('Fire');
	});
});

describe('the account that serves', () => {
	it('is the one that the store uploaded with, whatever is asked', async () => {
		const { change } = await withVideo();
		expect(await change({ title: 'Fire' }, 'account-05')).toMatchObject({ account_id: 'account-01' });
	});

	it('has to be named for a video that the store does not know', async () => {
		const { sandbox, deps } = await withVideo();
		const { body } = await (await YouTubeClient.signIn(sandbox, 7)).upload(Buffer.from('no video'));
		const ask = async (asked?: string) => await videoStatus({ youtubeId: body.id, asked }, deps);
		await expect(ask()).rejects.toMatchObject({ errorClass: 'invalid-request', reason: 'owner-unknown' });
		await expect(ask('account-99')).rejects.toMatchObject({ reason: 'account-unknown' });
		expect(await ask('account-07')).toMatchObject({ account_id: 'account-07' });
		expect(await ask(KEYS.youtube.accounts[6]!.channelId)).toMatchObject({ account_id: 'account-07' });
	});

	it('is missed when it has left the pool, and a video when YouTube has none', async () => {
		const { youtubeId, deps, sandbox } = await withVideo();
		const pool = testPool({ baseUrl: sandbox.services.youtube.url });
		const without = { ...deps, pool: { ...pool, accounts: pool.accounts.slice(1) } };
		await expect(videoStatus({ youtubeId }, without)).rejects.toMatchObject({ reason: 'account-missing' });
		await expect(videoStatus({ youtubeId: 'AAAAAAAAAAA', asked: 'account-02' }, deps)).rejects.toMatchObject({ reason: 'videoNotFound' });
		await expect(videoStatus({ youtubeId: '../x' }, deps)).rejects.toMatchObject({ reason: 'youtube-id' });
	});
});

describe('captions', () => {
	it('become a track for 400 units, without a look for one that is there', async () => {
		const { caption, captions, spent, youtubeId } = await withVideo();
		expect(await caption({ language: 'pt-BR', name: 'Simples' })).toMatchObject({
			youtube_id: youtubeId, account_id: 'account-01', language: 'pt-BR', name: 'Simples', format: 'srt', added: true, status: 'serving', warnings: [],
		});
		expect(captions()).toMatchObject([{ videoId: youtubeId, language: 'pt-BR', name: 'Simples', text: SRT }]);
		expect(await spent()).toBe(400);
	});

	it('are replaced where this store put them, and added beside others', async () => {
		const { caption, captions, spent } = await withVideo();
		const first = await caption();
		const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nAsh — écoute 火\n';
		expect(await caption({ text: `\uFEFF${vtt}` })).toMatchObject({ added: false, caption_id: first.caption_id, format: 'vtt' });
		await caption({ name: 'Other' });
		await caption({ language: 'de' });
		expect(captions().map(({ text }) => text)).toEqual([vtt, SRT, SRT]);
		expect(await spent()).toBe(400 + 450 + 400 + 400);
	});

	it('that are the same again cost nothing and ask nobody, unless that is wanted', async () => {
		const { caption, captions, spent, deps, youtubeId } = await withVideo();
		const first = await caption({ language: 'EN' });
		expect(await caption({ language: 'EN' })).toEqual(first);
		expect(await caption({ text: `\uFEFF${SRT}` })).toMatchObject({ caption_id: first.caption_id });
		expect(await spent()).toBe(400);
		const changed = SRT.replace('Ash', 'Lava');
		await caption({ text: changed });
		await caption();
		expect(captions().map(({ text }) => text)).toEqual([SRT]);
		expect(await spent()).toBe(400 + 450 + 450);
		expect(await addCaptions({ youtubeId, text: SRT, language: 'en', again: true }, deps)).toMatchObject({ added: false });
		expect(await spent()).toBe(400 + 3 * 450);
	});

	it('of another’s track are replaced after YouTube refused to add them, for 501 units', async () => {
		const { caption, captions, spent, store } = await withVideo();
		const { caption_id: id } = await caption();
		await store.db.deleteFrom('video_steps').execute();
		const text = SRT.replace('Ash', 'Lava');
		expect(await caption({ text })).toMatchObject({ added: false, caption_id: id });
		expect(captions()).toMatchObject([{ text }]);
		expect(await spent()).toBe(400 + 1 + 50 + 450);
	});

	it('are added anew where their track was deleted', async () => {
		const { caption, captions, spent, store } = await withVideo();
		const first = await caption();
		const result = JSON.stringify({ ...first, caption_id: 'deleted' });
		await store.transaction(async (trx) => await trx.updateTable('video_steps').set({ result }).execute());
		expect(await caption({ text: SRT.replace('Ash', 'Lava'), name: 'x' })).toMatchObject({ added: true });
		await store.transaction(async (trx) => await trx.updateTable('video_steps').set({ result }).where('step', '=', 'captions en x').execute());
		expect(await caption({ text: SRT, name: 'x' })).toMatchObject({ added: false });
		expect(captions()).toHaveLength(2);
		expect(await spent()).toBe(400 + 400 + (1 + 1 + 50 + 450));
	});

	it('are not looked for when there is no room to replace them afterwards', async () => {
		const { caption, deps, requests, spent, store, youtubeId } = await withVideo();
		await caption();
		await store.db.deleteFrom('video_steps').execute();
		const used = 1 + (await store.db.selectFrom('quota_days').select('used').where('bucket', '=', 'general').executeTakeFirstOrThrow()).used;
		const withLimit = (general: number) => ({ ...deps, pool: { ...deps.pool, quota: { ...deps.pool.quota, safeShare: 1, limits: { general } } } });
		const text = SRT.replace('Ash', 'Lava');
		const ask = async (limit: number) => await addCaptions({ youtubeId, text, language: 'en' }, withLimit(limit));
		await expect(ask(used + 498)).rejects.toMatchObject({ errorClass: 'quota-exhausted', reason: 'quota-reserved' });
		expect(requests('GET', '/youtube/v3/captions')).toEqual([]);
		expect(await spent()).toBe(400 + 1);
		expect(await ask(used + 501)).toMatchObject({ added: false });
	});

	it('are there once when the answer to the first try is lost', async () => {
		const { caption, captions, onCalls } = await withVideo();
		onCalls('POST', '/upload/youtube/v3/captions', { kind: 'drop-answer', times: 1 });
		expect(await caption()).toMatchObject({ status: 'serving' });
		expect(captions()).toHaveLength(1);
	});

	it.each<[string, Partial<CaptionsInput>, string]>([
		['no cue', { text: 'Hello' }, 'captions'],
		['a time that is none', { text: '1\n0:1 --> 0:2\nx\n' }, 'captions'],
		['an end before its beginning', { text: '1\n00:00:02,000 --> 00:00:01,000\nx\n' }, 'captions'],
		['no language', { language: 'English!' }, 'language'],
		['a long name', { name: 'x'.repeat(151) }, 'name'],
	])('with %s are refused before anything is spent', async (_what, input, field) => {
		const { caption, spent } = await withVideo();
		await expect(caption(input)).rejects.toMatchObject({ errorClass: 'invalid-request', issues: [{ field }] });
		expect(await spent()).toBe(0);
	});

	it('are not sent when the project has no room for them', async () => {
		const { caption, deps, requests, youtubeId } = await withVideo();
		const pool = { ...deps.pool, quota: { ...deps.pool.quota, limits: { general: 440 } } };
		await expect(addCaptions({ youtubeId, text: SRT, language: 'en' }, { ...deps, pool })).rejects.toMatchObject({
			errorClass: 'quota-exhausted', reason: 'quota-reserved',
		});
		expect(requests('POST', '/upload/youtube/v3/captions')).toEqual([]);
		expect(await caption()).toMatchObject({ added: true });
	});

	it('come from a file in UTF-8, and from no other', async () => {
		const { folder } = await withVideo();
		const path = join(folder, 'captions.srt');
		await writeFile(path, Buffer.from([0xff, 0xfe, 0x41]));
		await expect(readCaptions(path)).rejects.toMatchObject({ reason: 'invalid-captions' });
		await writeFile(path, SRT);
		expect(await readCaptions(path)).toBe(SRT);
		await expect(readCaptions(join(folder, 'none.srt'))).rejects.toMatchObject({ reason: 'invalid-captions' });
	});

	it('of a composed video are written as SRT in which no text opens a cue', () => {
		expect(srtOf([{ start_s: 0, end_s: 1.5, text: 'Fire\nand --> ash' }, { start_s: 3661.007, end_s: 3662, text: 'End' }])).toBe(
			'1\n00:00:00,000 --> 00:00:01,500\nFire\nand → ash\n\n2\n01:01:01,007 --> 01:01:02,000\nEnd\n',
		);
		expect(() => srtOf([{ start: 1 }])).toThrow(/not those of a composed video/);
	});
});

describe('the thumbnail', () => {
	it('is set for fifty units when it is a picture, whatever its name says', async () => {
		const { folder, youtubeId, deps, youtube, spent } = await withVideo();
		const path = join(folder, 'picture.txt');
		await writeFile(path, 'no picture');
		await expect(replaceThumbnail({ youtubeId, path }, deps)).rejects.toMatchObject({ reason: 'thumbnail' });
		expect(await spent()).toBe(0);
		await writeFile(path, tinyPng());
		expect(await replaceThumbnail({ youtubeId, path }, deps)).toMatchObject({
			youtube_id: youtubeId, account_id: 'account-01', mime: 'image/png', url: expect.stringContaining(`/vi/${youtubeId}/`),
		});
		expect(youtube().videos[0]?.thumbnail?.bytes).toBe(tinyPng().length);
		expect(await spent()).toBe(50);
	});

	it('that is set already costs nothing, unless it is to be set again', async () => {
		const { folder, youtubeId, deps, spent } = await withVideo();
		const path = join(folder, 'picture.png');
		await writeFile(path, tinyPng());
		const first = await replaceThumbnail({ youtubeId, path }, deps);
		expect(await replaceThumbnail({ youtubeId, path }, deps)).toEqual(first);
		expect(await spent()).toBe(50);
		await replaceThumbnail({ youtubeId, path, again: true }, deps);
		await writeFile(path, Buffer.concat([tinyPng(), Buffer.from('x')]));
		await replaceThumbnail({ youtubeId, path }, deps);
		expect(await spent()).toBe(150);
	});
});

describe('the status', () => {
	it('tells who sees it, how processing stands, and the statistics, for one unit', async () => {
		const { youtubeId, deps, spent, control } = await withVideo();
		await control('PATCH', '/sandbox/settings', { processingPolls: 5 });
		expect(await videoStatus({ youtubeId }, deps)).toMatchObject({
			youtube_id: youtubeId, youtube_url: `https://www.youtube.com/watch?v=${youtubeId}`, title: 'Volcanoes', privacy_status: 'unlisted',
			upload_status: 'uploaded', processing_status: 'processing', processing_percent: 50, ready: false, cure: '',
			statistics: { views: 0, likes: 0, comments: 0, favorites: 0 },
		});
		expect(await spent()).toBe(1);
	});

	it('names why YouTube could not process it, and what to do', async () => {
		const { sandbox, deps } = await withVideo();
		const { body } = await (await YouTubeClient.signIn(sandbox, 2)).upload(Buffer.from('no video'));
		const ask = async () => await videoStatus({ youtubeId: body.id, asked: 'account-02' }, deps);
		await ask();
		expect(await ask()).toMatchObject({
			upload_status: 'failed', failure_reason: 'invalidFile', processing_status: 'failed', processing_failure_reason: 'transcodeFailed',
			ready: false, cure: expect.stringContaining('render it again'),
		});
	});
});

describe('calls', () => {
	it('wait for their turn when as many were made in a minute as a project may', async () => {
		const { deps, sandbox, youtubeId, spent } = await withVideo();
		const pool = testPool({ baseUrl: sandbox.services.youtube.url, rules: { requestsPerMinute: 2 } });
		const ask = async (signal?: AbortSignal) => await videoStatus({ youtubeId }, { ...deps, pool, signal });
		await ask();
		await ask();
		await expect(ask(AbortSignal.timeout(300))).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(await spent()).toBe(2);
	});
});

describeContracts('what is sent keeps to the discovery document', ['google'], () => {
	it('for metadata, captions and status', async () => {
		const { change, caption, youtubeId, deps, sandbox } = await withVideo();
		await change({ title: 'Fire', embeddable: true, recordingDate: '2026-03-04' });
		await caption();
		await caption({ text: SRT.replace('Ash', 'Lava') });
		await videoStatus({ youtubeId }, deps);
		const document = discoveryDocument('youtube.v3.json');
		const sent = sandbox.recorder.list({ service: 'youtube' }).filter(({ path, query }) => path.includes('/youtube/v3/') && !('upload_id' in query));
		expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(
			expect.arrayContaining(['PUT /youtube/v3/videos', 'POST /upload/youtube/v3/captions', 'PUT /upload/youtube/v3/captions']),
		);
		expect(sent.flatMap((record) => requestErrors(document, record))).toEqual([]);
	});
});
