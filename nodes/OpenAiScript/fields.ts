/** Fields that several operations of this node share. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { modelOfTier, type LanguageProviderId, type LanguageTier } from '../../core/providers/language/models';
import { providerFields } from '../shared/candidates';
import { textParameter } from '../shared/text';

import { LANGUAGE_CHOICES } from './connection';

export const scriptField: INodeProperties = {
	displayName: 'Script',
	name: 'script',
	type: 'json',
	required: true,
	default: '={{ $json.script }}',
	description: 'Scenes with their narration and the language, as this node’s Generate gives them',
};

/** e.g. `gpt-6-luna, claude-haiku-5-5 or command-r7b-12-2024` */
function modelsOfTier(tier: LanguageTier): string {
	const models = LANGUAGE_CHOICES.map(({ id }) => modelOfTier(id, tier));
	return `${models.slice(0, -1).join(', ')} or ${models.at(-1) ?? ''}`;
}

export const tierField: INodeProperties = {
	displayName: 'Tier',
	name: 'tier',
	type: 'options',
	options: [
		{
			name: 'Economy',
			value: 'fallback',
			description: `Cheapest: ${modelsOfTier('fallback')}`,
		},
		{
			name: 'Premium',
			value: 'premium',
			description: `Best quality: ${modelsOfTier('premium')}`,
		},
		{
			name: 'Standard',
			value: 'standard',
			description: `Good quality at a fair price: ${modelsOfTier('standard')}`,
		},
	],
	default: 'standard',
	description: 'Which class of model writes, whichever provider is asked',
};

/** For the collection `options`. */
export const modelOption: INodeProperties = {
	displayName: 'Model Name or ID',
	name: 'model',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getModels', loadOptionsDependsOn: ['options.provider'] },
	default: '',
	description:
		'Of the preferred provider, in place of the tier\'s model; fallbacks keep theirs. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

/** The collection `options`: those given, and which providers are asked. */
export function optionsField(...own: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...own, ...providerFields(LANGUAGE_CHOICES)].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/** Each provider's model of the tier that is chosen. */
export function tierModels(context: IExecuteFunctions, itemIndex: number): (provider: LanguageProviderId) => string {
	const tier = textParameter(context, 'tier', itemIndex) as LanguageTier;
	return (provider) => modelOfTier(provider, tier);
}
