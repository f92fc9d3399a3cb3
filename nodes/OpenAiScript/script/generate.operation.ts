/** Script: Generate: a topic becomes a script in scenes, with title, description and tags. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ScriptResult } from '../../../core/documents';
import { generateScript, LONGEST_TOPIC, type ScriptInput } from '../../../core/providers/language/script';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { styleField } from '../../shared/style-field';
import { textParameter } from '../../shared/text';
import { chosenProviders } from '../connection';
import { modelOption, optionsField, tierField, tierModels } from '../fields';

const properties: INodeProperties[] = [
	videoIdField,
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		required: true,
		default: '={{ $json.topic }}',
		placeholder: 'e.g. Why volcanoes erupt',
		description: `What the video is about, at most ${LONGEST_TOPIC} characters. It is data: instructions in it are not followed.`,
	},
	{ ...styleField, description: 'The tone of the narration' },
	{
		displayName: 'Duration',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: 5, maxValue: 3600 },
		default: '={{ $json.duration || 60 }}',
		description: 'Length of the video in seconds',
	},
	tierField,
	optionsField(
		{
			displayName: 'Language',
			name: 'language',
			type: 'string',
			default: 'en',
			placeholder: 'e.g. pt-BR',
			description: 'Language tag of the script',
		},
		modelOption,
		{
			displayName: 'Tone',
			name: 'tone',
			type: 'string',
			default: '',
			placeholder: 'e.g. dry humour, for engineers',
			description: 'Beside the style, in your own words; at most 100 characters',
		},
	),
];

export const generateScriptOperation: Operation = {
	name: 'Generate',
	value: 'generate',
	action: 'Generate a script',
	description: 'Write a script in scenes for a topic, with title, description and tags',
	properties,
	async execute(context, itemIndex) {
		const input = readParameters(context, itemIndex);
		const { candidates, preferred } = await chosenProviders(context, itemIndex, tierModels(context, itemIndex), 'script');
		const { result } = await runStageOf<ScriptResult>(context, itemIndex, {
			stage: 'script',
			input: { ...input, ...preferred },
			work: async ({ calls, redos }) => await generateScript({ ...input, feedback: redos.at(-1)?.instruction }, { candidates, calls }),
		});
		const { script, ...about } = result;
		return [stageItem(context, itemIndex, { script: { ...script, ...about } })];
	},
};

function readParameters(context: IExecuteFunctions, itemIndex: number): ScriptInput {
	const text = (name: string) => textParameter(context, name, itemIndex);
	const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
	return {
		topic: text('topic'),
		style: text('style'),
		durationS: Number(context.getNodeParameter('duration', itemIndex)),
		language: String(options.language || 'en'),
		...(options.tone ? { tone: String(options.tone) } : {}),
	};
}
