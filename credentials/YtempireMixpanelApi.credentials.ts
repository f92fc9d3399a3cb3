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
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.mixpanel.com',
			description:
				'For projects in the EU: https://api-eu.mixpanel.com; in India: https://api-in.mixpanel.com',
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
			baseURL: '={{$credentials.baseUrl}}',
			url: '/import',
			method: 'POST',
			qs: { strict: '1', project_id: '={{$credentials.projectId}}' },
			body: [],
		},
	};
}
