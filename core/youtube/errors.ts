/** From YouTube's answers to errors with its own reason and the cure. */
import { systemClock } from '../clock';
import type { YtempireError } from '../errors';
import { errorFromAnswer, errorFromSilence, type HttpFailure, type ProviderVerdict } from '../http-errors';
import { nextPacificMidnight } from '../pool/pacific-day';

import { REASONS, type Refusal } from './reasons';

export const PROVIDER = 'youtube';

/** Google's error body: `error.errors[].reason`, newer `error.details[].reason`, or OAuth's plain `error`. */
export function readYouTubeVerdict({ body }: Pick<HttpFailure, 'body'>): ProviderVerdict {
	const root = objectOf(body);
	if (!root) return {};
	if (typeof root.error === 'string') {
		return verdictOf([root.error], textOf(root.error_description) ?? root.error);
	}
	const error = objectOf(root.error);
	if (!error) return {};
	const entries = [...listOf(error.errors), ...listOf(error.details)];
	const reasons = entries.flatMap((entry) => textOf(objectOf(entry)?.reason) ?? []);
	const status = textOf(error.status);
	return verdictOf(status ? [...reasons, status] : reasons, textOf(error.message));
}

/** The first reason that we know; else the first at all, with the class that its status has. */
function verdictOf(reasons: string[], message: string | undefined): ProviderVerdict {
	const known = reasons.find((reason) => refusalFor(reason));
	const refusal = known === undefined ? undefined : refusalFor(known);
	const plain = message?.replace(/<[^>]*>/g, '');
	if (!refusal) return { reason: reasons[0], message: plain };
	return {
		reason: known,
		message: plain,
		errorClass: refusal.errorClass,
		cure: refusal.cure,
		...(refusal.errorClass === 'quota-exhausted' && refusal.scope === 'project'
			? { resetsAt: nextPacificMidnight(systemClock.now()) }
			: {}),
	};
}

/** What the table says about an error of YouTube's; undefined when its reason isn't in it. */
export function refusalOf(error: YtempireError): Refusal | undefined {
	return error.provider === PROVIDER && error.reason ? refusalFor(error.reason) : undefined;
}

/** Reasons come from outside: `constructor` is not one of the table's. */
function refusalFor(reason: string): Refusal | undefined {
	return Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
}

/** The error of a client library call; what it holds of the request, tokens included, is left behind. */
export function youTubeError(
	error: unknown,
	options: { signal?: AbortSignal; secrets?: readonly string[] } = {},
): YtempireError {
	const response = objectOf(objectOf(error)?.response);
	if (!response || typeof response.status !== 'number') return errorFromSilence(PROVIDER, error, options);
	const failure: HttpFailure = {
		provider: PROVIDER,
		status: response.status,
		headers: headersOf(response.headers),
		body: response.data,
		secrets: options.secrets,
	};
	return errorFromAnswer(failure, readYouTubeVerdict(failure));
}

function headersOf(headers: unknown): Record<string, string> {
	if (headers instanceof Headers) return Object.fromEntries(headers.entries());
	return Object.fromEntries(
		Object.entries(objectOf(headers) ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value.slice(0, 20) : [];
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}
