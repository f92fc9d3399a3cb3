/** What the providers of language have in common when they read an answer. */
import { YtempireError } from '../../errors';

/** Undefined when the text isn't JSON. */
export function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

export function malformedAnswer(provider: string, requestId?: string): YtempireError {
	return new YtempireError('unavailable', `${provider} answered without a completion`, {
		provider,
		reason: 'malformed-answer',
		requestId,
		cure: 'Run it again; if it lasts, check the base URL in the credential.',
	});
}

/** `{ error: { type: 'x' } }` read at `error`, `type`; undefined where a step is missing. The body may be anything. */
export function at(value: unknown, ...steps: string[]): unknown {
	return steps.reduce<unknown>(
		(inner, step) =>
			typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
				? (inner as Record<string, unknown>)[step]
				: undefined,
		value,
	);
}

/** As {@link at}, when a text stands there that isn't empty. */
export function textAt(value: unknown, ...steps: string[]): string | undefined {
	const found = at(value, ...steps);
	return typeof found === 'string' && found !== '' ? found : undefined;
}
