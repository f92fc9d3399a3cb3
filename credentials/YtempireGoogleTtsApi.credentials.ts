/** How to sign in to Google Cloud Text-to-Speech: by an API key, or as a service account. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireGoogleTtsApi implements ICredentialType {
	name = 'ytempireGoogleTtsApi';

	displayName = 'YTEMPIRE Google Cloud Text-to-Speech API';

	icon: Icon = { light: 'file:ytempireGoogleTts.svg', dark: 'file:ytempireGoogleTts.dark.svg' };

	documentationUrl = 'https://cloud.google.com/text-to-speech/docs/authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'From console.cloud.google.com under Credentials, in a project with the Cloud Text-to-Speech API on. The Test button tests it.',
		},
		{
			displayName: 'Service Account JSON',
			name: 'privateKeyJson',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'In place of the key: the whole text of the file that Google gives for a service account; it comes before the key',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://texttospeech.googleapis.com',
			description: 'Change it for a proxy, or for a region of your own',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1000,
			description: 'How many requests are sent to Google in a minute at most; whoever would be faster waits',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'x-goog-api-key': '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/voices', qs: { languageCode: 'en-US' } },
	};
}
