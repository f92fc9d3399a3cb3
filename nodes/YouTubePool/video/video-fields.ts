/** Which video a call is about, whose it is, and with what it works. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { PoolDeps } from '../../../core/youtube/owner';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import { poolOf } from '../pool';

export const videoFields: INodeProperties[] = [
	{
		displayName: 'YouTube ID',
		name: 'youtubeId',
		type: 'string',
		required: true,
		default: '={{ $json.youtube_id }}',
		placeholder: 'e.g. dQw4w9WgXcQ',
		description: 'The 11 characters after "v=" in the address of the video',
	},
	{
		displayName: 'Account or Channel ID',
		name: 'account',
		type: 'string',
		default: "={{ $json.account_id || $json.channel_id || '' }}",
		placeholder: 'e.g. account-03',
		description:
			'Whose video it is. Needed only for videos that were not uploaded with this store, which knows its own.',
	},
];

export const againField: INodeProperties = {
	displayName: 'Send Again',
	name: 'sendAgain',
	type: 'boolean',
	default: false,
	description: 'Whether to send what this store has sent before, e.g. because it was changed in YouTube Studio since',
};

export function isAgain(context: IExecuteFunctions, itemIndex: number): boolean {
	return context.getNodeParameter(againField.name, itemIndex, false) === true;
}

export function readVideo(
	context: IExecuteFunctions,
	itemIndex: number,
): { youtubeId: string; asked: string } {
	return {
		youtubeId: textParameter(context, 'youtubeId', itemIndex),
		asked: textParameter(context, 'account', itemIndex),
	};
}

export async function poolDepsOf(context: IExecuteFunctions, itemIndex: number): Promise<PoolDeps> {
	const pool = await poolOf(context, itemIndex);
	return { store: await storeOf(context), pool, signal: context.getExecutionCancelSignal() };
}
