/**
 * Which providers a node may ask, in which order: those whose credentials are chosen, the preferred one first.
 * Preferred is who the node's options name, else who the configuration in force names for the video's stage
 * (core/routing/configured.ts), else the node's first.
 */
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
import type { Arm } from '../../core/routing/configuration';
import { configuredArm } from '../../core/routing/configured';

import { storeOf } from './store';
import { textParameter } from './text';

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

/** None is required by itself; one must be chosen. */
export function credentialsOf(choices: ReadonlyArray<ProviderChoice<{ id: string }>>): INodeCredentialDescription[] {
	return choices.map(({ credential, name }) => ({ name: credential, displayName: name, required: false }));
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
 * Who the configuration names for this item's video; undefined without one, or when the node's options name a
 * provider or a model themselves: a person's choice comes first.
 */
export async function configuredFor(
	context: IExecuteFunctions,
	itemIndex: number,
	stage: string,
	options: IDataObject,
): Promise<Arm | undefined> {
	const isChosen = Object.keys(options).some((name) => (name === 'provider' || /model$/i.test(name)) && Boolean(options[name]));
	const videoId = textParameter(context, 'videoId', itemIndex);
	if (isChosen || !videoId) return undefined;
	return await configuredArm(await storeOf(context), videoId, stage);
}

/**
 * @param options the node's options: `provider` and `fallback`
 * @param modelOf the model that a provider is asked for
 * @param configured asked first, with its model, when its credential is chosen; see `configuredFor`
 * @throws YtempireError `invalid-request` when no credential is chosen
 */
export async function candidatesOf<P extends { id: string }>(
	context: Context,
	itemIndex: number,
	choices: ReadonlyArray<ProviderChoice<P>>,
	options: IDataObject,
	modelOf: (provider: P) => string,
	configured?: Arm,
): Promise<Array<Candidate<P>>> {
	const chosen = inOrder(context, choices, options, configured);
	return await Promise.all(
		chosen.map(async (choice) => {
			const credential = await context.getCredentials(choice.credential, itemIndex);
			const provider = choice.connect(credential);
			const text = (name: string) => (typeof credential[name] === 'string' ? credential[name] : '');
			return {
				provider,
				model: choice.id === configured?.provider ? configured.model : modelOf(provider),
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
	configured?: Arm,
): Array<ProviderChoice<P>> {
	const credentials = context.getNode().credentials ?? {};
	const there = choices.filter(({ credential }) => credentials[credential] !== undefined);
	const byConfiguration = there.find(({ id }) => id === configured?.provider);
	const first = preferred ? choices.find(({ id }) => id === preferred) : (byConfiguration ?? there[0]);
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
