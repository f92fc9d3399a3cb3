/** n8n's and our workflows' own words for what went wrong, turned into classes, reasons and cures. */
import { ERROR_CLASSES, YtempireError, isYtempireError, type FieldIssue } from '../errors';
import type { HttpFailure, ProviderVerdict, ReadVerdict } from '../http-errors';
import { redact } from '../redact';
import { z } from '../vendor/zod';

export const PROVIDER = 'n8n';

/** The webhook is not there: the workflow isn't imported or isn't published. */
export const WEBHOOK_UNKNOWN = 'webhook-unknown';

/** The workflow answered, and knows nothing of what it was asked about, e.g. of a video. */
export const NOT_KNOWN = 'not-known';

/** The webhook is there and the caller isn't let in. */
export const WEBHOOK_KEY = 'webhook-key';

/** A list of videos can have several in each of them; more than these help nobody. */
const MOST_ISSUES = 200;

const textUpTo = (length: number) => z.string().transform((text) => text.slice(0, length));

const webhookBody = z
	.object({
		/** Ours say it; n8n's own answers don't. */
		success: z.boolean().optional(),
		error_class: z.enum(ERROR_CLASSES).optional().catch(undefined),
		error: textUpTo(4000).optional(),
		message: textUpTo(4000).optional(),
		cure: textUpTo(1000).optional(),
		errors: z
			.array(z.unknown())
			.transform((list) => list.slice(0, MOST_ISSUES))
			.pipe(z.array(z.object({ field: textUpTo(200), reason: textUpTo(500) })))
			.optional(),
	})
	.catch({});

export const readWebhookAnswer: ReadVerdict = ({ status, body }: HttpFailure): ProviderVerdict => {
	const { success, error, message, cure, error_class: errorClass } = webhookBody.parse(body);
	if (success === false) {
		const reason = status === 404 ? NOT_KNOWN : undefined;
		return { errorClass, reason, message: error, ...(cure ? { cure } : {}) };
	}
	if (status === 404) {
		return {
			errorClass: 'invalid-request',
			reason: WEBHOOK_UNKNOWN,
			message: 'no published workflow answers there',
			cure: 'Import the workflow into n8n and publish it, and check the address of n8n; `ytempire doctor` looks at both.',
		};
	}
	if (status === 401 || status === 403) {
		return {
			errorClass: 'auth',
			reason: WEBHOOK_KEY,
			message: 'the webhook does not let this caller in',
			cure: "Give the client the header name and value, or user and password, of the credential in the workflow's webhook node.",
		};
	}
	const said = error ?? message;
	return { ...(said === undefined ? {} : { message: said }), ...(cure ? { cure } : {}) };
};

/** Which fields of the request the workflow found fault with. */
export function issuesOf(body: unknown): FieldIssue[] {
	return webhookBody.parse(body).errors ?? [];
}

const CURE_BY_STATUS: Record<number, string> = {
	401: 'Check the API key: n8n, Settings, n8n API. A key can also have expired.',
	403: 'Give the API key the scope that this needs: n8n, Settings, n8n API.',
	404: 'Check the ID and the address of n8n, and that its public API is not switched off.',
};

export const readApiAnswer: ReadVerdict = ({ status, body }: HttpFailure): ProviderVerdict => {
	const { message } = webhookBody.parse(body);
	const cure = CURE_BY_STATUS[status];
	return { ...(message === undefined ? {} : { message }), ...(cure === undefined ? {} : { cure }) };
};

/** The same error with n8n in its cure, and without these values, whatever name the header had that carried them. */
export function asN8nError(error: unknown, secrets: string[]): unknown {
	if (!isYtempireError(error)) return error;
	const isSilent = error.errorClass === 'unavailable' && error.httpStatus === undefined && error.reason !== 'malformed-answer';
	const cure = isSilent ? 'Check that n8n runs and that the address is right, and do it again.' : error.cure;
	return new YtempireError(error.errorClass, redact(error.message, secrets), { ...error, cure, cause: undefined });
}
