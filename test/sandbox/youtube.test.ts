/** The sandbox's YouTube: sign-in, videos, thumbnails, channels, quota. */
import { describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { temporarySandbox } from '../support/sandbox';
import { type Answer, METADATA, requestToken, YouTubeClient } from '../support/youtube-client';
import { tinyMp4, tinyPng } from '../support/tiny-files';

const reasonOf = ({ status, body }: Answer): [number, string] => [status, body.error.errors[0].reason];

const stateOf = (sandbox: Sandbox): any => sandbox.state('youtube');

const used = (sandbox: Sandbox, bucket: string): number =>
	stateOf(sandbox).quota.find((one: any) => one.bucket === bucket).used;

async function withVideo(file: Buffer = Buffer.from('no video'), metadata: unknown = METADATA) {
	const sandbox = await temporarySandbox();
	const client = await YouTubeClient.signIn(sandbox);
	const { body } = await client.upload(file, metadata);
	return { sandbox, client, id: body.id as string };
}

describe('signing in', () => {
	it('gives an access token for an hour to each of fifteen accounts', async () => {
		const sandbox = await temporarySandbox();
		const answers = await Promise.all(KEYS.youtube.accounts.map((_account, index) => requestToken(sandbox, index + 1)));
		expect(answers.map(({ status }) => status)).toEqual(Array(15).fill(200));
		expect(answers[0]?.body).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
		expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(15);
	});

	it.each([
		['an unknown refresh token', { refresh_token: 'other' }, 400, 'invalid_grant'],
		['a wrong secret', { client_secret: 'other' }, 401, 'invalid_client'],
		['an unknown client', { client_id: 'other' }, 401, 'invalid_client'],
		['another way of signing in', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
	])('refuses %s in the words of OAuth', async (_what, fields, status, error) => {
		const answer = await requestToken(await temporarySandbox(), 1, fields);
		expect([answer.status, answer.body.error]).toEqual([status, error]);
		expect(answer.body.error_description).toEqual(expect.any(String));
	});

	it('refuses a revoked account, and no longer takes its access token', async () => {
		const sandbox = await temporarySandbox();
		const client = await YouTubeClient.signIn(sandbox, 2);
		await client.call('PATCH', '/sandbox/accounts/account-02', { json: { standing: 'revoked' } });
		expect((await requestToken(sandbox, 2)).body.error).toBe('invalid_grant');
		expect(reasonOf(await client.insert())).toEqual([401, 'authError']);
	});

	it('binds a refresh token to the client that it was given to', async () => {
		const sandbox = await temporarySandbox();
		const client = await YouTubeClient.signIn(sandbox);
		await client.call('PATCH', '/sandbox/accounts/account-03', { json: { clientId: 'second-project' } });
		expect((await requestToken(sandbox, 3)).body.error).toBe('unauthorized_client');
		expect((await requestToken(sandbox, 3, { client_id: 'second-project' })).status).toBe(200);
	});

	it('answers with invalid_grant when a fault says so', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'youtube', kind: 'status', status: 400, reason: 'invalid_grant', match: { path: '/token' } });
		expect((await requestToken(sandbox)).body).toEqual({
			error: 'invalid_grant',
			error_description: 'Token has been expired or revoked.',
		});
	});

	it.each([
		['no token', ''],
		['an unknown token', 'Bearer ya29.other'],
	])('refuses %s', async (_what, authorization) => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		const answer = await client.call('GET', '/youtube/v3/videos?part=id&id=x', { headers: { authorization } });
		expect(reasonOf(answer)).toEqual([401, 'authError']);
	});

	it('lets a token end with its hour', async () => {
		const sandbox = await temporarySandbox();
		const client = await YouTubeClient.signIn(sandbox);
		sandbox.clock.advance(3_600_000);
		expect(reasonOf(await client.insert())).toEqual([401, 'authError']);
	});

	it.each([
		['suspended', 403, 'authenticatedUserAccountSuspended'],
		['closed', 403, 'authenticatedUserAccountClosed'],
		['no-channel', 401, 'youtubeSignupRequired'],
	])('says of an account that is %s what YouTube says', async (standing, status, reason) => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		await client.call('PATCH', '/sandbox/accounts/account-01', { json: { standing } });
		expect(reasonOf(await client.insert())).toEqual([status, reason]);
	});
});

