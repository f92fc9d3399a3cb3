/** How to sign in to OpenAI, or to a server that speaks its protocol. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireOpenAiApi implements ICredentialType {
	name = 'ytempireOpenAiApi';

	displayName = 'YTEMPIRE OpenAI API';

	icon: Icon = { light: 'file:ytempireOpenAi.svg', dark: 'file:ytempireOpenAi.dark.svg' };

	documentationUrl = 'https://platform.openai.com/docs/api-reference/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From platform.openai.com under API Keys; it needs the permissions Models (read) and Chat Completions (write), for pictures also Images (write)',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.openai.com/v1',
			description: 'Change it for a proxy or a server that speaks the same protocol',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 10000,
			description: 'What the account may send; further requests wait for their turn',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/models' },
	};
}
