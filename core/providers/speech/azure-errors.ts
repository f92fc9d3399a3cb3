/** What Azure Speech says when a call fails: a bare status, often with a text, from its gateway with `{error: {code, message}}`. */
import { systemClock } from '../../clock';
import type { Clock } from '../../clock';
import type { ErrorClass } from '../../errors';
import type { HttpFailure, ProviderVerdict } from '../../http-errors';

interface Words {
	/** In what was said; the first that fits counts. */
	pattern: RegExp;
	reason: string;
	errorClass: ErrorClass;
	cure?: string;
	/** See ProviderVerdict. */
	elsewhere?: boolean;
}

/** Sources: texts in public reports on the REST service and on its gateway (API Management), 2021 to 2026. */
const WORDS: Words[] = [
	{
		pattern: /out of call volume quota|quota (?:has been )?exceeded|exceeded .*\bquota/i,
		reason: 'out-of-quota',
		errorClass: 'quota-exhausted',
		cure: 'Wait until the free characters are full again, or change the Speech resource to the paid tier S0.',
	},
	{ pattern: /rate limit|too many requests|throttl/i, reason: 'throttled', errorClass: 'rate-limited' },
	{ pattern: /content (?:management )?policy|content filter|responsible ai/i, reason: 'content-filtered', errorClass: 'refused' },
	{
		pattern: /virtual network|firewall|ip address/i,
		reason: 'network-rules',
		errorClass: 'auth',
		cure: "Let this machine's address in under Networking of the Speech resource.",
	},
	{
		pattern: /subscription key|access denied|unauthorized|authentication/i,
		reason: 'invalid-key',
		errorClass: 'auth',
		cure: 'Check the key, and that the base URL names the region of the Speech resource.',
	},
	{
		pattern: /voice/i,
		reason: 'unsupported-voice',
		errorClass: 'invalid-request',
		elsewhere: true,
		cure: 'Choose a voice that the region has: the list in the node shows them.',
	},
	{ pattern: /ssml|\bnode \[|root level|xml|invalid character/i, reason: 'bad-ssml', errorClass: 'invalid-request' },
];

export function readAzureVerdict(failure: HttpFailure, clock: Clock = systemClock): ProviderVerdict {
	const message = textOf(failure.body);
	// its gateway's own troubles hold words of every kind, and pages of HTML
	const found = [502, 503, 504].includes(failure.status) ? undefined : WORDS.find(({ pattern }) => pattern.test(message ?? ''));
	const waitMs = found && waitIn(message ?? '');
	return {
		...(message === undefined ? {} : { message }),
		...(found ? { reason: found.reason, errorClass: found.errorClass, cure: found.cure, elsewhere: found.elsewhere } : {}),
		...(waitMs !== undefined && found?.errorClass === 'quota-exhausted' ? { resetsAt: new Date(clock.now() + waitMs) } : {}),
		...(waitMs !== undefined && found?.errorClass === 'rate-limited' ? { retryAfterMs: waitMs } : {}),
	};
}

function textOf(body: unknown): string | undefined {
	if (typeof body === 'string') return /^\s*(?:<|$)/.test(body) ? undefined : body;
	if (typeof body !== 'object' || body === null) return undefined;
	const inner = 'error' in body && typeof body.error === 'object' && body.error !== null ? body.error : body;
	return 'message' in inner && typeof inner.message === 'string' ? inner.message : undefined;
}

/** `replenished in 3.04:05:06`, `retry after 12 days`, `again in 26 seconds`; in ms. */
function waitIn(message: string): number | undefined {
	const [, days = '0', hours, minutes = '0', seconds = '0'] = /(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})/.exec(message) ?? [];
	if (hours !== undefined) return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
	const [, count, unit = ''] = /(\d{1,6}) (second|minute|hour|day)/.exec(message) ?? [];
	const unitMs: Record<string, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
	return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0);
}
