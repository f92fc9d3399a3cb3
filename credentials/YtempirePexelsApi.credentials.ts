/** Sign-in to Pexels, the library of free stock footage. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempirePexelsApi implements ICredentialType {
	name = 'ytempirePexelsApi';

	displayName = 'YTEMPIRE Pexels API';

	icon: Icon = { light: 'file:ytempirePexels.svg', dark: 'file:ytempirePexels.dark.svg' };

	documentationUrl = 'https://www.pexels.com/api/documentation/';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From https://www.pexels.com/api/key/; 200 requests an hour are free',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.pexels.com',
			description: 'Another address when a proxy or a compatible server stands in for Pexels',
		},
		{
			displayName: 'Requests per Hour',
			name: 'requestsPerHour',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 200,
			description: 'How many requests the account may send; more only when Pexels has raised its limit',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v1/search',
			qs: { query: 'nature', per_page: 1 },
		},
	};
}
