/** What the node's lists offer. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { languageModel } from '../../core/providers/language/models';
import { toNodeError } from '../shared/errors';

import { openAiOf } from './connection';

/** The account's models that are known to write structured scripts. */
export async function getModels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	try {
		const provider = await openAiOf(this);
		const models = await provider.listModels();
		return models
			.filter((id) => languageModel(provider.id, id))
			.map((id) => ({ name: id, value: id, description: endOf(provider.id, id) }));
	} catch (error) {
		throw toNodeError(this.getNode(), error, 0);
	}
}

function endOf(provider: string, id: string): string {
	const { shut_down: end, replacement } = languageModel(provider, id) ?? {};
	return end ? `Will be switched off on ${end}; use ${replacement}` : '';
}
