/** The sandbox's YouTube answers as Google's discovery document says. */
import { expect, it } from 'vitest';

import { describeContracts } from '../support/contracts';
import { answerErrors, discoveryDocument, requestErrors } from '../support/discovery';
import { temporarySandbox } from '../support/sandbox';
import { tinyMp4, tinyPng } from '../support/tiny-files';
import { METADATA, YouTubeClient } from '../support/youtube-client';

const VIDEO_PARTS =
	'id,snippet,status,contentDetails,processingDetails,statistics,player,fileDetails,recordingDetails,paidProductPlacementDetails';

describeContracts('the sandbox keeps to the discovery document', ['google'], () => {
	const signedIn = async () => {
		const sandbox = await temporarySandbox();
		const client = await YouTubeClient.signIn(sandbox);
		const metadata = {
			...METADATA,
			recordingDetails: { recordingDate: '2026-01-02T00:00:00Z' },
			paidProductPlacementDetails: { hasPaidProductPlacement: false },
		};
		const query = 'uploadType=resumable&part=snippet,status,recordingDetails,paidProductPlacementDetails&notifySubscribers=false';
		const address = (await client.insert(metadata, {}, query)).headers.get('location') ?? '';
		const file = tinyMp4({ seconds: 5, width: 320, height: 180 });
		const inserted = (await (await fetch(address, { method: 'PUT', body: new Uint8Array(file) })).json()) as { id: string };
		return { sandbox, client, inserted };
	};

	it('when a video is inserted', async () => {
		const { inserted } = await signedIn();
		const document = discoveryDocument('youtube.v3.json');
		expect(answerErrors(document, 'POST', '/upload/youtube/v3/videos', inserted)).toEqual([]);
	});

	it.each([
		['while it is processed', 1],
		['when it is processed', 2],
	])('when a video is read %s', async (_when, times) => {
		const { client, inserted } = await signedIn();
		let body: unknown;
		for (let time = 0; time < times; time += 1) {
			({ body } = await client.call('GET', `/youtube/v3/videos?part=${VIDEO_PARTS}&id=${inserted.id}`));
		}
		expect(answerErrors(discoveryDocument('youtube.v3.json'), 'GET', '/youtube/v3/videos', body)).toEqual([]);
	});

	it('when a video fails to be processed', async () => {
		const { client } = await signedIn();
		const { body } = await client.upload(Buffer.from('no video'));
		await client.call('PATCH', '/sandbox/settings', { json: { processingPolls: 0 } });
		const read = await client.call('GET', `/youtube/v3/videos?part=${VIDEO_PARTS}&id=${body.id}`);
		expect(answerErrors(discoveryDocument('youtube.v3.json'), 'GET', '/youtube/v3/videos', read.body)).toEqual([]);
	});

	it('when a video is changed', async () => {
		const { client, inserted } = await signedIn();
		const json = { id: inserted.id, snippet: { title: 'New', categoryId: '22' } };
		const { body } = await client.call('PUT', '/youtube/v3/videos?part=snippet', { json });
		expect(answerErrors(discoveryDocument('youtube.v3.json'), 'PUT', '/youtube/v3/videos', body)).toEqual([]);
	});

	it('when a thumbnail is set', async () => {
		const { client, inserted } = await signedIn();
		const path = '/upload/youtube/v3/thumbnails/set';
		const { body } = await client.call('POST', `${path}?videoId=${inserted.id}`, {
			body: new Uint8Array(tinyPng()),
			headers: { 'content-type': 'image/png' },
		});
		expect(answerErrors(discoveryDocument('youtube.v3.json'), 'POST', path, body)).toEqual([]);
	});

	it('when channels and uploads are listed', async () => {
		const { client } = await signedIn();
		const document = discoveryDocument('youtube.v3.json');
		const channels = await client.call('GET', '/youtube/v3/channels?part=id,snippet,contentDetails,statistics,status&mine=true');
		expect(answerErrors(document, 'GET', '/youtube/v3/channels', channels.body)).toEqual([]);
		const { uploads } = channels.body.items[0].contentDetails.relatedPlaylists;
		const items = await client.call('GET', `/youtube/v3/playlistItems?part=id,snippet,contentDetails,status&playlistId=${uploads}`);
		expect(items.body.items).toHaveLength(1);
		expect(answerErrors(document, 'GET', '/youtube/v3/playlistItems', items.body)).toEqual([]);
	});

	it('and the requests of these tests do too', async () => {
		const { sandbox } = await signedIn();
		const document = discoveryDocument('youtube.v3.json');
		const begun = sandbox.recorder.list({ service: 'youtube', method: 'POST', path: '/upload/' });
		expect(begun.flatMap((record) => requestErrors(document, record))).toEqual([]);
	});

	it('and the check sees what is wrong', () => {
		const document = discoveryDocument('youtube.v3.json');
		const record = { method: 'POST', path: '/upload/youtube/v3/videos', query: { part: 'snippet', soul: '1' } };
		const body = { snippet: { title: 5, subtitle: 'x' }, status: { privacyStatus: 'secret', publishAt: 'soon' } };
		expect(requestErrors(document, { ...record, body })).toEqual([
			'the parameter soul is unknown',
			'body.snippet.title is no string',
			'body.snippet.subtitle is unknown',
			'body.status.privacyStatus is none of public, unlisted, private',
			'body.status.publishAt is no date and time',
		]);
	});
});
