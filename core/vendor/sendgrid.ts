/** The only import of SendGrid's client. */
import { MailService } from '@sendgrid/mail';

export type { MailDataRequired } from '@sendgrid/mail';

export interface MailServiceOptions {
	apiKey: string;
	baseUrl: string;
	/** Milliseconds. */
	timeoutMs: number;
}

/** A client of its own for each credential: the package's shared one would mix their keys. */
export function createMailService({ apiKey, baseUrl, timeoutMs }: MailServiceOptions): MailService {
	const service = new MailService();
	service.setApiKey(apiKey);
	service.setTimeout(timeoutMs);
	// Its types leave the client out; the address and the refusal of redirects are set only there
	const { client } = service as unknown as {
		client: { setDefaultRequest(key: string, value: unknown): void };
	};
	client.setDefaultRequest('baseUrl', baseUrl);
	client.setDefaultRequest('maxRedirects', 0);
	return service;
}
