/** The keys that the sandbox accepts. They open nothing but the sandbox. */

export const KEYS = {
	openai: { apiKey: 'sandbox-openai-key' },
	elevenlabs: { apiKey: 'sandbox-elevenlabs-key' },
	pexels: { apiKey: 'sandbox-pexels-key' },
	youtube: {
		clientId: 'sandbox-youtube-client.apps.googleusercontent.com',
		clientSecret: 'sandbox-youtube-secret',
		refreshToken: 'sandbox-youtube-refresh-token',
	},
	/** SendGrid's own client wants the prefix `SG.`. */
	sendgrid: { apiKey: 'SG.sandbox-sendgrid-key' },
	mixpanel: {
		projectId: '1000001',
		projectToken: 'sandbox-mixpanel-token',
		serviceAccount: { username: 'sandbox.service-account', secret: 'sandbox-mixpanel-secret' },
	},
} as const;
