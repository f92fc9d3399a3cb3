/** The mails that were accepted, one for each recipient list, as a reader would find them. */
import type { ServiceContext } from '../service';
import type { MailRequest } from './checks';

export interface KeptMail {
	/** As in `x-message-id`, with the number of the personalization. */
	id: string;
	/** ISO 8601. */
	at: string;
	from: string;
	to: string[];
	cc: string[];
	bcc: string[];
	/** Empty when answers go to the sender. */
	reply_to: string;
	subject: string;
	text: string;
	html: string;
	template_id?: string;
	template_data?: Record<string, unknown>;
	categories: string[];
	custom_args: Record<string, string>;
	attachments: Array<{ filename: string; type: string; bytes: number }>;
	send_at?: number;
}

export function mailbox(context: ServiceContext): Map<string, KeptMail> {
	return context.table<KeptMail>('mails');
}

function written({ email, name }: { email: string; name?: string }): string {
	return name ? `${name} <${email}>` : email;
}

export function keep(context: ServiceContext, messageId: string, mail: MailRequest): void {
	const content = (type: string) => mail.content?.find((block) => block.type === type)?.value ?? '';
	mail.personalizations.forEach((part, index) => {
		const id = `${messageId}.${index}`;
		mailbox(context).set(id, {
			id,
			at: new Date(context.clock.now()).toISOString(),
			from: written(mail.from),
			to: part.to.map(written),
			cc: (part.cc ?? []).map(written),
			bcc: (part.bcc ?? []).map(written),
			reply_to: mail.reply_to ? written(mail.reply_to) : '',
			subject: part.subject ?? mail.subject ?? '',
			text: content('text/plain'),
			html: content('text/html'),
			template_id: mail.template_id,
			template_data: part.dynamic_template_data,
			categories: mail.categories ?? [],
			custom_args: { ...mail.custom_args, ...part.custom_args },
			attachments: (mail.attachments ?? []).map(({ filename, type = '', content: base64 }) => ({
				filename,
				type,
				bytes: Buffer.from(base64, 'base64').length,
			})),
			send_at: part.send_at ?? mail.send_at,
		});
	});
}
