/** Anthropic's stand-in: models and messages. */
import { randomUUID } from 'node:crypto';

import { KEYS } from '../keys';
import { RefusedRequest, type Service } from '../service';

import { errorBody } from './errors';
import { messages } from './messages';
import { describe, liveModels } from './models';

export const anthropic: Service = {
	name: 'anthropic',

	authenticate(request) {
		const key = request.header('x-api-key');
		if (key === KEYS.anthropic.apiKey) return undefined;
		return {
			status: 401,
			body: errorBody(401, 'authentication_error', key === undefined ? 'x-api-key header is required' : undefined),
		};
	},

	errorBody,

	headers: () => ({
		'request-id': `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
		'anthropic-ratelimit-requests-limit': '4000',
		'anthropic-ratelimit-requests-remaining': '3999',
	}),

	mount(router, context) {
		const listed = () => liveModels(context.clock.now()).map(describe);
		router.on('GET', '/v1/models', () => {
			const data = listed();
			return {
				status: 200,
				body: { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null },
			};
		});
		router.on('GET', '/v1/models/:model', ({ params }) => {
			const model = listed().find(({ id }) => id === params.model);
			if (!model) throw new RefusedRequest(404, 'not_found_error', `model: ${params.model ?? ''}`);
			return { status: 200, body: model };
		});
		router.on('POST', '/v1/messages', messages(context));
	},
};
