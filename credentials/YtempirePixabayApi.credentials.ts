/** Sign-in to Pixabay, a library of free stock videos and photos. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempirePixabayApi implements ICredentialType {
	name = 'ytempirePixabayApi';

	displayName = 'YTEMPIRE Pixabay API';

	icon: Icon = { light: 'file:ytempirePixabay.svg', dark: 'file:ytempirePixabay.dark.svg' };

	documentationUrl = 'https://pixabay.com/api/docs/';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From https://pixabay.com/api/docs/ when signed in; 100 requests a minute are free',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://pixabay.com',
			description: 'Another address when a proxy or a compatible server stands in for Pixabay',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 100,
			description: 'How many requests the account may send; more only when Pixabay has raised its limit',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { qs: { key: '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/api/',
			qs: { q: 'nature', per_page: 3 },
		},
	};
}
