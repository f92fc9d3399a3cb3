/** How to sign in to SendGrid, and who the mails come from. */
import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class YtempireSendGridApi implements ICredentialType {
	name = 'ytempireSendGridApi';

	displayName = 'YTEMPIRE SendGrid API';

	icon: Icon = { light: 'file:ytempireSendGrid.svg', dark: 'file:ytempireSendGrid.dark.svg' };

	documentationUrl = 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'A key with the Mail Send permission',
		},
		{
			displayName: 'From Email',
			name: 'fromEmail',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. videos@example.com',
			description: 'A sender that SendGrid has verified',
		},
		{
			displayName: 'From Name',
			name: 'fromName',
			type: 'string',
			default: 'YTEMPIRE',
		},
		{
			displayName: 'Operator Email',
			name: 'operatorEmail',
			type: 'string',
			default: '',
			placeholder: 'e.g. ana@example.com, ben@example.com',
			description: 'Who is told when a workflow fails or an account needs a person: mails of Send without an address go there',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'European Union', value: 'eu' },
				{ name: 'Global', value: 'global' },
			],
			default: 'global',
			description: 'European Union for a subuser whose mails are sent from there',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			placeholder: 'https://api.sendgrid.com',
			description: 'Only for a proxy: in place of the region’s own address',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				'={{$credentials.baseUrl || ($credentials.region === "eu" ? "https://api.eu.sendgrid.com" : "https://api.sendgrid.com")}}',
			url: '/v3/scopes',
		},
	};
}
