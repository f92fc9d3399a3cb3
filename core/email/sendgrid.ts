/** Mail by SendGrid. */
import { throwIfCancelled } from '../abort';
import { mayHaveArrived, retryRefused } from '../deliveries/arrived';
import { errorFromAnswer, errorFromSilence, type ProviderVerdict } from '../http-errors';
import type { MailDataRequired } from '../vendor/sendgrid';

import type { Recipients } from './recipients';
import type { RenderedMail } from './templates/layout';

const PROVIDER = 'sendgrid';

const SENDGRID_HOSTS = {
	global: 'https://api.sendgrid.com',
	eu: 'https://api.eu.sendgrid.com',
} as const;

export type SendGridRegion = keyof typeof SENDGRID_HOSTS;

const TIMEOUT_MS = 30_000;

export interface SendGridConnection {
	apiKey: string;
	/** Where the account's mails are sent from. Default `global`. */
	region?: SendGridRegion;
	/** In place of the region's, e.g. a proxy. */
	baseUrl?: string;
	/** A sender that SendGrid has verified. */
	from: { email: string; name?: string };
}

/** Without a slash at its end. */
export function sendGridAddress({ region = 'global', baseUrl }: Pick<SendGridConnection, 'region' | 'baseUrl'>): string {
	return (baseUrl || SENDGRID_HOSTS[region]).replace(/\/+$/, '');
}

/** One of the account's dynamic templates, with what it may show. */
export interface MailTemplate {
	/** Begins with `d-`. */
	id: string;
	data: Record<string, unknown>;
}

export interface MailOptions {
	recipients: Recipients;
	/** The subject stands in what is returned also when a template brings its own. */
	mail: RenderedMail;
	/** In place of the mail's own subject, HTML and text. */
	template?: MailTemplate;
	replyTo?: string;
	/** SendGrid checks the mail and doesn't deliver it. */
	sandboxMode?: boolean;
	/** At most 10 of 255 characters. */
	categories?: string[];
	/** Goes with the mail through SendGrid's activity and webhooks: finds a mail again. */
	marks?: Record<string, string>;
	signal?: AbortSignal;
	/** Before each request. */
	leaving?: () => Promise<void>;
	/** When one was refused and certainly not sent. */
	cameBack?: () => Promise<void>;
}

export interface SentMail extends Recipients {
	/** SendGrid's own, empty in sandbox mode. */
	message_id: string;
	subject: string;
}

/**
 * Each recipient gets a mail of their own and doesn't see the others; with Cc or Bcc it is one mail to all,
 * as in any mail program. Tries again what SendGrid refused for being busy, never what may be on its way.
 * @throws YtempireError of every class
 */
export async function sendMail(connection: SendGridConnection, options: MailOptions): Promise<SentMail> {
	const { recipients, mail, signal } = options;
	const { createMailService } = await import('../vendor/sendgrid');
	const service = createMailService({
		apiKey: connection.apiKey,
		baseUrl: `${sendGridAddress(connection)}/`,
		timeoutMs: TIMEOUT_MS,
	});
	const request = requestOf(connection, options);
	const messageId = await retryRefused(
		async () => {
			throwIfCancelled(signal);
			await options.leaving?.();
			try {
				const [answer] = await service.send(request);
				return (answer.headers as Record<string, string>)['x-message-id'] ?? '';
			} catch (thrown) {
				const error = toError(thrown, connection.apiKey, signal);
				if (!mayHaveArrived(error)) await options.cameBack?.();
				throw error;
			}
		},
		{ signal },
	);
	return { message_id: messageId, ...recipients, subject: mail.subject };
}

function requestOf(connection: SendGridConnection, options: MailOptions): MailDataRequired {
	const { recipients, mail, template, replyTo, sandboxMode = false, categories = [], marks = {} } = options;
	return {
		from: connection.from,
		...(replyTo ? { replyTo } : {}),
		personalizations: envelopes(recipients).map(({ to, cc, bcc }) => ({
			to: to.map((email) => ({ email })),
			...(cc.length > 0 ? { cc: cc.map((email) => ({ email })) } : {}),
			...(bcc.length > 0 ? { bcc: bcc.map((email) => ({ email })) } : {}),
			...(template ? { dynamicTemplateData: template.data } : {}),
		})),
		...(template ? { templateId: template.id } : { subject: mail.subject, text: mail.text, html: mail.html }),
		categories,
		customArgs: marks,
		mailSettings: { sandboxMode: { enable: sandboxMode } },
	};
}

/** Who sees whom. */
export function envelopes(recipients: Recipients): Recipients[] {
	const alone = recipients.cc.length === 0 && recipients.bcc.length === 0;
	return alone ? recipients.to.map((email) => ({ to: [email], cc: [], bcc: [] })) : [recipients];
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
		401: 'Check the API key and the region in the SendGrid credential.',
		403: 'Verify the sender address at SendGrid (Sender Authentication), or give the API key the Mail Send permission.',
		413: 'The mail is too large: shorten it.',
	};
	return { ...(message ? { message } : {}), ...(cures[status] ? { cure: cures[status] } : {}) };
}
