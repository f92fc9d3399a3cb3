/** What the node's lists offer: the account's own voices and models. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { SpeechProvider } from '../../core/providers/speech/speech';
import { toNodeError } from '../shared/errors';

import { elevenLabsOf, providerOf } from './connection';

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

/** Of the operations on voices the provider that is chosen there; else who speaks. */
async function chosen(context: ILoadOptionsFunctions): Promise<SpeechProvider> {
	const id = context.getCurrentNodeParameter('provider');
	return typeof id === 'string' && id !== '' ? await providerOf(context, id) : await elevenLabsOf(context);
}
