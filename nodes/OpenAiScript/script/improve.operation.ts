/** Script: Improve: a script is changed as someone's feedback wishes. */
import type { INodeProperties } from 'n8n-workflow';

import type { ScriptResult } from '../../../core/documents';
import { improveScript, LONGEST_FEEDBACK } from '../../../core/providers/language/improve';
import { readScript } from '../../../core/video/inputs';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { chosenProviders } from '../connection';
import { modelOption, optionsField, scriptField, tierField, tierModels } from '../fields';

const properties: INodeProperties[] = [
	videoIdField,
	scriptField,
	{
		displayName: 'Feedback',
		name: 'feedback',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '={{ $json.feedback }}',
		placeholder: 'e.g. The hook is dull; name one volcano in point 2',
		description: `What should be better, at most ${LONGEST_FEEDBACK} characters. It changes the script and nothing else; structure and length stay.`,
	},
	tierField,
	optionsField(modelOption),
];

export const improveScriptOperation: Operation = {
	name: 'Improve',
	value: 'improve',
	action: 'Improve a script',
	description: 'Change a script by feedback, in the same structure and length',
	properties,
	async execute(context, itemIndex) {
		const script = readScript(context.getNodeParameter('script', itemIndex));
		const feedback = textParameter(context, 'feedback', itemIndex);
		const { candidates, preferred } = await chosenProviders(context, itemIndex, tierModels(context, itemIndex), 'script');
		const { result } = await runStageOf<ScriptResult>(context, itemIndex, {
			stage: 'script',
			input: { script, feedback, ...preferred },
			work: async ({ calls }) => await improveScript({ script, feedback }, { candidates, calls }),
		});
		const { script: improved, ...about } = result;
		return [stageItem(context, itemIndex, { script: { ...improved, ...about } })];
	},
};
