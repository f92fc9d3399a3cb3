/** What the conformance suite must know of each image provider: where it stands in the sandbox, and its words for each failure. */
import type { ErrorClass } from '../../../../core/errors';
import type { ImageConnection } from '../../../../core/providers/image/image';
import type { ImageProviderId } from '../../../../core/providers/image/models';
import type { FaultSetting } from '../../../../sandbox/faults';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox, ServiceName } from '../../../../sandbox/server';

type Failure = Pick<FaultSetting, 'body' | 'headers' | 'match' | 'reason' | 'status'>;

export interface Kit {
	service: ServiceName;
	connection(sandbox: Sandbox): ImageConnection;
	failures: Array<[says: string, failure: Failure, errorClass: ErrorClass]>;
	/** A good answer around these bytes; undefined where pictures are fetched by address. */
	answerWith?(picture: Buffer): object;
}

const submitted = (code: number, description: string): Failure => ({
	status: 200,
	match: { path: '/mj/submit' },
	body: { code, description },
});

const failed = (failReason: string): Failure => ({
	status: 200,
	match: { path: '/mj/task' },
	body: { id: '1', status: 'FAILURE', failReason },
});

export const KITS: Record<ImageProviderId, Kit> = {
	stability: {
		service: 'stability',
		connection: ({ services }) => ({ ...KEYS.stability, baseUrl: services.stability.url }),
		failures: [
			['unauthorized', { status: 401 }, 'auth'],
			['no credits', { status: 402 }, 'quota-exhausted'],
			['content_moderation', { status: 403 }, 'refused'],
			['another 403', { status: 403, reason: 'permission_denied' }, 'auth'],
			['bad_request', { status: 400 }, 'invalid-request'],
			['invalid_language', { status: 422 }, 'refused'],
			['payload_too_large', { status: 413 }, 'invalid-request'],
			['rate_limit_exceeded', { status: 429 }, 'rate-limited'],
			['internal_error', { status: 500 }, 'unavailable'],
			['a gateway page', { status: 502, body: '<html>Bad gateway</html>' }, 'unavailable'],
			['an unknown form', { status: 200, body: { artifacts: [] } }, 'unavailable'],
		],
		answerWith: (picture) => ({ image: picture.toString('base64'), finish_reason: 'SUCCESS', seed: 1 }),
	},
	openai: {
		service: 'openai',
		connection: ({ services }) => ({ ...KEYS.openai, baseUrl: `${services.openai.url}/v1` }),
		failures: [
			['invalid_api_key', { status: 401 }, 'auth'],
			['insufficient_quota', { status: 429, reason: 'insufficient_quota' }, 'quota-exhausted'],
			['billing_hard_limit_reached', { status: 400, reason: 'billing_hard_limit_reached' }, 'quota-exhausted'],
			['moderation_blocked', { status: 400, reason: 'moderation_blocked' }, 'refused'],
			['model_not_found', { status: 404, reason: 'model_not_found' }, 'invalid-request'],
			['invalid_value', { status: 400, reason: 'invalid_value' }, 'invalid-request'],
			['rate_limit_exceeded', { status: 429 }, 'rate-limited'],
			['server_error', { status: 500 }, 'unavailable'],
			['an unknown form', { status: 200, body: { created: 1, data: [] } }, 'unavailable'],
		],
		answerWith: (picture) => ({ created: 1, data: [{ b64_json: picture.toString('base64') }] }),
	},
	midjourney: {
		service: 'midjourney',
		connection: ({ services }) => ({ ...KEYS.midjourney, baseUrl: services.midjourney.url, pollMs: 5 }),
		failures: [
			['a wrong secret', { status: 401 }, 'auth'],
			['code 4', submitted(4, 'prompt不能为空'), 'invalid-request'],
			['code 23', submitted(23, '队列已满，请稍后尝试'), 'rate-limited'],
			['code 24', submitted(24, '可能包含敏感词'), 'refused'],
			['no account', submitted(3, '无可用的账号实例'), 'unavailable'],
			['an unknown code', submitted(99, ''), 'unavailable'],
			['a banned prompt', failed('[Banned prompt detected] The word is not allowed'), 'refused'],
			['a wrong parameter', failed('[Invalid parameter] Unrecognized parameter'), 'invalid-request'],
			['no hours left', failed('[Credits exhausted] You have run out of fast hours'), 'quota-exhausted'],
			['a blocked account', failed('[Pending mod message] You have been blocked'), 'auth'],
			['a time-out of its own', failed('任务超时'), 'unavailable'],
			['too many requests', { status: 429 }, 'rate-limited'],
			['a broken gateway', { status: 500 }, 'unavailable'],
			['an unknown form', { status: 200, body: ['hello'] }, 'unavailable'],
		],
	},
};
