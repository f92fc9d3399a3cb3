/** The keys that the sandbox accepts. They open nothing but the sandbox. */

export const KEYS = {
	openai: { apiKey: 'sandbox-openai-key' },
	anthropic: { apiKey: 'sandbox-anthropic-key' },
	cohere: { apiKey: 'sandbox-cohere-key' },
	elevenlabs: { apiKey: 'sandbox-elevenlabs-key' },
	azureSpeech: { apiKey: 'sandbox-azure-speech-key' },
	googleTts: { apiKey: 'sandbox-google-tts-key' },
	stability: { apiKey: 'sandbox-stability-key' },
	midjourney: { apiKey: 'sandbox-midjourney-secret' },
	pexels: { apiKey: 'sandbox-pexels-key' },
	pixabay: { apiKey: 'sandbox-pixabay-key' },
	unsplash: { apiKey: 'sandbox-unsplash-key' },
	/** Fifteen accounts of one Google project. */
	youtube: {
		clientId: 'sandbox-client.apps.googleusercontent.com',
		clientSecret: 'sandbox-secret',
		accounts: Array.from({ length: 15 }, (_, index) => {
			const number = String(index + 1).padStart(2, '0');
			return {
				id: `account-${number}`,
				channelId: `UCsandboxchannel000000${number}`,
				refreshToken: `sandbox-refresh-${number}`,
			};
		}),
	},
	/** SendGrid's own client wants the prefix `SG.`. */
	sendgrid: { apiKey: 'SG.sandbox-sendgrid-key' },
	/** Of the same account: what one mode's key makes, the other's does not see. */
	stripe: { secretKey: 'sk_test_sandbox-stripe-key', liveSecretKey: 'sk_live_sandbox-stripe-key' },
	mixpanel: {
		projectId: '1000001',
		projectToken: 'sandbox-mixpanel-token',
		serviceAccount: { username: 'sandbox.service-account', secret: 'sandbox-mixpanel-secret' },
	},
} as const;
