/** Idempotency keys as Stripe's: the same key and parameters give the same answer for a day, other parameters an error. */
import { createHash } from 'node:crypto';

import { RefusedRequest, type Reply, type SandboxRequest } from '../service';
import { errorBody } from './errors';
import type { Caller, StripeState } from './state';

interface Kept {
	path: string;
	fingerprint: string;
	/** Undefined while the first request is under way. */
	reply?: { status: number; body: unknown };
	requestId: string;
	at: number;
}

/** Stripe may forget keys after 24 hours (docs.stripe.com/api/idempotent_requests, API v1). */
const KEPT_S = 24 * 3600;

const MAX_LENGTH = 255;

function idempotencyError(message: string): RefusedRequest {
	return new RefusedRequest(400, 'idempotency_error', message, {}, { error: { message, type: 'idempotency_error' } });
}

/** True for what went wrong while the request was carried out: kept under the key as any other answer. */
function hasBegun(error: unknown): error is RefusedRequest {
	return error instanceof RefusedRequest && (error.status === 402 || error.status >= 500);
}

/** Carries the request out unless its key has an answer; what Stripe refuses before it begins is not kept. */
export async function withIdempotency(
	state: StripeState,
	request: SandboxRequest,
	caller: Caller,
	work: () => Promise<Reply> | Reply,
): Promise<Reply> {
	const key = caller.idempotencyKey;
	if (key === null || request.method !== 'POST') return await work();
	if (key.length > MAX_LENGTH) throw idempotencyError('Idempotency keys can have up to 255 characters.');
	const table = state.context.table<Kept>('idempotency_keys');
	const place = `${caller.livemode ? 'live' : 'test'}:${key}`;
	const fingerprint = createHash('sha256').update(await request.buffer()).digest('hex');
	const known = table.get(place);
	if (known && known.at + KEPT_S > state.now()) {
		if (known.path !== request.path) {
			throw idempotencyError(
				`Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${known.path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
			);
		}
		if (known.fingerprint !== fingerprint) {
			throw idempotencyError(
				`Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
			);
		}
		if (!known.reply) {
			throw new RefusedRequest(409, 'idempotency_key_in_use', '', {}, errorBody(
				409,
				'idempotency_key_in_use',
				`There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
			));
		}
		return { ...known.reply, headers: { 'idempotent-replayed': 'true', 'original-request': known.requestId } };
	}
	const kept: Kept = { path: request.path, fingerprint, requestId: caller.requestId, at: state.now() };
	table.set(place, kept);
	try {
		const reply = await work();
		// the answer as it was, whatever becomes of the object
		kept.reply = { status: reply.status, body: structuredClone(reply.body) };
		return reply;
	} catch (error) {
		if (hasBegun(error)) {
			kept.reply = { status: error.status, body: structuredClone(error.body ?? errorBody(error.status, error.reason, error.message)) };
		} else {
			table.delete(place);
		}
		throw error;
	}
}
