/** What the node's lists offer: the account's own voices and models. */
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { SpeechProvider } from '../../core/providers/speech/speech';
import type { Candidate } from '../../core/routing/candidate';
import { toNodeError } from '../shared/errors';

import { providerOf, speechCandidates } from './connection';

export async function getVoices(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const voices = await ask(this, async (provider) => await provider.listVoices());
	return [
		{ name: 'Choose by Style and Language', value: '' },
		...voices.map(({ id, name, labels, category }) => ({
			name,
			value: id,
			description: [...Object.values(labels), category].filter(Boolean).join(', '),
		})),
	];
}

export async function getModels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const models = await ask(this, async (provider) => await provider.listModels());
	return models.map(({ id, name, maxCharacters }) => ({
		name,
		value: id,
		description: maxCharacters ? `At most ${maxCharacters} characters a request` : '',
	}));
}

async function ask<T>(
	context: ILoadOptionsFunctions,
	question: (provider: SpeechProvider) => Promise<T>,
): Promise<T> {
	try {
		return await question(await chosen(context));
	} catch (error) {
		throw toNodeError(context.getNode(), error, 0);
	}
}

/** Of the operations on voices the provider that is chosen there; else who speaks first. */
async function chosen(context: ILoadOptionsFunctions): Promise<SpeechProvider> {
	const id = context.getCurrentNodeParameter('provider');
	if (typeof id === 'string' && id !== '') return await providerOf(context, id);
	const options = context.getCurrentNodeParameter('options');
	const preferred = typeof options === 'object' && options !== null ? (options as IDataObject).provider : undefined;
	const [first] = await speechCandidates(context, 0, { provider: preferred, fallback: false });
	return (first as Candidate<SpeechProvider>).provider;
}
