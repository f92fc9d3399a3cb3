/** Cohere's stand-in: models and chat. */
import { randomUUID } from 'node:crypto';

import { KEYS } from '../keys';
import { RefusedRequest, type Service } from '../service';

import { chat } from './chat';
import { errorBody } from './errors';
import { describe, MODELS } from './models';

export const cohere: Service = {
	name: 'cohere',

	authenticate(request) {
		const key = request.bearer();
		if (key === KEYS.cohere.apiKey) return undefined;
		return { status: 401, body: errorBody(401, 'invalid_api_token', key === undefined ? 'no api key supplied' : undefined) };
	},

	errorBody,

	headers: () => ({ 'x-debug-trace-id': randomUUID().replaceAll('-', '') }),

	mount(router, context) {
		router.on('GET', '/v1/models', () => ({ status: 200, body: { models: MODELS.map(describe) } }));
		router.on('GET', '/v1/models/:model', ({ params }) => {
			const model = MODELS.find(({ name }) => name === params.model);
			if (!model) throw new RefusedRequest(404, 'model_not_found', `model '${params.model ?? ''}' not found`);
			return { status: 200, body: describe(model) };
		});
		router.on('POST', '/v2/chat', chat(context));
	},
};
