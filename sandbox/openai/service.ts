/** OpenAI's stand-in: models, chat completions and responses. */
import { randomUUID } from 'node:crypto';

import { KEYS } from '../keys';
import { RefusedRequest, type Service } from '../service';
import { chatCompletions } from './chat';
import { errorBody } from './errors';
import { imageGenerations } from './images';
import { describe, isLive, MODELS } from './models';
import { responses } from './responses';

const LIMIT_REQUESTS = 10_000;
const LIMIT_TOKENS = 2_000_000;

export const openai: Service = {
	name: 'openai',

	authenticate(request) {
		const key = request.bearer();
		if (key === KEYS.openai.apiKey) return undefined;
		const message =
			key === undefined
				? "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
				: undefined;
		return { status: 401, body: errorBody(401, 'invalid_api_key', message) };
	},

	errorBody,

	headers: () => ({
		'x-request-id': `req_${randomUUID().replaceAll('-', '')}`,
		'openai-organization': 'org-sandbox',
		'openai-version': '2020-10-01',
		'openai-processing-ms': '12',
		'x-ratelimit-limit-requests': String(LIMIT_REQUESTS),
		'x-ratelimit-remaining-requests': String(LIMIT_REQUESTS - 1),
		'x-ratelimit-reset-requests': '6ms',
		'x-ratelimit-limit-tokens': String(LIMIT_TOKENS),
		'x-ratelimit-remaining-tokens': String(LIMIT_TOKENS - 1000),
		'x-ratelimit-reset-tokens': '30ms',
	}),

	mount(router, context) {
		const listed = () => MODELS.filter((model) => isLive(model, context.clock.now()));
		router.on('GET', '/v1/models', () => ({
			status: 200,
			body: { object: 'list', data: listed().map(describe) },
		}));
		router.on('GET', '/v1/models/:model', ({ params }) => {
			const model = listed().find(({ id }) => id === params.model);
			if (!model) throw new RefusedRequest(404, 'model_not_found', `The model '${params.model}' does not exist`);
			return { status: 200, body: describe(model) };
		});
		router.on('POST', '/v1/chat/completions', chatCompletions(context));
		router.on('POST', '/v1/responses', responses(context));
		router.on('POST', '/v1/images/generations', imageGenerations(context));
	},
};
