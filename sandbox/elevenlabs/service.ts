/** ElevenLabs' stand-in: text to speech that can be understood, with the time of every character; voices, models, subscription. */
import { join } from 'node:path';

import { billedBy } from '../billed';
import { KEYS } from '../keys';
import type { SandboxRequest, Service } from '../service';
import { Studio } from '../speech/studio';
import { describeSubscription } from './account';
import { errorBody, refuse } from './errors';
import { describe as describeModel, SPEECH_MODELS } from './models';
import { textToSpeech } from './speech';
import { DEFAULT_SETTINGS, describe as describeVoice, voicesAt } from './voices';

const MAX_PAGE = 100;

export const elevenlabs: Service = {
	name: 'elevenlabs',

	authenticate(request) {
		const key = request.header('xi-api-key');
		if (key === KEYS.elevenlabs.apiKey) return undefined;
		const reason = key === undefined ? 'needs_authorization' : 'invalid_api_key';
		return { status: 401, body: errorBody(401, reason) };
	},

	errorBody,

	mount(router, context) {
		billedBy(context);
		const studio = new Studio(join(context.dataDir, 'speech'));
		const voices = () => voicesAt(context.clock.now());
		const known = ({ params }: SandboxRequest) => {
			const voice = voices().find(({ id }) => id === params.voice);
			if (!voice) throw refuse(404, 'voice_not_found', `A voice with the voice_id ${params.voice} was not found.`);
			return voice;
		};

		router.on('POST', '/v1/text-to-speech/:voice', textToSpeech(context, studio, false));
		router.on('POST', '/v1/text-to-speech/:voice/with-timestamps', textToSpeech(context, studio, true));

		router.on('GET', '/v1/voices', () => ({ status: 200, body: { voices: voices().map(describeVoice) } }));
		router.on('GET', '/v1/voices/:voice', (request) => ({ status: 200, body: describeVoice(known(request)) }));
		router.on('GET', '/v1/voices/:voice/settings', (request) => {
			known(request);
			return { status: 200, body: DEFAULT_SETTINGS };
		});
		router.on('GET', '/v2/voices', ({ query }) => {
			const search = (query.get('search') ?? '').toLowerCase();
			const category = query.get('category');
			const found = voices()
				.filter((voice) => JSON.stringify([voice.name, voice.labels]).toLowerCase().includes(search))
				.filter((voice) => category === null || voice.category === category);
			const size = Math.min(Math.max(1, Number(query.get('page_size') ?? 10) || 10), MAX_PAGE);
			const first = Number(query.get('next_page_token') ?? 0) || 0;
			const more = first + size < found.length;
			return {
				status: 200,
				body: {
					voices: found.slice(first, first + size).map(describeVoice),
					has_more: more,
					total_count: found.length,
					next_page_token: more ? String(first + size) : null,
				},
			};
		});

		router.on('GET', '/v1/models', () => ({ status: 200, body: SPEECH_MODELS.map(describeModel) }));
		router.on('GET', '/v1/user/subscription', () => ({ status: 200, body: describeSubscription(context) }));
	},
};
