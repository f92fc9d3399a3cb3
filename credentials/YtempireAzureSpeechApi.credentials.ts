/** How to sign in to Azure Speech. */
import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

export class YtempireAzureSpeechApi implements ICredentialType {
	name = 'ytempireAzureSpeechApi';

	displayName = 'YTEMPIRE Azure Speech API';

	icon: Icon = { light: 'file:ytempireAzureSpeech.svg', dark: 'file:ytempireAzureSpeech.dark.svg' };

	documentationUrl = 'https://learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From portal.azure.com: the Speech resource under Keys and Endpoint',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://eastus.tts.speech.microsoft.com',
			description: 'Its first word is the region of the Speech resource',
		},
		{
			displayName: 'Requests per Minute',
			name: 'requestsPerMinute',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 1000,
			description: 'How many requests are sent to Azure in a minute at most; whoever would be faster waits',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { 'Ocp-Apim-Subscription-Key': '={{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/cognitiveservices/voices/list' },
	};
}
