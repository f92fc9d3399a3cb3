/** What the node's lists offer. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { ListedModel } from '../../core/providers/language/language';
import { languageModel } from '../../core/providers/language/models';
import { retirementWarning } from '../../core/providers/models';
import { toNodeError } from '../shared/errors';

import { LANGUAGE_CHOICES } from './connection';

/** The models of the preferred provider's account that are known to write structured scripts. */
export async function getModels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	try {
		const preferred = this.getCurrentNodeParameter('options.provider');
		const choice = LANGUAGE_CHOICES.find(({ id }) => id === preferred) ?? LANGUAGE_CHOICES[0];
		const provider = choice.connect(await this.getCredentials(choice.credential));
		const models = await provider.listModels();
		return models
			.filter(({ id }) => languageModel(provider.id, id))
			.map((model) => ({ name: model.id, value: model.id, description: endOf(provider.id, model) }));
	} catch (error) {
		throw toNodeError(this.getNode(), error, 0);
	}
}

/** What the account's own list says goes before our table. */
function endOf(provider: string, { id, shutDown }: ListedModel): string {
	const known = languageModel(provider, id);
	return retirementWarning({ id, ...known, shut_down: shutDown ?? known?.shut_down }) ?? '';
}
