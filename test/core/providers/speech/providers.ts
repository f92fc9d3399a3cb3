/** What the conformance suite must know of each speech provider: where it stands in the sandbox, and its words for each failure. */
import type { ErrorClass } from '../../../../core/errors';
import type { SpeechProviderId } from '../../../../core/providers/speech/models';
import type { SpeechConnection } from '../../../../core/providers/speech/speech';
import type { FaultSetting } from '../../../../sandbox/faults';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox, ServiceName } from '../../../../sandbox/server';

type Failure = Pick<FaultSetting, 'body' | 'headers' | 'reason' | 'status'>;

export interface Kit {
	service: ServiceName;
	connection(sandbox: Sandbox): SpeechConnection;
	/** Of an English voice. */
	voiceId: string;
	failures: Array<[says: string, failure: Failure, errorClass: ErrorClass]>;
	/** Answers with status 200 that hold no sound. */
	odd: unknown[];
	/** Says itself when words are heard. */
	times: boolean;
}

const google = (status: number, word: string, message: string, details: object[] = []): Failure => ({
	status,
	body: { error: { code: status, message, status: word, details } },
});

const page: Failure = { status: 502, body: '<html>Bad gateway: quota voice ssml</html>' };

export const KITS: Record<SpeechProviderId, Kit> = {
	elevenlabs: {
		service: 'elevenlabs',
		connection: ({ services }) => ({ ...KEYS.elevenlabs, baseUrl: services.elevenlabs.url }),
		voiceId: 'sandboxVoiceLeo00004',
		failures: [
			['invalid_api_key', { status: 401, reason: 'invalid_api_key' }, 'auth'],
			['quota_exceeded', { status: 401, reason: 'quota_exceeded' }, 'quota-exhausted'],
			['content_against_policy', { status: 400, reason: 'content_against_policy' }, 'refused'],
			['voice_not_found', { status: 404, reason: 'voice_not_found' }, 'invalid-request'],
			['max_character_limit_exceeded', { status: 400, reason: 'max_character_limit_exceeded' }, 'invalid-request'],
			['too_many_concurrent_requests', { status: 429, headers: { 'retry-after': '7' } }, 'rate-limited'],
			['an internal error', { status: 500 }, 'unavailable'],
			['a gateway page', page, 'unavailable'],
		],
		odd: [{}, { audio_base64: '' }, []],
		times: true,
	},
	'azure-speech': {
		service: 'azure-speech',
		connection: ({ services }) => ({ ...KEYS.azureSpeech, baseUrl: services['azure-speech'].url }),
		voiceId: 'en-US-JennyNeural',
		failures: [
			['a wrong key', { status: 401 }, 'auth'],
			['a bare 401', { status: 401, body: '' }, 'auth'],
			['network rules', { status: 403, reason: 'network-rules' }, 'auth'],
			['no quota left', { status: 403, reason: 'out-of-quota' }, 'quota-exhausted'],
			['no quota left by 429', { status: 429, body: Buffer.from('Quota exceeded for this resource.') }, 'quota-exhausted'],
			['filtered content', { status: 400, reason: 'content-filtered' }, 'refused'],
			['an unsupported voice', { status: 400, reason: 'unsupported-voice' }, 'invalid-request'],
			['bad SSML', { status: 400, reason: 'bad-ssml' }, 'invalid-request'],
			['bad SSML by 500', { status: 500, body: Buffer.from('Node [speak] with type [RootSpeak] should not contain node [prosody]') }, 'invalid-request'],
			['a bare 400', { status: 400, body: '' }, 'invalid-request'],
			['throttling', { status: 429 }, 'rate-limited'],
			['a bare 429', { status: 429, body: '', headers: { 'retry-after': '7' } }, 'rate-limited'],
			['a busy service', { status: 503 }, 'unavailable'],
			['a bare 500', { status: 500, body: '' }, 'unavailable'],
			['a gateway page', page, 'unavailable'],
		],
		odd: [{}, Buffer.alloc(0), Buffer.from('no sound type')],
		times: false,
	},
	'google-tts': {
		service: 'google-tts',
		connection: ({ services }) => ({ ...KEYS.googleTts, baseUrl: services['google-tts'].url }),
		voiceId: 'en-US-Neural2-F',
		failures: [
			['a wrong key', { status: 400, reason: 'API_KEY_INVALID' }, 'auth'],
			['an old token', { status: 401, reason: 'ACCESS_TOKEN_EXPIRED' }, 'auth'],
			['a service that is off', { status: 403, reason: 'SERVICE_DISABLED' }, 'auth'],
			['a project without billing', { status: 403, reason: 'BILLING_DISABLED' }, 'auth'],
			['the limit of the day', { status: 429, reason: 'DAILY_LIMIT_EXCEEDED' }, 'quota-exhausted'],
			['the limit of the minute', { status: 429, reason: 'RATE_LIMIT_EXCEEDED' }, 'rate-limited'],
			['a full service', google(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).', [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }]), 'rate-limited'],
			['content that is refused', { status: 400, reason: 'SAFETY' }, 'refused'],
			['a wrong argument', google(400, 'INVALID_ARGUMENT', 'This request contains sentences that are too long.'), 'invalid-request'],
			['something that is not there', google(404, 'NOT_FOUND', 'Requested entity was not found.'), 'invalid-request'],
			['an internal error', { status: 500 }, 'unavailable'],
			['a deadline', { status: 504 }, 'unavailable'],
			['a gateway page', page, 'unavailable'],
		],
		odd: [{}, { audioContent: '' }, { audioContent: 5 }, []],
		times: true,
	},
};
