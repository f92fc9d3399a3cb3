/** How to sign in to Cohere. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireCohereApi implements ICredentialType {
	name = 'ytempireCohereApi';

	displayName = 'YTEMPIRE Cohere API';

	icon: Icon = { light: 'file:ytempireCohere.svg', dark: 'file:ytempireCohere.dark.svg' };

	documentationUrl = 'https://docs.cohere.com/reference/about';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From dashboard.cohere.com under API Keys; a production key, as a trial key has 1,000 calls a month',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.cohere.com',
			description: 'Change it for a proxy or a server that speaks the same protocol',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 500,
			description: 'What the account may send; further requests wait for their turn',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/models' },
	};
}
