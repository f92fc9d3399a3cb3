/** Azure Speech's stand-in: SSML is read as strictly as there, and becomes speech that can be understood. */
import { join } from 'node:path';

import { billedBy } from '../billed';
import { KEYS } from '../keys';
import type { Service } from '../service';
import { Studio } from '../speech/studio';
import { errorBody } from './errors';
import { speech } from './speech';
import { describe, VOICES } from './voices';

export const azureSpeech: Service = {
	name: 'azure-speech',

	authenticate(request) {
		if (request.header('ocp-apim-subscription-key') === KEYS.azureSpeech.apiKey) return undefined;
		return { status: 401, body: errorBody(401) };
	},

	errorBody,

	mount(router, context) {
		billedBy(context);
		router.on('POST', '/cognitiveservices/v1', speech(context, new Studio(join(context.dataDir, 'speech'))));
		router.on('GET', '/cognitiveservices/voices/list', () => ({ status: 200, body: VOICES.map(describe) }));
	},
};
