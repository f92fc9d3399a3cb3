/** The YouTubePool node in n8n's engine, against the sandbox's YouTube. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { beforeAll, describe, expect, it } from 'vitest';

import { fileHash } from '../../core/hash';
import { getJob } from '../../core/jobs/job';
import { testPool } from '../../nodes/YouTubePool/pool';
import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { queuedJob } from '../support/job';
import { poolCredential, type TestPool } from '../support/pool';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder, temporaryStore } from '../support/store';
import { tinyMp4 } from '../support/tiny-files';
import { videoOf } from '../support/video';

const MIB = 1024 * 1024;

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

interface Published {
	account_id: string;
	sha256: string;
	notify_subscribers: boolean;
	metadata: { snippet: Record<string, unknown>; status: Record<string, unknown> };
}

const SECRETS = [KEYS.youtube.clientSecret, 'sandbox-refresh', 'wrong-refresh'];

function expectNoSecrets(told: unknown): void {
	const text = JSON.stringify(told);
	for (const secret of SECRETS) expect(text).not.toContain(secret);
}

/** The pool's credential with the refresh tokens of its first accounts broken. */
function credentialOf(baseUrl: string, broken = 0, options: TestPool = {}): ICredentialDataDecryptedObject {
	const credential = poolCredential({ baseUrl, ...options });
	const { account } = credential.accounts as { account: Array<{ refreshToken: string }> };
	for (const [index, one] of account.slice(0, broken).entries()) one.refreshToken = `wrong-refresh-${index}`;
	return credential as ICredentialDataDecryptedObject;
}

async function setUp({ broken = 0, pool }: { broken?: number; pool?: TestPool } = {}) {
	const sandbox = await temporarySandbox();
	const folder = await temporaryFolder();
	const store = await temporaryStore(undefined, folder);
	const path = join(folder, 'video.mp4');
	await writeFile(path, tinyMp4({ seconds: 2, width: 320, height: 180 }));
	const upload = async (items: object[], parameters: object = {}, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'youTubePool',
			parameters: { resource: 'video', operation: 'upload', ...parameters },
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireYouTubePoolApi: credentialOf(sandbox.services.youtube.url, broken, pool),
			},
			items: items as never,
			...more,
		});
	const published = () => (sandbox.state('youtube') as { videos: Published[] }).videos;
	const inserts = () => sandbox.recorder.list({ service: 'youtube', method: 'POST', path: '/upload' });
	/** As it comes from the stages before. */
	const item = {
		video_id: 'v-1',
		topic: 'How volcanoes work',
		options: { privacy: 'unlisted', made_for_kids: true },
		script: { title: 'How volcanoes work', description: 'Fire and ash.', tags: ['volcano', 'earth'], language: 'en' },
		video: { file: { path, sha256: await fileHash(path) } },
	};
	return { sandbox, folder, store, path, upload, published, inserts, item };
}

