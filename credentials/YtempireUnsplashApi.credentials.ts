/** Sign-in to Unsplash, a library of free stock photos. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireUnsplashApi implements ICredentialType {
	name = 'ytempireUnsplashApi';

	displayName = 'YTEMPIRE Unsplash API';

	icon: Icon = { light: 'file:ytempireUnsplash.svg', dark: 'file:ytempireUnsplash.dark.svg' };

	documentationUrl = 'https://unsplash.com/documentation';

	properties: INodeProperties[] = [
		{
			displayName: 'Access Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From https://unsplash.com/oauth/applications; 50 requests an hour until Unsplash approves the application',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.unsplash.com',
			description: 'Another address when a proxy or a compatible server stands in for Unsplash',
		},
		{
			displayName: 'Requests per Hour',
			name: 'requestsPerHour',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 50,
			description: 'How many requests the account may send: 50 for a demo application, 1,000 or more for an approved one',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Client-ID {{$credentials.apiKey}}', 'Accept-Version': 'v1' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/search/photos',
			qs: { query: 'nature', per_page: 1 },
		},
	};
}
