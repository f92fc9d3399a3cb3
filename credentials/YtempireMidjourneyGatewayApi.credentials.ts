/** How to sign in to a self-hosted Midjourney gateway. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireMidjourneyGatewayApi implements ICredentialType {
	name = 'ytempireMidjourneyGatewayApi';

	displayName = 'YTEMPIRE Midjourney Gateway API';

	icon: Icon = { light: 'file:ytempireMidjourneyGateway.svg', dark: 'file:ytempireMidjourneyGateway.dark.svg' };

	documentationUrl = 'https://github.com/novicezk/midjourney-proxy';

	properties: INodeProperties[] = [
		{
			displayName:
				'Unofficial: Midjourney has no public API. Such a gateway, which you host yourself, drives a Discord account against Midjourney\'s terms; the account may be blocked. Nothing uses it unless you choose this credential.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. http://midjourney-proxy:8080',
			description: 'Address of your own gateway; it speaks the protocol of novicezk/midjourney-proxy',
		},
		{
			displayName: 'API Secret',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'What the gateway calls mj.api-secret; empty when it has none',
		},
		{
			displayName: 'Image Hosts',
			name: 'imageHosts',
			type: 'string',
			default: '',
			placeholder: 'e.g. images.example.com',
			description: "Hosts that pictures may be fetched from beside the gateway's own and Discord's, separated by commas",
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 60,
			description: 'How many requests are sent to the gateway in a minute at most; whoever would be faster waits',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'mj-api-secret': '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/mj/task/queue' },
	};
}
