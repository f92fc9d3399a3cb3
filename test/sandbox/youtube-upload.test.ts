/** The sandbox's YouTube keeps the rules of the resumable upload protocol. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

import { describe, expect, it } from 'vitest';

import type { Sandbox } from '../../sandbox/server';
import { temporarySandbox } from '../support/sandbox';
import { askStatus, GRANULE, METADATA, putChunk, YouTubeClient } from '../support/youtube-client';

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

async function openUpload(granules: number, extra = 0) {
	const sandbox = await temporarySandbox();
	const client = await YouTubeClient.signIn(sandbox);
	const file = randomBytes(granules * GRANULE + extra);
	return { sandbox, client, file, address: await client.begin(file.length) };
}

const stored = (sandbox: Sandbox): any[] => (sandbox.state('youtube') as any).videos;

const session = (sandbox: Sandbox): any => (sandbox.state('youtube') as any).sessions[0];

describe('beginning an upload', () => {
	it('answers 200 with an address that needs no other key', async () => {
		const { address, file } = await openUpload(1);
		expect(new URL(address).searchParams.get('upload_id')).toMatch(/^[\w-]{64}$/);
		expect((await putChunk(address, file, 0, file.length)).status).toBe(200);
	});

	it('gives an address under the name by which the client came', async () => {
		const sandbox = await temporarySandbox();
		const { token } = await YouTubeClient.signIn(sandbox);
		const request = httpRequest(`${sandbox.services.youtube.url}/resumable/upload/youtube/v3/videos?part=snippet`, {
			method: 'POST',
			headers: { host: 'www.googleapis.com', 'x-forwarded-proto': 'https', authorization: `Bearer ${token}` },
		});
		request.end(JSON.stringify({ snippet: METADATA.snippet }));
		const [response] = (await once(request, 'response')) as [IncomingMessage];
		response.resume();
		expect(response.headers.location).toMatch(/^https:\/\/www\.googleapis\.com\/resumable\/upload\/youtube\/v3\/videos\?/);
	});

	it.each([
		['a media type that is no video', { 'x-upload-content-type': 'image/png' }, 'badContent'],
		['a length of nothing', { 'x-upload-content-length': '0' }, 'badRequest'],
		['a length beyond 256 GiB', { 'x-upload-content-length': '274877906945' }, 'badRequest'],
	])('refuses %s', async (_what, headers, reason) => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		const answer = await client.insert(METADATA, headers);
		expect([answer.status, answer.body.error.errors[0].reason]).toEqual([400, reason]);
	});

	it.each([
		['an empty title', { snippet: { title: ' ' } }, 'invalidTitle'],
		['a title of 101 characters', { snippet: { title: 'x'.repeat(101) } }, 'invalidTitle'],
		['angle brackets in the title', { snippet: { title: '<b>' } }, 'invalidTitle'],
		['5,001 bytes of description', { snippet: { title: 'x', description: 'é'.repeat(2501) } }, 'invalidDescription'],
		['tags of more than 500 characters in YouTube\'s counting', { snippet: { title: 'x', tags: ['a b'.repeat(83), 'c'.repeat(249)] } }, 'invalidTags'],
		['an unknown category', { snippet: { title: 'x', categoryId: '18' } }, 'invalidCategoryId'],
		['an hour of publication in the past', { snippet: { title: 'x' }, status: { privacyStatus: 'private', publishAt: '2020-01-01T00:00:00Z' } }, 'invalidPublishAt'],
		['an hour of publication for a public video', { snippet: { title: 'x' }, status: { privacyStatus: 'public', publishAt: '2099-01-01T00:00:00Z' } }, 'invalidPublishAt'],
		['a field that YouTube does not have', { snippet: { title: 'x', subtitle: 'y' } }, 'badRequest'],
		['a part that the request does not name', { snippet: { title: 'x' }, recordingDetails: {} }, 'unexpectedPart'],
	])('refuses %s', async (_what, metadata, reason) => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		const answer = await client.insert(metadata);
		expect([answer.status, answer.body.error.errors[0].reason]).toEqual([400, reason]);
	});

	it('takes a title of 100 characters that are more than 100 bytes', async () => {
		const client = await YouTubeClient.signIn(await temporarySandbox());
		expect((await client.insert({ snippet: { title: '空'.repeat(100) } })).status).toBe(200);
	});
});

describe('sending chunks', () => {
	it('answers 308 with what it keeps, and the video after the last byte', async () => {
		const { sandbox, file, address } = await openUpload(2, 1000);
		const first = await putChunk(address, file, 0, GRANULE);
		expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${GRANULE - 1}`]);
		await putChunk(address, file, GRANULE, 2 * GRANULE);
		const last = await putChunk(address, file, 2 * GRANULE, file.length);
		expect([last.status, last.body.kind]).toEqual([200, 'youtube#video']);
		expect(stored(sandbox)).toMatchObject([{ id: last.body.id, bytes: file.length, sha256: sha256(file) }]);
	});

	it('takes a whole file without a Content-Range', async () => {
		const { sandbox, file, address } = await openUpload(1, 7);
		const response = await fetch(address, { method: 'PUT', body: new Uint8Array(file) });
		expect(response.status).toBe(200);
		expect(stored(sandbox)[0].sha256).toBe(sha256(file));
	});

	it('takes chunks whose total is not known until the last', async () => {
		const sandbox = await temporarySandbox();
		const client = await YouTubeClient.signIn(sandbox);
		const file = randomBytes(GRANULE + 5);
		const address = (await client.insert()).headers.get('location') ?? '';
		expect((await putChunk(address, file, 0, GRANULE, '*')).status).toBe(308);
		expect((await putChunk(address, file, GRANULE, file.length)).status).toBe(200);
		expect(stored(sandbox)[0].sha256).toBe(sha256(file));
	});

	it('refuses a chunk that is no multiple of 256 KiB, unless it is the last', async () => {
		const { file, address } = await openUpload(2);
		expect((await putChunk(address, file, 0, GRANULE + 1)).status).toBe(400);
	});

	it('refuses a chunk that leaves a gap', async () => {
		const { file, address } = await openUpload(3);
		expect((await putChunk(address, file, GRANULE, 2 * GRANULE)).status).toBe(400);
	});

	it('refuses a total other than the one it was begun with', async () => {
		const { file, address } = await openUpload(2);
		expect((await putChunk(address, file, 0, GRANULE, file.length + 1)).status).toBe(400);
	});

	it('refuses a body that is not as long as its Content-Range says', async () => {
		const { file, address } = await openUpload(2);
		const response = await fetch(address, {
			method: 'PUT',
			headers: { 'content-range': `bytes 0-${GRANULE - 1}/${file.length}` },
			body: new Uint8Array(file.subarray(0, 100)),
		});
		expect(response.status).toBe(400);
	});

	it.each(['bytes 5-1/10', 'bytes 0-10/10', 'items 0-1/2', 'bytes 0-1'])('refuses the Content-Range %s', async (range) => {
		const { address } = await openUpload(1);
		const response = await fetch(address, { method: 'PUT', headers: { 'content-range': range }, body: 'xx' });
		expect(response.status).toBe(400);
	});

	it('passes over bytes that it has already', async () => {
		const { sandbox, file, address } = await openUpload(3);
		await putChunk(address, file, 0, 2 * GRANULE);
		expect((await putChunk(address, file, GRANULE, file.length)).status).toBe(200);
		expect(stored(sandbox)[0].sha256).toBe(sha256(file));
	});
});

describe('asking for the state of an upload', () => {
	it('answers 308 without Range while nothing is kept', async () => {
		const { file, address } = await openUpload(1);
		const answer = await askStatus(address, file.length);
		expect([answer.status, answer.headers.get('range')]).toEqual([308, null]);
	});

	it('answers with the video when all is there, however often it is asked', async () => {
		const { sandbox, file, address } = await openUpload(1);
		const { body } = await putChunk(address, file, 0, file.length);
		expect((await askStatus(address, file.length)).body.id).toBe(body.id);
		expect((await askStatus(address, '*')).status).toBe(200);
		expect(stored(sandbox)).toHaveLength(1);
	});
});

describe('when things go wrong', () => {
	it('keeps only part of a chunk when told so, and goes on from there', async () => {
		const { sandbox, file, address } = await openUpload(3);
		sandbox.faults.add({ service: 'youtube', kind: 'accept-part', bytes: 1000, match: { method: 'PUT' } });
		const half = await putChunk(address, file, 0, 2 * GRANULE);
		expect([half.status, half.headers.get('range')]).toEqual([308, 'bytes=0-999']);
		expect((await putChunk(address, file, 1000, file.length)).status).toBe(200);
		expect(stored(sandbox)[0].sha256).toBe(sha256(file));
	});

	it('keeps nothing of a chunk when told so', async () => {
		const { sandbox, file, address } = await openUpload(2);
		sandbox.faults.add({ service: 'youtube', kind: 'accept-part', bytes: 0, match: { method: 'PUT' } });
		const answer = await putChunk(address, file, 0, GRANULE);
		expect([answer.status, answer.headers.get('range')]).toEqual([308, null]);
	});

	it('keeps whole granules of a chunk whose connection breaks', async () => {
		const { sandbox, file, address } = await openUpload(4);
		sandbox.faults.add({ service: 'youtube', kind: 'drop-after-bytes', bytes: 2 * GRANULE + 5000, match: { method: 'PUT' } });
		await expect(putChunk(address, file, 0, file.length)).rejects.toThrow();
		const answer = await askStatus(address, file.length);
		expect(answer.headers.get('range')).toBe(`bytes=0-${2 * GRANULE - 1}`);
		expect((await putChunk(address, file, 2 * GRANULE, file.length)).status).toBe(200);
		expect(stored(sandbox)[0].sha256).toBe(sha256(file));
	});

	it('has the video although the connection broke before its answer', async () => {
		const { sandbox, file, address } = await openUpload(1);
		sandbox.faults.add({ service: 'youtube', kind: 'drop-answer', match: { method: 'PUT' } });
		await expect(putChunk(address, file, 0, file.length)).rejects.toThrow();
		expect((await askStatus(address, file.length)).status).toBe(200);
		expect(stored(sandbox)).toHaveLength(1);
	});

	it('keeps nothing of a chunk that it answers with 503, in Google\'s shape', async () => {
		const { sandbox, file, address } = await openUpload(2);
		await putChunk(address, file, 0, GRANULE);
		sandbox.faults.add({ service: 'youtube', kind: 'status', status: 503, match: { method: 'PUT' } });
		const answer = await putChunk(address, file, GRANULE, file.length);
		expect([answer.status, answer.body.error.errors[0].reason]).toEqual([503, 'backendError']);
		expect(session(sandbox).kept).toBe(GRANULE);
	});

	it('lets a new request take over from one that hangs', async () => {
		const { sandbox, file, address } = await openUpload(2);
		const endless = fetch(address, {
			method: 'PUT',
			headers: { 'content-range': `bytes 0-${file.length - 1}/${file.length}` },
			body: new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(file.subarray(0, GRANULE))) }),
			duplex: 'half',
		}).catch(() => 'broken off');
		await expect.poll(() => session(sandbox).kept).toBe(GRANULE);
		expect((await askStatus(address, '*')).headers.get('range')).toBe(`bytes=0-${GRANULE - 1}`);
		expect(await endless).toBe('broken off');
		expect((await putChunk(address, file, GRANULE, file.length)).status).toBe(200);
	});

	it.each([404, 410])('answers %i when the session is lost', async (status) => {
		const { sandbox, client, file, address } = await openUpload(1);
		await client.call('POST', '/sandbox/sessions/lose', { json: { status } });
		expect((await putChunk(address, file, 0, file.length)).status).toBe(status);
		expect(stored(sandbox)).toHaveLength(0);
	});

	it('answers 410 after a week', async () => {
		const { sandbox, file, address } = await openUpload(1);
		sandbox.clock.advance(8 * 24 * 3_600_000);
		expect((await askStatus(address, file.length)).status).toBe(410);
	});

	it('answers 401 to a chunk that carries an expired token', async () => {
		const { client, file, address } = await openUpload(1);
		await client.call('POST', '/sandbox/tokens/expire');
		const { pathname, search } = new URL(address);
		const answer = await client.call('PUT', pathname + search, { body: new Uint8Array(file) });
		expect(answer.status).toBe(401);
	});
});

it('makes two videos of two inserts, whatever they hold', async () => {
	const sandbox = await temporarySandbox();
	const client = await YouTubeClient.signIn(sandbox);
	const file = randomBytes(1000);
	await client.upload(file);
	await client.upload(file);
	const [one, two] = stored(sandbox);
	expect(one.sha256).toBe(two.sha256);
	expect(one.id).not.toBe(two.id);
});

it('gives the same ids for the same seed', async () => {
	const ids = async () => {
		const client = await YouTubeClient.signIn(await temporarySandbox(7));
		return (await client.upload(Buffer.from('not much of a video'))).body.id as string;
	};
	expect(await ids()).toBe(await ids());
});
