/** The image providers as the node offers them, and from its credentials to those that are asked. */
import type { IDataObject, IExecuteFunctions, INodeCredentialDescription } from 'n8n-workflow';

import { IMAGE_PROVIDERS } from '../../core/providers/image';
import type { ImageProvider } from '../../core/providers/image/image';
import type { Candidate } from '../../core/routing/candidate';
import type { Arm } from '../../core/routing/configuration';
import { candidatesOf, credentialsOf, type ProviderChoice } from '../shared/candidates';

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/** In the order in which they are asked. */
export const IMAGE_CHOICES: Array<ProviderChoice<ImageProvider>> = [
	{
		id: 'stability',
		name: 'Stability',
		credential: 'ytempireStabilityApi',
		connect: ({ apiKey, baseUrl }) => IMAGE_PROVIDERS.stability({ apiKey: text(apiKey), baseUrl: text(baseUrl) }),
	},
	{
		id: 'openai',
		name: 'OpenAI',
		credential: 'ytempireOpenAiApi',
		connect: ({ apiKey, baseUrl }) => IMAGE_PROVIDERS.openai({ apiKey: text(apiKey), baseUrl: text(baseUrl) }),
	},
	{
		id: 'midjourney',
		name: 'Midjourney Gateway (Unofficial)',
		credential: 'ytempireMidjourneyGatewayApi',
		connect: ({ apiKey, baseUrl, imageHosts }) =>
			IMAGE_PROVIDERS.midjourney({
				apiKey: text(apiKey),
				baseUrl: text(baseUrl),
				imageHosts: text(imageHosts).toLowerCase().split(/[\s,]+/).filter(Boolean),
			}),
	},
];

export const imageCredentials: INodeCredentialDescription[] = credentialsOf(IMAGE_CHOICES);

/**
 * Those that may paint, in the order of asking.
 * @param options the node's options: `provider`, `fallback`, and a model as `stabilityModel`, `openaiModel`
 * @param configured whom the configuration names
 * @throws YtempireError `invalid-request` when no credential is chosen
 */
export async function imageCandidates(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	configured?: Arm,
): Promise<Array<Candidate<ImageProvider>>> {
	const model = ({ id, defaultModel }: ImageProvider) => text(options[`${id}Model`]) || defaultModel;
	return await candidatesOf(context, itemIndex, IMAGE_CHOICES, options, model, configured);
}
