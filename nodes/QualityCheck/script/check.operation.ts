/** Script: Check: measures a script and says whether a voice is worth its price. */
import type { INodeProperties } from 'n8n-workflow';

import { getJob } from '../../../core/jobs/job';
import { LAST_SCRIPTS, lastScripts } from '../../../core/quality/likeness';
import { checkScript, type ScriptCheck } from '../../../core/quality/script-check';
import { SCRIPT_SCORE } from '../../../core/quality/script-table';
import { readReview, readScript } from '../../../core/video/inputs';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

const properties: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Script',
		name: 'script',
		type: 'json',
		required: true,
		default: '={{ $json.script }}',
		description: 'Title, language and scenes, as the node OpenAI Script gives them',
	},
	{
		displayName: 'Duration (Seconds)',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: '={{ $json.duration }}',
		description: 'The length that was asked for; 0 when none was',
	},
	{
		displayName: 'Review',
		name: 'review',
		type: 'json',
		default: "={{ $json.review ?? '' }}",
		description:
			"What another model says of the script, as the node OpenAI Script's operation Review gives it: then it counts too. When empty, only measures do.",
	},
	{
		displayName: 'Threshold',
		name: 'threshold',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
		default: SCRIPT_SCORE,
		description: 'Score from 0 to 1 from which the script passes. One with a forbidden claim, or like one of the channel, never passes.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Forbidden Claims',
				name: 'forbidden',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				placeholder: 'e.g. guaranteed returns',
				description: 'Words that must not be said, shown on screen, or stand in title, description or tags, one claim a line. They take the place of the list that comes with the package for the language.',
			},
			{
				displayName: 'Scripts to Compare With',
				name: 'lastScripts',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
				default: LAST_SCRIPTS,
				description:
					"The channel's last finished videos that it must not be like; jobs without a channel ID count as one channel",
			},
		],
	},
];

export const checkScriptOperation: Operation = {
	name: 'Check',
	value: 'check',
	action: 'Check a script',
	description:
		"Measure structure, hook, length, reading ease, repeated phrases, forbidden claims and likeness to the channel's last scripts; adds the field script_quality",
	properties,
	async execute(context, itemIndex) {
		const script = readScript(context.getNodeParameter('script', itemIndex));
		const durationS = Number(context.getNodeParameter('duration', itemIndex, 0)) || 0;
		const threshold = Number(context.getNodeParameter('threshold', itemIndex, SCRIPT_SCORE));
		const claims = textParameter(context, 'options.forbidden', itemIndex).split('\n').map((line) => line.trim()).filter(Boolean);
		const review = readReview(context.getNodeParameter('review', itemIndex, ''));
		const count = Number(context.getNodeParameter('options.lastScripts', itemIndex, LAST_SCRIPTS));
		const videoId = textParameter(context, 'videoId', itemIndex);
		const store = await storeOf(context);
		const job = videoId ? await getJob(store, videoId) : undefined;
		const earlier = await lastScripts(store, { channelId: job?.request.channel_id ?? '', videoId, count });
		const input = { script, durationS, threshold, earlier, ...(claims.length > 0 ? { forbidden: claims } : {}), ...(review ? { review } : {}) };
		const { result } = await runStageOf<ScriptCheck>(context, itemIndex, {
			stage: 'script_quality',
			beside: true,
			input,
			work: async () => await Promise.resolve(checkScript(input)),
		});
		return [stageItem(context, itemIndex, { script_quality: result })];
	},
};
