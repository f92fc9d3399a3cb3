/** Google Cloud Text-to-Speech's stand-in: speech that can be understood, with the times of SSML marks. */
import { join } from 'node:path';

import { billedBy } from '../billed';
import type { Service } from '../service';
import { Studio } from '../speech/studio';
import { authenticate, token } from './account';
import { errorBody } from './errors';
import { synthesize } from './speech';
import { describe, GEMINI_VOICES, VOICES } from './voices';

export const googleTts: Service = {
	name: 'google-tts',
	authenticate,
	errorBody,

	mount(router, context) {
		billedBy(context);
		const studio = new Studio(join(context.dataDir, 'speech'));
		router.on('POST', '/token', token(context), { open: true });
		for (const version of ['v1', 'v1beta1']) {
			// in the router's words a double colon is a colon
			router.on('POST', `/${version}/text::synthesize`, synthesize(context, studio, version === 'v1beta1'));
			router.on('GET', `/${version}/voices`, ({ query }) => {
				const wanted = (query.get('languageCode') ?? '').toLowerCase();
				const voices = VOICES.filter(({ locale }) => locale.toLowerCase().startsWith(wanted));
				const gemini = 'en-us'.startsWith(wanted) ? GEMINI_VOICES : [];
				return { status: 200, body: { voices: [...gemini, ...voices.map(describe)] } };
			});
		}
	},
};
