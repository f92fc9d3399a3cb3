/** What a test needs to know of each language provider to run the same checks on all of them. */
import { LANGUAGE_PROVIDERS } from '../../../../core/providers/language';
import type { LanguageProvider } from '../../../../core/providers/language/language';
import { modelOfTier, type LanguageProviderId } from '../../../../core/providers/language/models';
import type { LanguageDeps } from '../../../../core/providers/language/work';
import type { CallContext } from '../../../../core/routing/call';
import { accountName, type Candidate } from '../../../../core/routing/candidate';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { temporaryStore } from '../../../support/store';

export const PROVIDER_IDS = Object.keys(LANGUAGE_PROVIDERS) as LanguageProviderId[];

/** What comes behind the address of each service in its credential. */
const PATHS: Record<LanguageProviderId, string> = { openai: '/v1', anthropic: '', cohere: '' };

export function providerOn(
	sandbox: Sandbox,
	id: LanguageProviderId,
	{ apiKey = KEYS[id].apiKey, timeoutMs = 5000 }: { apiKey?: string; timeoutMs?: number } = {},
): LanguageProvider {
	const baseUrl = sandbox.services[id].url + PATHS[id];
	return LANGUAGE_PROVIDERS[id]({ apiKey, baseUrl, timeoutMs });
}

interface Failure {
	status: number;
	/** The provider's word, as the sandbox knows it. */
	reason?: string;
	errorClass: string;
}

/** How each provider says it: every class, by its own words. */
export const FAILURES: Record<LanguageProviderId, Failure[]> = {
	openai: [
		{ status: 429, reason: 'insufficient_quota', errorClass: 'quota-exhausted' },
		{ status: 429, reason: 'rate_limit_exceeded', errorClass: 'rate-limited' },
		{ status: 401, reason: 'invalid_api_key', errorClass: 'auth' },
		{ status: 400, reason: 'content_policy_violation', errorClass: 'refused' },
		{ status: 400, reason: 'context_length_exceeded', errorClass: 'invalid-request' },
		{ status: 404, reason: 'model_not_found', errorClass: 'invalid-request' },
		{ status: 500, errorClass: 'unavailable' },
		{ status: 503, errorClass: 'unavailable' },
	],
	anthropic: [
		{ status: 400, reason: 'credit_balance_too_low', errorClass: 'quota-exhausted' },
		{ status: 400, reason: 'usage_limit_reached', errorClass: 'quota-exhausted' },
		{ status: 429, reason: 'spend_limit_reached', errorClass: 'quota-exhausted' },
		{ status: 402, reason: 'billing_error', errorClass: 'quota-exhausted' },
		{ status: 429, reason: 'rate_limit_error', errorClass: 'rate-limited' },
		{ status: 401, reason: 'authentication_error', errorClass: 'auth' },
		{ status: 403, reason: 'permission_error', errorClass: 'auth' },
		{ status: 400, reason: 'content_filter', errorClass: 'refused' },
		{ status: 400, reason: 'invalid_request_error', errorClass: 'invalid-request' },
		{ status: 404, reason: 'not_found_error', errorClass: 'invalid-request' },
		{ status: 413, reason: 'request_too_large', errorClass: 'invalid-request' },
		{ status: 529, reason: 'overloaded_error', errorClass: 'unavailable' },
		{ status: 500, reason: 'api_error', errorClass: 'unavailable' },
		{ status: 504, reason: 'timeout_error', errorClass: 'unavailable' },
	],
	cohere: [
		{ status: 429, reason: 'monthly_limit', errorClass: 'quota-exhausted' },
		{ status: 402, reason: 'billing_limit', errorClass: 'quota-exhausted' },
		{ status: 429, reason: 'rate_limit', errorClass: 'rate-limited' },
		{ status: 401, reason: 'invalid_api_token', errorClass: 'auth' },
		{ status: 498, reason: 'blocked_content', errorClass: 'refused' },
		{ status: 400, reason: 'too_many_tokens', errorClass: 'invalid-request' },
		{ status: 422, errorClass: 'invalid-request' },
		{ status: 499, errorClass: 'unavailable' },
		{ status: 500, errorClass: 'unavailable' },
		{ status: 503, errorClass: 'unavailable' },
	],
};

export function candidateOn(sandbox: Sandbox, id: LanguageProviderId, model = modelOfTier(id, 'standard')): Candidate<LanguageProvider> {
	const provider = providerOn(sandbox, id);
	const account = accountName(id, { baseUrl: sandbox.services[id].url, apiKey: KEYS[id].apiKey });
	return { provider, model, account, perMinute: 1_000 };
}

/** For a capability function, without long waits between retries, and without a job where no call says otherwise. */
export async function depsOn(
	sandbox: Sandbox,
	ids: LanguageProviderId | Array<Candidate<LanguageProvider> | LanguageProviderId>,
	calls: Partial<CallContext> = {},
): Promise<LanguageDeps & { calls: CallContext }> {
	const candidates = [ids].flat().map((one) => (typeof one === 'string' ? candidateOn(sandbox, one) : one));
	const store = calls.store ?? (await temporaryStore());
	return { candidates, calls: { store, videoId: '', stage: 'script', retry: { baseMs: 1, maxMs: 5 }, ...calls } };
}

/** The next answer of OpenAI's stand-in, word for word. */
export function say(sandbox: Sandbox, content: string): void {
	const body = {
		model: 'gpt-6.1-terra',
		choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
		usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
	};
	sandbox.faults.add({ service: 'openai', kind: 'status', status: 200, body, match: { method: 'POST' } });
}

/** Bodies of the paid requests so far. */
export function asked(sandbox: Sandbox, service: LanguageProviderId) {
	const requests = sandbox.recorder.list({ service, method: 'POST' });
	return requests.map(({ body }) => body as { messages: Array<{ role: string; content: string }> });
}
