/** The credentials of a demo or a test: every key is the sandbox's, every address on this machine. */
import type { PostgresPlace } from '../core/store/place';
import { KEYS } from '../sandbox/keys';

import type { N8nCredential } from './provision';

/** Who the demo's and the tests' workflows tell of trouble. */
export const OPERATOR = 'operator@ytempire.example';

/** Address of each service of the sandbox. */
export type ServiceUrls = Record<string, string>;

export function sandboxCredentials(
	services: ServiceUrls,
	webhookKey: { name: string; value: string },
): N8nCredential[] {
	return [
		credential('webhook', 'Webhook Key', 'httpHeaderAuth', webhookKey),
		// for people in a browser, which asks for a name and a password
		credential('dashboard', 'Dashboard', 'httpBasicAuth', { user: 'ytempire', password: webhookKey.value }),
		credential('openai', 'OpenAI', 'ytempireOpenAiApi', {
			...KEYS.openai,
			baseUrl: `${services.openai}/v1`,
		}),
		credential('anthropic', 'Anthropic', 'ytempireAnthropicApi', {
			...KEYS.anthropic,
			baseUrl: services.anthropic,
		}),
		credential('cohere', 'Cohere', 'ytempireCohereApi', { ...KEYS.cohere, baseUrl: services.cohere }),
		credential('elevenlabs', 'ElevenLabs', 'ytempireElevenLabsApi', {
			...KEYS.elevenlabs,
			baseUrl: services.elevenlabs,
		}),
		credential('stability', 'Stability', 'ytempireStabilityApi', { ...KEYS.stability, baseUrl: services.stability }),
		credential('midjourney', 'Midjourney Gateway', 'ytempireMidjourneyGatewayApi', {
			...KEYS.midjourney,
			baseUrl: services.midjourney,
		}),
		credential('azure-speech', 'Azure Speech', 'ytempireAzureSpeechApi', {
			...KEYS.azureSpeech,
			baseUrl: services['azure-speech'],
		}),
		credential('google-tts', 'Google Cloud Text-to-Speech', 'ytempireGoogleTtsApi', {
			...KEYS.googleTts,
			baseUrl: services['google-tts'],
		}),
		credential('pexels', 'Pexels', 'ytempirePexelsApi', { ...KEYS.pexels, baseUrl: services.pexels }),
		credential('pixabay', 'Pixabay', 'ytempirePixabayApi', { ...KEYS.pixabay, baseUrl: services.pixabay }),
		credential('unsplash', 'Unsplash', 'ytempireUnsplashApi', { ...KEYS.unsplash, baseUrl: services.unsplash }),
		credential('youtube', 'YouTube Pool', 'ytempireYouTubePoolApi', {
			baseUrl: services.youtube,
			oauthTokenUrl: `${services.youtube}/token`,
			analyticsBaseUrl: services.youtube,
			accounts: {
				account: KEYS.youtube.accounts.map(({ id, channelId, refreshToken }, index) => ({
					accountId: id,
					email: `${id}@ytempire.example`,
					role: index < 10 ? 'active' : 'reserve',
					clientId: KEYS.youtube.clientId,
					clientSecret: KEYS.youtube.clientSecret,
					refreshToken,
					channelId,
				})),
			},
		}),
		credential('sendgrid', 'SendGrid', 'ytempireSendGridApi', {
			...KEYS.sendgrid,
			fromEmail: 'videos@ytempire.example',
			fromName: 'YTEMPIRE',
			operatorEmail: OPERATOR,
			baseUrl: services.sendgrid,
		}),
		credential('stripe', 'Stripe', 'ytempireStripeApi', {
			secretKey: KEYS.stripe.secretKey,
			baseUrl: services.stripe,
		}),
		credential('mixpanel', 'Mixpanel', 'ytempireMixpanelApi', {
			projectId: KEYS.mixpanel.projectId,
			username: KEYS.mixpanel.serviceAccount.username,
			secret: KEYS.mixpanel.serviceAccount.secret,
			projectToken: KEYS.mixpanel.projectToken,
			baseUrl: services.mixpanel,
		}),
	];
}

/** For a store in PostgreSQL; without it the store is a file in n8n's folder. */
export function storeCredential(place: PostgresPlace): N8nCredential {
	return credential('store', 'Store', 'ytempireStoreApi', { type: 'postgres', ...place });
}

function credential(id: string, name: string, type: string, data: object): N8nCredential {
	return { id: `ytempire-${id}`, name, type, data: { ...data } };
}
