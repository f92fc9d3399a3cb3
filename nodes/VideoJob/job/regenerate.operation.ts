/** Job: Regenerate: sends a video back to the stage that failed it. */
import type { Blame } from '../../../core/documents';
import { MOST_ROUNDS, regenerateJob } from '../../../core/jobs/regenerate';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { readVideoId, videoIdField } from './fields';
import { jobItem } from './item';

export const regenerateJobOperation: Operation = {
	name: 'Regenerate',
	value: 'regenerate',
	action: 'Regenerate a video',
	description:
		'Have a video made again from the stage that failed it, with what was wrong as instruction; what was finished before that stage is kept and not paid again',
	properties: [
		videoIdField,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'From',
					name: 'parts',
					type: 'multiOptions',
					options: [
						{ name: 'Footage', value: 'footage', description: 'Other clips' },
						{ name: 'Mix', value: 'mix', description: 'Music 6 dB quieter' },
						{ name: 'Render', value: 'render', description: 'Every scene anew, by x264' },
						{ name: 'Script', value: 'script', description: 'Another one, told what was wrong' },
						{ name: 'Voice', value: 'voice', description: 'Another, steadier reading' },
					],
					default: [],
					description: 'What is to blame; when empty, what the kept quality check says. The first of them in the order of the work is made again, the later ones follow.',
				},
				{
					displayName: 'Instruction',
					name: 'instruction',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
					description: 'What was wrong; when empty, the reasons of the kept quality check',
				},
				{
					displayName: 'New Version of Published Videos',
					name: 'publishedToo',
					type: 'boolean',
					default: false,
					description:
						"Whether a published video is made once more, as a job of its own whose upload is private. YouTube can't replace a video's file; the first one is never touched. When off, it is left to a person.",
				},
				{
					displayName: 'Times at Most',
					name: 'most',
					type: 'number',
					typeOptions: { minValue: 0, numberPrecision: 0 },
					default: MOST_ROUNDS,
					description: 'How often a video is made again; after that it is left to a person',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const videoId = readVideoId(context, itemIndex);
		const options = context.getNodeParameter('options', itemIndex, {}) as {
			parts?: Blame[];
			instruction?: string;
			most?: number;
			publishedToo?: boolean;
		};
		const { job, outcome, why } = await regenerateJob(await storeOf(context), videoId, options, holderOf(context));
		return [{ json: { ...jobItem(job), regeneration: { outcome, why } } }];
	},
};