describe('Video: Upload', () => {
	it('publishes a job’s video byte by byte, adds where it is to the item, and closes the job', async () => {
		const { store, path, upload, published, item } = await setUp();
		await queuedJob(store);
		const { items } = await upload([item]);
		const [video] = published();
		expect(video?.sha256).toBe(await fileHash(path));
		expect(items[0]?.json).toMatchObject({
			...item,
			youtube_id: expect.stringMatching(/^[\w-]{11}$/),
			youtube_url: expect.stringMatching(/^https:\/\/www\.youtube\.com\/watch\?v=[\w-]{11}$/),
			published_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			account_id: 'account-01',
			privacy_status: 'unlisted',
			quota: { bucket: 'video_uploads', cost: 1, used: 1, limit: 90, resets_at: expect.any(String) },
			warnings: [],
		});
		expect((await getJob(store, 'v-1'))?.status).toBe('published');
	});

	it('says what YouTube has made of the video, and looks once when it shall not wait', async () => {
		const { sandbox, upload, item } = await setUp();
		const looks = () => sandbox.recorder.list({ service: 'youtube', method: 'GET', path: '/youtube/v3/videos' }).length;
		const waited = await upload([{ ...item, video_id: '' }]);
		expect(waited.items[0]?.json).toMatchObject({ upload_status: 'processed', processing_status: 'succeeded' });
		expect(looks()).toBe(2);
		const at = await upload([{ ...item, video_id: 'v-2' }], { options: { processingWait: 0 } });
		expect(at.items[0]?.json).toMatchObject({ upload_status: 'uploaded', processing_status: 'processing' });
		expect(looks()).toBe(3);
	});

	it('takes a binary field and sends it in chunks of the chosen size, without a job', async () => {
		const { sandbox, folder, upload, published } = await setUp();
		const path = await videoOf(folder, 2.5 * MIB, 'binary');
		const data = await engine.storeBinary(path, 'video/mp4');
		const { items } = await upload([{ json: { note: 'mine' }, binary: { data } }], {
			videoId: '', source: 'binary', title: 'Mine', options: { chunkSize: 1 },
		});
		expect(published().map(({ sha256 }) => sha256)).toEqual([await fileHash(path)]);
		expect(items[0]?.json).toMatchObject({ note: 'mine', youtube_id: expect.any(String) });
		const ranges = sandbox.recorder.list({ service: 'youtube', method: 'PUT' }).map(({ headers }) => headers['content-range']);
		expect(ranges).toEqual([
			`bytes 0-${MIB - 1}/${2.5 * MIB}`,
			`bytes ${MIB}-${2 * MIB - 1}/${2.5 * MIB}`,
			`bytes ${2 * MIB}-${2.5 * MIB - 1}/${2.5 * MIB}`,
		]);
	});

	it('takes a file that came in the item itself', async () => {
		const { folder, upload, published } = await setUp();
		const path = await videoOf(folder, MIB, 'item');
		const data = { data: (await readFile(path)).toString('base64'), mimeType: 'video/mp4' };
		await upload([{ json: {}, binary: { data } }], { videoId: '', source: 'binary', title: 'Mine' });
		expect(published().map(({ sha256 }) => sha256)).toEqual([await fileHash(path)]);
	});

	it('stops within a second when the execution is cancelled, and the next run goes on', async () => {
		const { sandbox, store, folder, upload, published, inserts, item } = await setUp();
		await queuedJob(store);
		const path = await videoOf(folder, 2.5 * MIB, 'long');
		const given = { ...item, video: { file: { path } } };
		sandbox.faults.add({ service: 'youtube', kind: 'slow', delayMs: 20_000, after: 1, match: { method: 'PUT', path: '/upload' } });
		const controller = new AbortController();
		const work = upload([given], { options: { chunkSize: 1 } }, { signal: controller.signal });
		await expect.poll(() => sandbox.recorder.list({ service: 'youtube', method: 'PUT' }).length, { timeout: 10_000 }).toBe(2);
		const cancelledAt = Date.now();
		controller.abort();
		expect((await work).status).toBe('canceled');
		// n8n is told at once; the step itself has ended, too, when the job says so
		await expect.poll(async () => (await getJob(store, 'v-1'))?.status, { timeout: 1_000 }).not.toBe('running');
		expect(Date.now() - cancelledAt).toBeLessThan(1_000);
		sandbox.faults.clear();
		const { items } = await upload([given], { options: { chunkSize: 1 } });
		expect(items[0]?.json).toMatchObject({ resumed: true });
		expect([published().map(({ sha256 }) => sha256), inserts().length]).toEqual([[await fileHash(path)], 1]);
	});

	it.each(['a job', 'no job'])('is one video however often it runs, with %s', async (kind) => {
		const { store, upload, published, inserts, item } = await setUp();
		if (kind === 'a job') await queuedJob(store);
		const given = kind === 'a job' ? item : { ...item, video_id: '' };
		const first = await upload([given]);
		const second = await upload([given]);
		expect(second.items[0]?.json).toMatchObject({ youtube_id: first.items[0]?.json.youtube_id });
		expect([published().length, inserts().length]).toEqual([1, 1]);
	});

	it('tells YouTube what the script and the request say, credits the footage, and discloses that it is generated', async () => {
		const { upload, published, item } = await setUp();
		const source = { scene_id: 'scene-1', provider: 'pexels', author: 'Ana <b>', page_url: 'https://www.pexels.com/video/1/' };
		await upload([{ ...item, video_id: '', video: { ...item.video, sources: [source] } }]);
		expect(published()[0]?.metadata).toMatchObject({
			snippet: {
				title: 'How volcanoes work',
				description: 'Fire and ash.\n\nFootage by Ana b on Pexels: https://www.pexels.com/video/1/',
				tags: ['volcano', 'earth'],
				defaultLanguage: 'en',
				defaultAudioLanguage: 'en',
			},
			status: { privacyStatus: 'unlisted', selfDeclaredMadeForKids: true, containsSyntheticMedia: true },
		});
	});

	it('lets the node’s own fields stand before the script’s and the request’s', async () => {
		const { upload, published, item } = await setUp();
		await upload([{ ...item, video_id: '' }], {
			title: 'Another', tags: 'one, two', privacy: 'private',
			options: { categoryId: '27', madeForKids: false, notifySubscribers: false, language: 'pt-BR' },
		});
		expect(published()[0]).toMatchObject({
			notify_subscribers: false,
			metadata: {
				snippet: { title: 'Another', tags: ['one', 'two'], categoryId: '27', defaultLanguage: 'pt-BR' },
				status: { privacyStatus: 'private', selfDeclaredMadeForKids: false },
			},
		});
	});

	it('tells of another language of the speech, of a paid placement, and of translations', async () => {
		const { upload, published, item } = await setUp();
		await upload([{ ...item, video_id: '' }], {
			options: {
				audioLanguage: 'pt-BR', paidProductPlacement: true,
				translations: { translation: [{ language: 'de', title: 'Wie Vulkane arbeiten', description: 'Feuer' }] },
			},
		});
		expect(published()[0]?.metadata).toMatchObject({
			snippet: { defaultLanguage: 'en', defaultAudioLanguage: 'pt-BR' },
			paidProductPlacementDetails: { hasPaidProductPlacement: true },
			localizations: { de: { title: 'Wie Vulkane arbeiten', description: 'Feuer' } },
		});
	});

	it('uploads on the account that the request’s channel_id names, and on no other', async () => {
		const { upload, item } = await setUp();
		const { channelId } = KEYS.youtube.accounts[3]!;
		const { outputs } = await upload(
			[{ ...item, video_id: '', channel_id: channelId }, { ...item, video_id: '', channel_id: 'UCsomebodyelse' }],
			{},
			{ onError: 'continueErrorOutput' },
		);
		expect(outputs[0]?.map(({ json }) => json)).toMatchObject([{ account_id: 'account-04', channel_id: channelId }]);
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { reason: 'account-unknown', issues: [{ field: 'channel_id' }] } });
	});

	it('lists what YouTube would reject by field, keeps the item, and asks YouTube nothing', async () => {
		const { sandbox, upload, item } = await setUp();
		const { outputs } = await upload(
			[{ ...item, video_id: '' }],
			{ title: `<${'x'.repeat(100)}`, privacy: 'public', options: { publishAt: '2020-01-01T00:00:00Z', language: 'not a tag' } },
			{ onError: 'continueErrorOutput' },
		);
		const json = outputs[1]?.[0]?.json as { details: { issues: Array<{ field: string }> } };
		expect(json).toMatchObject({ ...item, video_id: '', details: { error_class: 'invalid-request', reason: 'invalid-metadata' } });
		expect(json.details.issues.map(({ field }) => field)).toEqual([
			'title', 'title', 'defaultLanguage', 'defaultAudioLanguage', 'publishAt', 'publishAt',
		]);
		expect(sandbox.recorder.list({ service: 'youtube' })).toEqual([]);
	});

	it('names the file that is missing, and goes on with the other items', async () => {
		const { inserts, upload, path, item } = await setUp();
		const { outputs } = await upload(
			[{ ...item, video_id: '', file: '/nowhere/video.mp4' }, { ...item, video_id: '', file: path }],
			{ filePath: '={{ $json.file }}' },
			{ onError: 'continueErrorOutput' },
		);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			error: expect.stringContaining('/nowhere/video.mp4'), file: '/nowhere/video.mp4', details: { reason: 'file-unreadable' },
		});
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(inserts()).toHaveLength(1);
	});

	it('publishes no file that n8n keeps nodes from', async () => {
		const { inserts, upload, item } = await setUp();
		const { error } = await upload([{ ...item, video_id: '', file: '/etc/hostname' }], { filePath: '={{ $json.file }}' });
		expect(error?.message).toContain("doesn't let nodes read /etc/hostname");
		expect(error?.description).toContain('N8N_RESTRICT_FILE_ACCESS_TO');
		expect(inserts()).toHaveLength(0);
	});

	it('puts an account whose refresh token is wrong into quarantine and takes the next', async () => {
		const { upload, item } = await setUp({ broken: 1, pool: { active: 2, reserve: 0 } });
		const { items } = await upload([{ ...item, video_id: '' }]);
		expect(items[0]?.json).toMatchObject({
			account_id: 'account-02',
			passed_over: [{ account_id: 'account-01', why: 'YouTube refused it: invalid_grant' }],
		});
		expectNoSecrets(items);
	});

	it('fails the job with what to do when no account can sign in, and shows no secret', async () => {
		const { store, upload, inserts, item } = await setUp({ broken: 2, pool: { active: 2, reserve: 0 } });
		await queuedJob(store);
		const { error, status } = await upload([item]);
		expect(status).toBe('error');
		expect(error?.description).toContain('Connect the account again');
		const job = await getJob(store, 'v-1');
		expect(job).toMatchObject({ status: 'failed', failure: { stage: 'upload', cure: expect.stringContaining('refresh token') } });
		const again = await upload([{ ...item, video_id: '' }], {}, { onError: 'continueErrorOutput' });
		expect(again.outputs[1]?.[0]?.json).toMatchObject({
			details: { error_class: 'auth', reason: 'pool-quarantined' }, error: expect.stringContaining('account-01: in quarantine (invalid_grant)'),
		});
		expect(inserts()).toEqual([]);
		expectNoSecrets([error, job, again.outputs]);
	});
});

describe("the YouTube Pool credential's Test button", () => {
	const press = async (data: ICredentialDataDecryptedObject) =>
		await testPool.call({} as never, { id: '1', name: 'Pool', type: 'ytempireYouTubePoolApi', data });

	it('says that every account can sign in', async () => {
		const { services } = await temporarySandbox();
		expect(await press(credentialOf(services.youtube.url))).toEqual({ status: 'OK', message: 'All 15 accounts can sign in' });
	});

	it('names the accounts that can’t, with Google’s reason and the cure, and no secret', async () => {
		const { services } = await temporarySandbox();
		const result = await press(credentialOf(services.youtube.url, 1, { active: 3, reserve: 0 }));
		expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(/^1 of 3 accounts can't sign in\. account-01: invalid_grant: .*Connect/s) });
		expectNoSecrets(result);
	});

	it('names the fields that are not filled in', async () => {
		const data = credentialOf('http://127.0.0.1:1', 0, { active: 1, reserve: 0 });
		(data.accounts as unknown as { account: Array<{ channelId: string }> }).account[0]!.channelId = '';
		expect(await press(data)).toEqual({
			status: 'Error',
			message: 'The YouTube Pool credential is not complete. Accounts, row 1, channelId: must be filled in',
		});
	});
});