describe('reading videos', () => {
	it('shows a video as processing once, then as processed, with its length', async () => {
		const { client, id } = await withVideo(tinyMp4({ seconds: 65.2, width: 1920, height: 1080 }));
		const path = `/youtube/v3/videos?part=status,processingDetails,contentDetails&id=${id}`;
		const [first, second] = [(await client.call('GET', path)).body.items[0], (await client.call('GET', path)).body.items[0]];
		expect([first.status.uploadStatus, first.processingDetails.processingStatus]).toEqual(['uploaded', 'processing']);
		expect([second.status.uploadStatus, second.processingDetails.processingStatus]).toEqual(['processed', 'succeeded']);
		expect(second.contentDetails).toMatchObject({ duration: 'PT1M5S', definition: 'hd' });
	});

	it('fails to process what is no video', async () => {
		const { client, id } = await withVideo();
		await client.call('PATCH', '/sandbox/settings', { json: { processingPolls: 0 } });
		const { body } = await client.call('GET', `/youtube/v3/videos?part=status&id=${id}`);
		expect(body.items[0].status).toMatchObject({ uploadStatus: 'failed', failureReason: 'invalidFile' });
	});

	it('gives back what was sent', async () => {
		const { client, id } = await withVideo();
		const { body } = await client.call('GET', `/youtube/v3/videos?part=snippet&part=status&id=${id}`);
		expect(body.items[0]).toMatchObject(METADATA);
		expect(body.items[0].snippet.channelId).toBe(KEYS.youtube.accounts[0]?.channelId);
	});

	it('makes a video public whose privacy was not said', async () => {
		const { client, id } = await withVideo(undefined, { snippet: { title: 'x' } });
		const { body } = await client.call('GET', `/youtube/v3/videos?part=status&id=${id}`);
		expect(body.items[0].status.privacyStatus).toBe('public');
	});

	it('makes a scheduled video public when its hour has come', async () => {
		const status = { privacyStatus: 'private', publishAt: new Date(Date.now() + 60_000).toISOString() };
		const { sandbox, client, id } = await withVideo(undefined, { snippet: { title: 'x' }, status });
		const read = async () => (await client.call('GET', `/youtube/v3/videos?part=status&id=${id}`)).body.items[0].status.privacyStatus;
		expect(await read()).toBe('private');
		sandbox.clock.advance(61_000);
		expect(await read()).toBe('public');
	});

	it('hides a private video, and the processing of any, from other accounts', async () => {
		const { sandbox, client, id } = await withVideo(undefined, { snippet: { title: 'x' }, status: { privacyStatus: 'private' } });
		const other = await YouTubeClient.signIn(sandbox, 2);
		expect((await other.call('GET', `/youtube/v3/videos?part=id&id=${id}`)).body.items).toEqual([]);
		const open = (await client.upload(Buffer.from('x'))).body.id;
		expect(reasonOf(await other.call('GET', `/youtube/v3/videos?part=processingDetails&id=${open}`))).toEqual([403, 'forbidden']);
	});

	it.each([
		['without part', 'id=x', 'missingRequiredParameter'],
		['without a filter', 'part=id', 'missingRequiredParameter'],
		['with an unknown part', 'part=soul&id=x', 'unknownPart'],
	])('refuses a request %s', async (_what, query, reason) => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		expect(reasonOf(await client.call('GET', `/youtube/v3/videos?${query}`))).toEqual([400, reason]);
	});
});

describe('changing videos', () => {
	const put = (client: YouTubeClient, json: unknown) => client.call('PUT', '/youtube/v3/videos?part=snippet', { json });

	it('wipes what an update of a part leaves out, and no other part', async () => {
		const { client, id } = await withVideo();
		await put(client, { id, snippet: { title: 'New', categoryId: '22' } });
		const { body } = await client.call('GET', `/youtube/v3/videos?part=snippet,status&id=${id}`);
		expect(body.items[0].snippet).toMatchObject({ title: 'New', description: '' });
		expect(body.items[0].snippet.tags).toBeUndefined();
		expect(body.items[0].status).toMatchObject(METADATA.status);
	});

	it('wants title and category of a snippet', async () => {
		const { client, id } = await withVideo();
		expect(reasonOf(await put(client, { id, snippet: { categoryId: '22' } }))).toEqual([400, 'invalidTitle']);
		expect(reasonOf(await put(client, { id, snippet: { title: 'x' } }))).toEqual([400, 'invalidCategoryId']);
	});

	it('lets nobody change what is not theirs, or not there', async () => {
		const { sandbox, client, id } = await withVideo();
		const snippet = { title: 'x', categoryId: '22' };
		expect(reasonOf(await put(await YouTubeClient.signIn(sandbox, 2), { id, snippet }))).toEqual([403, 'forbidden']);
		expect(reasonOf(await put(client, { id: 'none', snippet }))).toEqual([404, 'videoNotFound']);
	});
});

describe('thumbnails', () => {
	const set = (client: YouTubeClient, id: string, body: Buffer, type = 'image/png') =>
		client.call('POST', `/upload/youtube/v3/thumbnails/set?videoId=${id}&uploadType=media`, {
			body: new Uint8Array(body),
			headers: { 'content-type': type },
		});

	it('shows the picture that was set', async () => {
		const { client, id } = await withVideo();
		const { body } = await set(client, id, tinyPng());
		const picture = await fetch(body.items[0].maxres.url);
		expect(picture.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await picture.arrayBuffer())).toEqual(tinyPng());
	});

	it.each([
		['what is no picture', Buffer.from('GIF89a...'), 'image/png', [400, 'invalidImage']],
		['another type', tinyPng(), 'image/gif', [400, 'badContent']],
		['nothing', Buffer.alloc(0), 'image/png', [400, 'mediaBodyRequired']],
	])('refuses %s', async (_what, body, type, refusal) => {
		const { client, id } = await withVideo();
		expect(reasonOf(await set(client, id, body, type))).toEqual(refusal);
	});

	it('refuses a picture of more than 50 MB', async () => {
		const { client, id } = await withVideo();
		const large = Buffer.concat([tinyPng(), Buffer.alloc(52_428_800)]);
		expect(reasonOf(await set(client, id, large))).toEqual([413, 'mediaBodyTooLarge']);
	});
});

