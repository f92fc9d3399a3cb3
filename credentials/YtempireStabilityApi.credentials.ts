/** How to sign in to Stability AI. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireStabilityApi implements ICredentialType {
	name = 'ytempireStabilityApi';

	displayName = 'YTEMPIRE Stability API';

	icon: Icon = { light: 'file:ytempireStability.svg', dark: 'file:ytempireStability.dark.svg' };

	documentationUrl = 'https://platform.stability.ai/docs/getting-started/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From platform.stability.ai under API Keys',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.stability.ai',
			description: 'Change it for a proxy or a server that speaks the same protocol',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 900,
			description: 'How many requests are sent to Stability in a minute at most; whoever would be faster waits',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/user/balance' },
	};
}
