/** Which providers a node may ask, in which order: those whose credentials are chosen, the preferred one first. */
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeCredentialDescription,
	INodeProperties,
} from 'n8n-workflow';

import { invalidRequest } from '../../core/errors';
import { accountName, defaultPerMinute, type Candidate } from '../../core/routing/candidate';

/** A provider as a node offers it. */
export interface ProviderChoice<P extends { id: string }> {
	/** e.g. `openai` */
	id: string;
	/** e.g. `OpenAI` */
	name: string;
	/** Type name of its credential. */
	credential: string;
	connect(credential: ICredentialDataDecryptedObject): P;
}

export function credentialsOf(choices: ReadonlyArray<ProviderChoice<{ id: string }>>): INodeCredentialDescription[] {
	return choices.map(({ credential, name }, index) => ({ name: credential, displayName: name, required: index === 0 }));
}

/** For the node's options. */
export function providerFields(choices: ReadonlyArray<ProviderChoice<{ id: string }>>): INodeProperties[] {
	return [
		{
			displayName: 'Fallback',
			name: 'fallback',
			type: 'boolean',
			default: true,
			description:
				'Whether to go on with the other providers whose credentials are chosen when the preferred one fails, refuses, is out of credit or is too dear for the budget',
		},
		{
			displayName: 'Preferred Provider',
			name: 'provider',
			type: 'options',
			options: choices.map(({ id, name }) => ({ name, value: id })),
			default: choices[0]?.id ?? '',
			description: 'Which provider is asked first',
		},
	];
}

type Context = IExecuteFunctions | ILoadOptionsFunctions;

/**
 * @param options the node's options: `provider` and `fallback`
 * @param modelOf the model that a provider is asked for
 * @throws YtempireError `invalid-request` when no credential is chosen
 */
export async function candidatesOf<P extends { id: string }>(
	context: Context,
	itemIndex: number,
	choices: ReadonlyArray<ProviderChoice<P>>,
	options: IDataObject,
	modelOf: (provider: P) => string,
): Promise<Array<Candidate<P>>> {
	const chosen = inOrder(context, choices, options);
	return await Promise.all(
		chosen.map(async (choice) => {
			const credential = await context.getCredentials(choice.credential, itemIndex);
			const provider = choice.connect(credential);
			const text = (name: string) => (typeof credential[name] === 'string' ? credential[name] : '');
			return {
				provider,
				model: modelOf(provider),
				account: accountName(choice.id, {
					baseUrl: text('baseUrl'),
					apiKey: text('privateKeyJson') || text('apiKey') || text('privateKey') || text('secret'),
				}),
				perMinute: Number(credential.requestsPerMinute) || defaultPerMinute(choice.id),
			};
		}),
	);
}

function inOrder<P extends { id: string }>(
	context: Context,
	choices: ReadonlyArray<ProviderChoice<P>>,
	{ provider: preferred, fallback }: IDataObject,
): Array<ProviderChoice<P>> {
	const credentials = context.getNode().credentials ?? {};
	const there = choices.filter(({ credential }) => credentials[credential] !== undefined);
	const first = preferred ? choices.find(({ id }) => id === preferred) : there[0];
	if (!first || !there.includes(first)) {
		const names = first ? first.name : choices.map(({ name }) => name).join(', ');
		throw invalidRequest(`No credential is chosen for ${names}`, {
			reason: 'no-credential',
			cure: first
				? `Choose a credential for ${first.name} in the node, or another preferred provider.`
				: 'Choose a credential of at least one provider in the node.',
		});
	}
	return fallback === false ? [first] : [first, ...there.filter((choice) => choice !== first)];
}
