/** Fields that several operations of this node share. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { modelOfTier, type LanguageTier } from '../../core/providers/language/models';
import { textParameter } from '../shared/text';

export const scriptField: INodeProperties = {
	displayName: 'Script',
	name: 'script',
	type: 'json',
	required: true,
	default: '={{ $json.script }}',
	description: 'Scenes with their narration and the language, as this node’s Generate gives them',
};

export const tierField: INodeProperties = {
	displayName: 'Tier',
	name: 'tier',
	type: 'options',
	options: [
		{
			name: 'Economy',
			value: 'fallback',
			description: `Cheapest: ${modelOfTier('openai', 'fallback')}`,
		},
		{
			name: 'Premium',
			value: 'premium',
			description: `Best quality: ${modelOfTier('openai', 'premium')}`,
		},
		{
			name: 'Standard',
			value: 'standard',
			description: `Good quality at a fair price: ${modelOfTier('openai', 'standard')}`,
		},
	],
	default: 'standard',
	description: 'Which class of model writes',
};

/** For the collection `options`. */
export const modelOption: INodeProperties = {
	displayName: 'Model Name or ID',
	name: 'model',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getModels' },
	default: '',
	description:
		'In place of the tier\'s model. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

export const modelOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [modelOption],
};

/** The model that is named, or empty. */
export function namedModel(context: IExecuteFunctions, itemIndex: number): string {
	const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
	return typeof options.model === 'string' ? options.model : '';
}

/** The model that is named, or that of the tier. */
export function chosenModel(context: IExecuteFunctions, itemIndex: number): string {
	return (
		namedModel(context, itemIndex) || modelOfTier('openai', textParameter(context, 'tier', itemIndex) as LanguageTier)
	);
}
