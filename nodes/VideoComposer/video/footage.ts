/** Footage for the video: from the libraries whose credentials are chosen, none twice in a channel, looked at when that is wanted. */
import { join } from 'node:path';

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { getJob } from '../../../core/jobs/job';
import { visionJudge } from '../../../core/providers/footage/judge';
import { Libraries, type FootageLibrary } from '../../../core/providers/footage/library';
import { LAST_VIDEOS } from '../../../core/providers/footage/uses';
import type { LanguageProvider } from '../../../core/providers/language/language';
import { modelOfTier } from '../../../core/providers/language/models';
import { createOpenAi } from '../../../core/providers/language/openai';
import type { CallContext } from '../../../core/routing/call';
import type { FfmpegTools } from '../../../core/video/ffmpeg';
import { candidatesOf, type ProviderChoice } from '../../shared/candidates';
import { cacheLimitOf, footageAccounts } from '../../shared/footage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

export const checkFields: INodeProperties[] = [
	{
		displayName: 'Check Footage',
		name: 'checkFootage',
		type: 'boolean',
		default: false,
		description:
			"Whether an OpenAI model looks at one frame of each clip before it is taken and refuses what doesn't fit its scene. At most 4 looks for a scene, paid from the job's budget; needs the OpenAI credential.",
	},
	{
		displayName: 'Check Model',
		name: 'checkModel',
		type: 'string',
		default: '',
		placeholder: `e.g. ${modelOfTier('openai', 'fallback')}`,
		description: "A model that takes pictures; when empty, OpenAI's cheapest tier",
	},
];

export const repetitionField: INodeProperties = {
	displayName: 'Videos Without Repetition',
	name: 'lastVideos',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
	default: LAST_VIDEOS,
	description:
		'Clips of so many last videos of the channel are not used again; jobs without a channel ID count as one channel. Needs a Video ID.',
};

export interface ChosenFootage {
	/** What the result depends on. */
	choice: { libraries: string[]; checked: string };
	/** @param avoided `provider:id` of what is not to be shown again */
	library(calls: CallContext, folder: string, avoided: readonly string[]): FootageLibrary;
}

const OPENAI: ProviderChoice<LanguageProvider> = {
	id: 'openai',
	name: 'OpenAI',
	credential: 'ytempireOpenAiApi',
	connect: ({ apiKey, baseUrl }) => createOpenAi({ apiKey: String(apiKey), baseUrl: String(baseUrl ?? '') }),
};

/**
 * Undefined without a library: then scenes show own media or a titled card.
 * @throws YtempireError `invalid-request` when clips are to be checked and no OpenAI credential is chosen
 */
export async function footageOf(
	context: IExecuteFunctions,
	itemIndex: number,
	tools: FfmpegTools,
): Promise<ChosenFootage | undefined> {
	const accounts = await footageAccounts(context, itemIndex);
	if (accounts.length === 0) return undefined;
	const store = await storeOf(context);
	const cacheLimitBytes = cacheLimitOf(context, itemIndex);
	const lastVideos = Number(context.getNodeParameter('options.lastVideos', itemIndex, LAST_VIDEOS));
	const videoId = textParameter(context, 'videoId', itemIndex);
	const channelId = videoId ? ((await getJob(store, videoId))?.request.channel_id ?? '') : '';
	const isChecked = context.getNodeParameter('options.checkFootage', itemIndex, false) === true;
	const model = textParameter(context, 'options.checkModel', itemIndex) || modelOfTier('openai', 'fallback');
	const candidates = isChecked ? await candidatesOf(context, itemIndex, [OPENAI], {}, () => model) : [];
	return {
		choice: { libraries: accounts.map(({ provider }) => provider.id), checked: isChecked ? model : '' },
		library: (calls, folder, avoided) =>
			new Libraries(accounts, {
				...{ store, tools, cacheLimitBytes },
				...(videoId ? { history: { store, videoId, channelId, lastVideos, avoided } } : {}),
				...(isChecked
					? {
							judge: visionJudge({
								...{ candidates, calls, tools },
								providers: accounts.map(({ provider }) => provider),
								folder: join(folder, 'looks'),
							}),
						}
					: {}),
			}),
	};
}
