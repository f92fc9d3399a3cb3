/** What an upload is followed by: thumbnail, playlists, captions. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { afterSteps, hashOfSteps, type AfterInput } from '../../../core/youtube/after';
import type { YouTubePool } from '../../../core/pool/accounts';
import { readablePath } from '../../shared/files';

import { captionFields, captionsOf, type CaptionChoice } from './caption-fields';

export const afterOptions: INodeProperties[] = [
	{
		displayName: 'Captions',
		name: 'captions',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Caption Track',
		default: {},
		description: 'Tracks that viewers can switch on. Each costs 400 of the 10,000 units that a project has in a day.',
		options: [{ displayName: 'Caption Track', name: 'track', values: captionFields }],
	},
	{
		displayName: 'Playlists',
		name: 'playlists',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Playlist',
		default: {},
		description: 'Playlists that the video is added to, for 50 units each',
		options: [
			{
				displayName: 'Playlist',
				name: 'playlist',
				values: [
					{
						displayName: 'Playlist ID',
						name: 'playlistId',
						type: 'string',
						required: true,
						default: '',
						placeholder: 'e.g. PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf',
						description: 'What stands after "list=" in its address, or the address; several are separated by commas',
					},
					{
						displayName: 'Account or Channel ID',
						name: 'account',
						type: 'string',
						default: '',
						placeholder: 'e.g. account-03',
						description: 'Whose playlist it is: videos that another account uploads are not added. When empty, all are.',
					},
				],
			},
		],
	},
	{
		displayName: 'Thumbnail Path',
		name: 'thumbnail',
		type: 'string',
		default: "={{ $json.thumbnails?.[0]?.path ?? '' }}",
		placeholder: 'e.g. /data/thumbnails/volcanoes.jpg',
		description: 'A JPEG or PNG file',
	},
];

export interface AfterChoice {
	/** What a kept upload depends on; of the same files and texts it is the same. */
	identity: unknown;
	/** @throws YtempireError when something of it can't be read or would be rejected */
	input(): Promise<AfterInput>;
}

/** Reads the files now, and says what is wrong with them where the upload is. */
export async function afterChoice(
	context: IExecuteFunctions,
	itemIndex: number,
	pool: YouTubePool,
): Promise<AfterChoice> {
	const reading = read(context, itemIndex);
	const input = async () => await reading;
	try {
		return { identity: hashOfSteps(await afterSteps(await reading, pool)), input };
	} catch {
		return { identity: 'unreadable', input };
	}
}

/** As n8n hands the options over; what an expression did not find is null or undefined. */
interface AfterOptions {
	captions?: { track?: CaptionChoice[] };
	playlists?: { playlist?: Array<{ playlistId?: string; account?: string }> };
	thumbnail?: string;
}

async function read(context: IExecuteFunctions, itemIndex: number): Promise<AfterInput> {
	const { captions, playlists, thumbnail } = context.getNodeParameter('options', itemIndex, {}) as AfterOptions;
	const path = (thumbnail ?? '').trim();
	const texts = [];
	for (const track of captions?.track ?? []) texts.push(await captionsOf(context, itemIndex, track));
	return {
		thumbnail: path ? await readablePath(context, path) : undefined,
		playlists: (playlists?.playlist ?? []).map(({ playlistId, account }) => ({ playlist: playlistId ?? '', account: (account ?? '').trim() })),
		captions: texts,
	};
}