describe('quota', () => {
	it('counts inserts apart from units, 1 and 50 each', async () => {
		const { sandbox, client, id } = await withVideo();
		await client.call('GET', `/youtube/v3/videos?part=id&id=${id}`);
		await client.call('PUT', '/youtube/v3/videos?part=status', { json: { id, status: { privacyStatus: 'public' } } });
		expect([used(sandbox, 'inserts'), used(sandbox, 'units')]).toEqual([1, 51]);
	});

	it('counts an invalid request as one', async () => {
		const { sandbox, client } = await withVideo();
		await client.call('PUT', '/youtube/v3/videos?part=status', { json: { id: 'none' } });
		await client.insert({ snippet: { title: '' } });
		expect([used(sandbox, 'inserts'), used(sandbox, 'units')]).toEqual([2, 1]);
	});

	it('refuses the 101st insert of a project, whichever account asks, until the Pacific midnight', async () => {
		const sandbox = await temporarySandbox();
		sandbox.clock.set(Date.parse('2026-07-01T06:00:00Z'));
		const one = await YouTubeClient.signIn(sandbox, 1);
		for (let count = 0; count < 100; count += 1) expect((await one.insert()).status).toBe(200);
		const two = await YouTubeClient.signIn(sandbox, 2);
		const refused = await two.insert();
		expect(reasonOf(refused)).toEqual([403, 'quotaExceeded']);
		expect(refused.body.error.errors[0].domain).toBe('youtube.quota');
		expect((await two.call('GET', '/youtube/v3/videos?part=id&id=x')).status).toBe(200);
		sandbox.clock.set(Date.parse('2026-07-01T06:59:00Z'));
		expect((await two.insert()).status).toBe(403);
		sandbox.clock.set(Date.parse('2026-07-01T07:00:00Z'));
		expect((await two.insert()).status).not.toBe(403);
	});

	it('gives an account of another client its own allowance', async () => {
		const sandbox = await temporarySandbox();
		const one = await YouTubeClient.signIn(sandbox, 1);
		await one.call('PATCH', '/sandbox/settings', { json: { limits: { inserts: 0 } } });
		await one.call('PATCH', '/sandbox/accounts/account-02', { json: { clientId: 'second-project' } });
		expect(reasonOf(await one.insert())).toEqual([403, 'quotaExceeded']);
		const projects = stateOf(sandbox).quota.map(({ project }: any) => project);
		expect(new Set(projects)).toEqual(new Set([KEYS.youtube.clientId, 'second-project']));
	});

	it('lets a channel take only so many videos within 24 hours', async () => {
		const { sandbox, client } = await withVideo();
		await client.call('PATCH', '/sandbox/accounts/account-01', { json: { uploadsPerDay: 1 } });
		expect(reasonOf(await client.insert())).toEqual([400, 'uploadLimitExceeded']);
		sandbox.clock.advance(24 * 3_600_000 + 1);
		const later = await YouTubeClient.signIn(sandbox);
		expect((await later.insert()).status).toBe(200);
	});
});

it('tells an account its channel', async () => {
	const client = await YouTubeClient.signIn(await temporarySandbox(), 4);
	const { body } = await client.call('GET', '/youtube/v3/channels?part=snippet&mine=true');
	expect(body.items).toMatchObject([{ id: KEYS.youtube.accounts[3]?.channelId, snippet: { title: 'Daily Orbit' } }]);
});

it('shows in its state what came, from whom, and byte by byte', async () => {
	const { sandbox, id } = await withVideo(Buffer.from('abc'));
	expect(stateOf(sandbox).videos).toMatchObject([
		{
			id,
			account_id: 'account-01',
			bytes: 3,
			sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
			privacy_status: 'unlisted',
			metadata: METADATA,
		},
	]);
	expect(JSON.stringify(stateOf(sandbox))).not.toContain('ya29');
});

it('forgets everything on reset', async () => {
	const { sandbox, client } = await withVideo();
	await client.call('PATCH', '/sandbox/accounts/account-01', { json: { standing: 'closed' } });
	await sandbox.reset();
	expect(stateOf(sandbox)).toMatchObject({ videos: [], sessions: [] });
	expect(stateOf(sandbox).accounts[0].standing).toBe('good');
	expect(used(sandbox, 'inserts')).toBe(0);
});
