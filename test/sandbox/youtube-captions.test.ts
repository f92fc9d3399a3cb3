/** The sandbox's YouTube: caption tracks and the Analytics API. */
import { describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import { describeContracts } from '../support/contracts';
import { answerErrors, discoveryDocument } from '../support/discovery';
import { temporarySandbox } from '../support/sandbox';
import { type Answer, YouTubeClient } from '../support/youtube-client';

const SRT = '1\n00:00:00,000 --> 00:00:01,500\nFire.\n';

const PATH = '/upload/youtube/v3/captions';

const reasonOf = ({ status, body }: Answer): [number, string] => [status, body.error.errors[0].reason];

function send(client: YouTubeClient, method: string, resource: unknown, text = SRT, query = 'uploadType=multipart&part=snippet'): Promise<Answer> {
	const parts = [`content-type: application/json\r\n\r\n${JSON.stringify(resource)}`, `content-type: application/octet-stream\r\n\r\n${text}`];
	return client.call(method, `${PATH}?${query}`, {
		headers: { 'content-type': 'multipart/related; boundary=xyz' },
		body: `${parts.map((part) => `--xyz\r\n${part}\r\n`).join('')}--xyz--`,
	});
}

async function withVideo() {
	const sandbox = await temporarySandbox();
	const client = await YouTubeClient.signIn(sandbox);
	const { body } = await client.upload(Buffer.from('no video'));
	const id = body.id as string;
	const snippet = { videoId: id, language: 'en', name: '' };
	const units = () => (sandbox.state('youtube') as any).quota.find((one: any) => one.bucket === 'units').used as number;
	const list = async () => await client.call('GET', `/youtube/v3/captions?part=id,snippet&videoId=${id}`);
	return { sandbox, client, id, snippet, units, list };
}

describe('caption tracks', () => {
	it('are added, listed and replaced, at YouTube’s prices', async () => {
		const { client, id, snippet, units, list } = await withVideo();
		const added = await send(client, 'POST', { snippet });
		expect(added.body).toMatchObject({ kind: 'youtube#caption', snippet: { ...snippet, status: 'serving', trackKind: 'standard' } });
		expect(units()).toBe(400);
		expect((await list()).body.items).toMatchObject([{ id: added.body.id, snippet }]);
		expect(units()).toBe(450);
		expect((await send(client, 'PUT', { id: added.body.id }, SRT.replace('Fire', 'Ash'))).status).toBe(200);
		expect(units()).toBe(900);
		const { body } = await client.call('GET', `/youtube/v3/videos?part=contentDetails&id=${id}`);
		expect(body.items[0].contentDetails.caption).toBe('true');
	});

	it('are refused in YouTube’s words', async () => {
		const { client, sandbox, snippet } = await withVideo();
		await send(client, 'POST', { snippet });
		expect(reasonOf(await send(client, 'POST', { snippet }))).toEqual([409, 'captionExists']);
		expect(reasonOf(await send(client, 'POST', { snippet: { ...snippet, language: '' } }))).toEqual([400, 'invalidMetadata']);
		expect(reasonOf(await send(client, 'POST', { snippet: { ...snippet, soul: 1 } }))).toEqual([400, 'invalidMetadata']);
		expect(reasonOf(await send(client, 'POST', { snippet: { ...snippet, name: 'x'.repeat(151) } }))).toEqual([400, 'nameTooLong']);
		expect(reasonOf(await send(client, 'POST', { snippet: { ...snippet, name: 'b' } }, ' '))).toEqual([400, 'contentRequired']);
		expect(reasonOf(await send(client, 'POST', { snippet: { ...snippet, videoId: 'AAAAAAAAAAA' } }))).toEqual([404, 'videoNotFound']);
		expect(reasonOf(await send(client, 'PUT', { id: 'other' }))).toEqual([404, 'captionNotFound']);
		expect(reasonOf(await send(client, 'POST', { snippet }, SRT, 'uploadType=media&part=snippet'))).toEqual([400, 'badRequest']);
		const other = await YouTubeClient.signIn(sandbox, 2);
		expect(reasonOf(await send(other, 'POST', { snippet: { ...snippet, language: 'de' } }))).toEqual([403, 'forbidden']);
	});

	it('fail afterwards when their text is none that YouTube reads', async () => {
		const { client, snippet } = await withVideo();
		const { body } = await send(client, 'POST', { snippet }, 'Hello');
		expect(body.snippet).toMatchObject({ status: 'failed', failureReason: 'unknownFormat' });
	});
});

const REPORT = '/v2/reports?ids=channel==MINE&startDate=2026-01-01&endDate=2026-01-07&metrics=views,likes&dimensions=day';

describe('analytics', () => {
	it('gives the same figures for the same seed, others for another channel', async () => {
		const [one, two] = [await temporarySandbox(), await temporarySandbox()];
		const ask = async (sandbox: typeof one, account: number) => (await (await YouTubeClient.signIn(sandbox, account)).call('GET', REPORT)).body;
		const report = await ask(one, 1);
		expect(report.rows).toHaveLength(7);
		expect(report.columnHeaders.map(({ name }: { name: string }) => name)).toEqual(['day', 'views', 'likes']);
		expect(await ask(two, 1)).toEqual(report);
		expect(await ask(one, 2)).not.toEqual(report);
	});

	it('refuses other channels, unknown names, and dates that are none', async () => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		const ask = async (from: string, to: string) => (await client.call('GET', REPORT.replace(from, to))).status;
		expect(await ask('MINE', KEYS.youtube.accounts[1]!.channelId)).toBe(403);
		expect(await ask('MINE', KEYS.youtube.accounts[0]!.channelId)).toBe(200);
		expect(await ask('likes', 'souls')).toBe(400);
		expect(await ask('=day', '=soul')).toBe(400);
		expect(await ask('2026-01-07', '2025-12-31')).toBe(400);
		expect(await ask('=day', '=video')).toBe(400);
		expect((await client.call('GET', REPORT, { headers: { authorization: '' } })).status).toBe(401);
	});
});

describeContracts('the sandbox keeps to the discovery documents', ['google'], () => {
	it('when captions are added, listed and replaced', async () => {
		const { client, snippet, list } = await withVideo();
		const document = discoveryDocument('youtube.v3.json');
		const { body } = await send(client, 'POST', { snippet });
		expect(answerErrors(document, 'POST', PATH, body)).toEqual([]);
		expect(answerErrors(document, 'GET', '/youtube/v3/captions', (await list()).body)).toEqual([]);
		expect(answerErrors(document, 'PUT', PATH, (await send(client, 'PUT', { id: body.id }, 'Hello')).body)).toEqual([]);
	});

	it('when figures are asked for', async () => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		const { body } = await client.call('GET', REPORT);
		expect(answerErrors(discoveryDocument('youtubeAnalytics.v2.json'), 'GET', '/v2/reports', body)).toEqual([]);
	});
});
