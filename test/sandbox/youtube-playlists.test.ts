/** The sandbox's YouTube: playlists. */
import { expect, describe, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import { ownPlaylist } from '../../sandbox/youtube/playlists';
import { describeContracts } from '../support/contracts';
import { answerErrors, discoveryDocument } from '../support/discovery';
import { temporarySandbox } from '../support/sandbox';
import { type Answer, YouTubeClient } from '../support/youtube-client';

const PATH = '/youtube/v3/playlistItems';

const LIST = ownPlaylist({ id: 'account-01' });

const reasonOf = ({ status, body }: Answer): [number, string] => [status, body.error.errors[0].reason];

async function withVideo() {
	const sandbox = await temporarySandbox();
	const client = await YouTubeClient.signIn(sandbox);
	const { body } = await client.upload(Buffer.from('no video'));
	const id = body.id as string;
	const units = () => (sandbox.state('youtube') as any).quota.find((one: any) => one.bucket === 'units').used as number;
	const add = async (playlistId: unknown, videoId: unknown = id, as = client) =>
		await as.call('POST', `${PATH}?part=snippet`, { json: { snippet: { playlistId, resourceId: { kind: 'youtube#video', videoId } } } });
	const list = async (query = '') => (await client.call('GET', `${PATH}?part=id,snippet,contentDetails,status&playlistId=${LIST}${query}`)).body;
	return { sandbox, client, id, units, add, list };
}

describe('playlists', () => {
	it('take a video as often as they are told, for 50 units, and tell by its ID whether it is there', async () => {
		const { add, list, id, units } = await withVideo();
		expect((await list(`&videoId=${id}`)).items).toEqual([]);
		await add(LIST);
		await add(LIST);
		expect(units()).toBe(101);
		const { items, pageInfo } = await list(`&videoId=${id}&maxResults=1`);
		expect([items.length, pageInfo.totalResults]).toEqual([1, 2]);
		expect((await list('&videoId=AAAAAAAAAAA')).items).toEqual([]);
		expect((await list()).items.map(({ snippet }: any) => [snippet.resourceId.videoId, snippet.position])).toEqual([[id, 0], [id, 1]]);
	});

	it('go on from page to page, each with its place in the row', async () => {
		const { add, list } = await withVideo();
		for (let time = 0; time < 3; time += 1) await add(LIST);
		const first = await list('&maxResults=2');
		expect([first.items.length, first.prevPageToken]).toEqual([2, undefined]);
		const second = await list(`&maxResults=2&pageToken=${first.nextPageToken}`);
		expect(second.items.map(({ snippet }: any) => snippet.position)).toEqual([2]);
		expect(second.nextPageToken).toBeUndefined();
		expect((await list(`&maxResults=2&pageToken=${second.prevPageToken}`)).items).toEqual(first.items);
		expect((await list('&pageToken=nowhere')).error.errors[0].reason).toBe('invalidPageToken');
	});

	it('refuse in YouTube’s words', async () => {
		const { sandbox, add } = await withVideo();
		expect(reasonOf(await add('PLnowhere0000'))).toEqual([404, 'playlistNotFound']);
		expect(reasonOf(await add(ownPlaylist({ id: 'account-02' })))).toEqual([403, 'playlistItemsNotAccessible']);
		expect(reasonOf(await add(KEYS.youtube.accounts[0]!.channelId.replace('UC', 'UU')))).toEqual([400, 'playlistOperationUnsupported']);
		expect(reasonOf(await add(LIST, 'AAAAAAAAAAA'))).toEqual([404, 'videoNotFound']);
		expect(reasonOf(await add(''))).toEqual([400, 'playlistIdRequired']);
		expect(reasonOf(await add(LIST, 5))).toEqual([400, 'resourceIdRequired']);
		const other = await YouTubeClient.signIn(sandbox, 2);
		expect(reasonOf(await add(LIST, undefined, other))).toEqual([403, 'playlistItemsNotAccessible']);
	});
});

describeContracts('the sandbox keeps to the discovery document', ['google'], () => {
	it('when a video is added to a playlist, and when the playlist is read', async () => {
		const { add, list } = await withVideo();
		const document = discoveryDocument('youtube.v3.json');
		expect(answerErrors(document, 'POST', PATH, (await add(LIST)).body)).toEqual([]);
		expect(answerErrors(document, 'GET', PATH, await list())).toEqual([]);
	});
});
