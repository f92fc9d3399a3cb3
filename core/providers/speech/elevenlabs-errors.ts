/** What ElevenLabs says when a call fails: `{detail: {status, message}}`, a text, or a list of fields. */
import type { ErrorClass } from '../../errors';
import type { HttpFailure, ProviderVerdict } from '../../http-errors';

/** The provider's words (`detail.status` or `detail.code`) by what they mean. Source: its error pages and SDK. */
const CLASS_BY_REASON: Record<string, ErrorClass> = {
	quota_exceeded: 'quota-exhausted',
	insufficient_credits: 'quota-exhausted',
	invalid_api_key: 'auth',
	missing_permissions: 'auth',
	needs_authorization: 'auth',
	sign_in_required: 'auth',
	detected_unusual_activity: 'auth',
	too_many_concurrent_requests: 'rate-limited',
	concurrent_limit_exceeded: 'rate-limited',
	rate_limit_exceeded: 'rate-limited',
	system_busy: 'rate-limited',
	content_against_policy: 'refused',
	content_policy_violation: 'refused',
	voice_not_found: 'invalid-request',
	paid_plan_required: 'invalid-request',
	payment_required: 'invalid-request',
	max_character_limit_exceeded: 'invalid-request',
	model_not_found: 'invalid-request',
	invalid_model_id: 'invalid-request',
};

/** Lacks of this account, which another provider doesn't share. */
const ELSEWHERE = new Set(['voice_not_found', 'paid_plan_required', 'payment_required', 'model_not_found', 'invalid_model_id']);

const CURE_BY_REASON: Record<string, string> = {
	quota_exceeded: 'Add credits or a larger plan at elevenlabs.io, or wait for the next month of the subscription.',
	voice_not_found: 'Choose a voice that the account has: the list in the node shows them.',
	paid_plan_required: "This voice needs a paid plan at elevenlabs.io: choose one of the account's own voices, or change the plan.",
	payment_required: "This voice needs a paid plan at elevenlabs.io: choose one of the account's own voices, or change the plan.",
	missing_permissions: 'Give the key the permissions Text to Speech, Voices (read) and Models (read) at elevenlabs.io.',
};

export function readVerdict(failure: HttpFailure): ProviderVerdict {
	const detail = property(failure.body, 'detail');
	if (typeof detail === 'string') return { message: detail };
	if (Array.isArray(detail)) return { reason: 'validation', message: detail.map(fieldProblem).join('; ') };
	const reason = [property(detail, 'status'), property(detail, 'code'), property(detail, 'type')].find(
		(word) => typeof word === 'string' && word !== '',
	) as string | undefined;
	const message = property(detail, 'message');
	return {
		...(reason === undefined ? {} : { reason, errorClass: ownOf(CLASS_BY_REASON, reason), cure: ownOf(CURE_BY_REASON, reason), elsewhere: ELSEWHERE.has(reason) || undefined }),
		...(typeof message === 'string' ? { message } : {}),
	};
}

function fieldProblem(problem: unknown): string {
	const place = property(problem, 'loc');
	const message = property(problem, 'msg');
	return `${Array.isArray(place) ? place.join('.') : 'body'}: ${typeof message === 'string' ? message : 'not valid'}`;
}

function property(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function ownOf<T>(table: Record<string, T>, key: string): T | undefined {
	return Object.hasOwn(table, key) ? table[key] : undefined;
}
