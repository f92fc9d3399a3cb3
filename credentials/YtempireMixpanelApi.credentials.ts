/** How to sign in to Mixpanel: a service account of one project. */
import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class YtempireMixpanelApi implements ICredentialType {
	name = 'ytempireMixpanelApi';

	displayName = 'YTEMPIRE Mixpanel API';

	icon: Icon = { light: 'file:ytempireMixpanel.svg', dark: 'file:ytempireMixpanel.dark.svg' };

	documentationUrl = 'https://developer.mixpanel.com/reference/service-accounts';

	properties: INodeProperties[] = [
		{
			displayName: 'Project ID',
			name: 'projectId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 1234567',
			description: 'In Mixpanel under Settings, Project Settings',
		},
		{
			displayName: 'Service Account Username',
			name: 'username',
			type: 'string',
			required: true,
			default: '',
			description: 'Of a service account with the role Admin or Owner in the project',
		},
		{
			displayName: 'Service Account Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
		},
		{
			displayName: 'Project Token',
			name: 'projectToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Only for Track Revenue, which adds to profiles. In Mixpanel under Settings, Project Settings.',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'European Union', value: 'eu' },
				{ name: 'India', value: 'in' },
				{ name: 'United States', value: 'us' },
			],
			default: 'us',
			description: 'Where the project keeps its data: what is sent to another region is not in it',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'https://api.mixpanel.com',
			description: 'Only for a proxy: in place of the region’s own address',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			auth: { username: '={{$credentials.username}}', password: '={{$credentials.secret}}' },
		},
	};

	/** An empty import: signs in, counts nothing. */
	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{$credentials.baseUrl || ($credentials.region === "eu" ? "https://api-eu.mixpanel.com" : $credentials.region === "in" ? "https://api-in.mixpanel.com" : "https://api.mixpanel.com")}}',
			url: '/import',
			method: 'POST',
			qs: { strict: '1', project_id: '={{$credentials.projectId}}' },
			body: [],
		},
	};
}
