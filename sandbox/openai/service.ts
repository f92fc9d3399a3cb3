/** OpenAI's stand-in: models, chat completions and responses. */
import { KEYS } from '../keys';
import type { Service } from '../service';
import { errorBody } from './errors';

export const openai: Service = {
	name: 'openai',
	authenticate(request) {
		if (request.bearer() === KEYS.openai.apiKey) return undefined;
		return { status: 401, body: errorBody(401, 'invalid_api_key') };
	},
	errorBody,
	mount(router, context) {
		router.on('GET', '/v1/models', () => ({
			status: 200,
			body: { object: 'list', data: [], seed: context.seed },
		}));
	},
};
