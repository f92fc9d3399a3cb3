/** Mail by SendGrid. */
import { throwIfCancelled } from '../abort';
import { errorFromAnswer, errorFromSilence, type ProviderVerdict } from '../http-errors';

import type { RenderedMail } from './templates/layout';

const PROVIDER = 'sendgrid';

export const SENDGRID_BASE_URL = 'https://api.sendgrid.com/';

const TIMEOUT_MS = 30_000;

export interface SendGridConnection {
	apiKey: string;
	/** EU accounts: `https://api.eu.sendgrid.com/`. */
	baseUrl?: string;
	/** A sender that SendGrid has verified. */
	from: { email: string; name?: string };
}

export interface MailOptions {
	to: string[];
	mail: RenderedMail;
	/** SendGrid checks the mail and doesn't deliver it. */
	sandboxMode?: boolean;
	categories?: string[];
	signal?: AbortSignal;
}

export interface SentMail {
	/** SendGrid's own, empty in sandbox mode. */
	message_id: string;
	to: string[];
	subject: string;
}

/** Each recipient gets a mail of their own and doesn't see the others. */
export async function sendMail(connection: SendGridConnection, options: MailOptions): Promise<SentMail> {
	const { to, mail, sandboxMode = false, categories = [], signal } = options;
	throwIfCancelled(signal);
	const { createMailService } = await import('../vendor/sendgrid');
	const service = createMailService({
		apiKey: connection.apiKey,
		baseUrl: connection.baseUrl || SENDGRID_BASE_URL,
		timeoutMs: TIMEOUT_MS,
	});
	try {
		const [answer] = await service.send({
			from: connection.from,
			personalizations: to.map((email) => ({ to: [{ email }] })),
			subject: mail.subject,
			text: mail.text,
			html: mail.html,
			categories,
			mailSettings: { sandboxMode: { enable: sandboxMode } },
		});
		const headers = answer.headers as Record<string, string>;
		return { message_id: headers['x-message-id'] ?? '', to, subject: mail.subject };
	} catch (error) {
		throw toError(error, connection.apiKey, signal);
	}
}

interface Failure {
	code?: unknown;
	response?: { body?: unknown; headers?: Record<string, string> };
}

function toError(error: unknown, apiKey: string, signal: AbortSignal | undefined): Error {
	const { code, response } = error as Failure;
	if (typeof code === 'number' && response) {
		const failure = {
			provider: PROVIDER,
			status: code,
			headers: response.headers ?? {},
			body: response.body,
			secrets: [apiKey],
		};
		return errorFromAnswer(failure, verdictOf(code, response.body));
	}
	return errorFromSilence(PROVIDER, error, { signal, timeoutMs: TIMEOUT_MS, timedOut: false, secrets: [apiKey] });
}

function verdictOf(status: number, body: unknown): ProviderVerdict {
	const first = (body as { errors?: Array<{ message?: string; field?: string | null }> } | null)?.errors?.[0];
	const message = [first?.field, first?.message].filter(Boolean).join(': ');
	const cures: Record<number, string> = {
		401: 'Check the API key in the SendGrid credential.',
		403: 'Verify the sender address at SendGrid (Sender Authentication), or give the API key the Mail Send permission.',
		413: 'The mail is too large: shorten it.',
	};
	return { ...(message ? { message } : {}), ...(cures[status] ? { cure: cures[status] } : {}) };
}
