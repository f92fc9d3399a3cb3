/** How to sign in to ElevenLabs. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireElevenLabsApi implements ICredentialType {
	name = 'ytempireElevenLabsApi';

	displayName = 'YTEMPIRE ElevenLabs API';

	icon: Icon = { light: 'file:ytempireElevenLabs.svg', dark: 'file:ytempireElevenLabs.dark.svg' };

	documentationUrl = 'https://elevenlabs.io/docs/api-reference/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From elevenlabs.io under API Keys; it needs the permissions Text to Speech, Voices (read) and Models (read)',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.elevenlabs.io',
			description: 'Change it for a proxy, or for a region of your own',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 100,
			description: 'How many requests are sent to ElevenLabs in a minute at most; whoever would be faster waits',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'xi-api-key': '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v2/voices', qs: { page_size: 1 } },
	};
}
