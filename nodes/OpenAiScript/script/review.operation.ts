/** Script: Review: a script is judged by a rubric, by another model than the one that wrote it. */
import type { INodeProperties } from 'n8n-workflow';

import type { ScriptReview } from '../../../core/documents';
import { parsedJson, textAt } from '../../../core/providers/language/answer';
import { reviewerModel } from '../../../core/providers/language/models';
import { reviewScript } from '../../../core/providers/language/review';
import { readScript } from '../../../core/video/inputs';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { styleField } from '../../shared/style-field';
import { textParameter } from '../../shared/text';
import { chosenProviders } from '../connection';
import { modelOption, optionsField, scriptField } from '../fields';

const properties: INodeProperties[] = [
	videoIdField,
	scriptField,
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		default: '={{ $json.topic }}',
		placeholder: 'e.g. Why volcanoes erupt',
		description: 'What the script was asked to be about',
	},
	{ ...styleField, description: 'The tone that was asked for' },
	optionsField({
		...modelOption,
		description:
			'Who judges, of the preferred provider; it can\'t be the model that wrote. When empty, the best other one. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	}),
];

export const reviewScriptOperation: Operation = {
	name: 'Review',
	value: 'review',
	action: 'Review a script',
	description: 'Have a script judged by another model: a score from 0 to 1 with reasons; adds the field review',
	properties,
	async execute(context, itemIndex) {
		const given = context.getNodeParameter('script', itemIndex);
		const input = {
			script: readScript(given),
			topic: textParameter(context, 'topic', itemIndex),
			style: textParameter(context, 'style', itemIndex),
			writer: writerOf(given),
		};
		const { candidates, preferred } = await chosenProviders(context, itemIndex, (id) => reviewerModel(id, input.writer));
		const { result } = await runStageOf<ScriptReview>(context, itemIndex, {
			stage: 'review',
			beside: true,
			input: { ...input, ...preferred },
			work: async ({ calls }) => await reviewScript(input, { candidates, calls }),
		});
		return [stageItem(context, itemIndex, { review: result })];
	},
};

/** Generate writes the model beside the script's own fields. */
function writerOf(given: unknown): string {
	return textAt(typeof given === 'string' ? parsedJson(given) : given, 'model') ?? '';
}
