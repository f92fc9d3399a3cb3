/** What SendGrid refuses in a mail, in its own words. */
import { type MailError, mailError } from './errors';

export interface Address {
	email: string;
	name?: string;
}

export interface Personalization {
	to: Address[];
	cc?: Address[];
	bcc?: Address[];
	subject?: string;
	custom_args?: Record<string, string>;
	dynamic_template_data?: Record<string, unknown>;
	send_at?: number;
}

export interface MailRequest {
	personalizations: Personalization[];
	from: Address;
	reply_to?: Address;
	reply_to_list?: Address[];
	subject?: string;
	content?: Array<{ type: string; value: string }>;
	attachments?: Array<{ content: string; filename: string; type?: string }>;
	template_id?: string;
	categories?: string[];
	custom_args?: Record<string, string>;
	send_at?: number;
	mail_settings?: { sandbox_mode?: { enable?: boolean } };
}

const MAX_RECIPIENTS = 1000;
const MAX_CATEGORIES = 10;
const MAX_CATEGORY_LENGTH = 255;
const MAX_CUSTOM_ARGS_BYTES = 10_000;
const MAX_AHEAD_S = 72 * 3600;

const ADDRESS = /^[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:]+$/;

/** Also of values that have another type than they should: the body comes from outside. */
function list<T>(value: T[] | undefined): T[] {
	return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/** @param nowS Unix seconds */
export function findErrors(mail: MailRequest, nowS: number): MailError[] {
	return [
		...recipientErrors(mail),
		...senderErrors(mail),
		...contentErrors(mail),
		...optionErrors(mail, nowS),
	];
}

function recipientErrors({ personalizations }: MailRequest): MailError[] {
	const required = 'The personalizations field is required and must have at least one personalization.';
	const parts = list(personalizations);
	if (parts.length === 0) return [mailError(required, 'personalizations', 'personalizations')];
	const everyone = parts.flatMap((part) => [...list(part.to), ...list(part.cc), ...list(part.bcc)]);
	const errors: MailError[] = [];
	if (everyone.length > MAX_RECIPIENTS) {
		const message = `There is a limit of ${MAX_RECIPIENTS} recipients per request.`;
		errors.push(mailError(message, 'personalizations', 'personalizations'));
	}
	parts.forEach((part, index) => {
		const at = `personalizations.${index}`;
		if (list(part.to).length === 0) {
			const message =
				'The to array is required for all personalization objects, and must have at least one email object with a valid email address.';
			errors.push(mailError(message, `${at}.to`, 'personalizations.to'));
		}
		const seen = new Set<string>();
		for (const kind of ['to', 'cc', 'bcc'] as const) {
			list<Address | null>(part[kind]).forEach((recipient, place) => {
				const address = textOf(recipient?.email).toLowerCase();
				if (!ADDRESS.test(address)) {
					errors.push(mailError('Does not contain a valid address.', `${at}.${kind}.${place}.email`, 'personalizations.to'));
				} else if (seen.has(address)) {
					const message = `Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [${address}] in the ${at}.${kind} field.`;
					errors.push(mailError(message, at, 'recipient-errors'));
				}
				seen.add(address);
			});
		}
	});
	return errors;
}

function senderErrors({ from, reply_to: replyTo, reply_to_list: replyToList }: MailRequest): MailError[] {
	const errors: MailError[] = [];
	if (!from?.email) {
		const message =
			'The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", "name" : "Example Recipient"}.';
		errors.push(mailError(message, 'from.email', 'from'));
	} else if (!ADDRESS.test(from.email)) {
		errors.push(mailError('The from email does not contain a valid address.', 'from.email', 'from'));
	}
	if (replyTo && !ADDRESS.test(textOf(replyTo.email))) {
		errors.push(mailError('The reply_to email does not contain a valid address.', 'reply_to.email', 'reply_to'));
	}
	if (replyTo && replyToList) {
		errors.push(mailError('`reply_to` is mutually exclusive with `reply_to_list`.', 'reply_to', 'reply_to'));
	}
	return errors;
}

function contentErrors({ subject, personalizations, content, template_id: templateId }: MailRequest): MailError[] {
	if (templateId) return [];
	const errors: MailError[] = [];
	const everyPart = list(personalizations).every((part) => Boolean(part.subject));
	if (!subject && !(everyPart && list(personalizations).length > 0)) {
		const message =
			'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.';
		errors.push(mailError(message, 'subject', 'subject'));
	}
	const blocks = list(content);
	if (blocks.length === 0) {
		const message =
			'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.';
		errors.push(mailError(message, 'content', 'content'));
	}
	blocks.forEach(({ type, value }, index) => {
		if (!type) errors.push(mailError('The content type is required.', `content.${index}.type`, 'content.type'));
		if (!value) {
			const message = 'The content value must be a string at least one character in length.';
			errors.push(mailError(message, `content.${index}.value`, 'content.value'));
		}
	});
	const plain = blocks.findIndex(({ type }) => type === 'text/plain');
	if (plain > 0) {
		const message = 'If present, text/plain must be first, followed by text/html, and then any other content.';
		errors.push(mailError(message, 'content', 'content'));
	}
	return errors;
}

function optionErrors(mail: MailRequest, nowS: number): MailError[] {
	const errors: MailError[] = [];
	const categories = list(mail.categories);
	if (categories.length > MAX_CATEGORIES) {
		errors.push(mailError(`You cannot have more than ${MAX_CATEGORIES} categories per request.`, 'categories', 'categories'));
	}
	categories.forEach((category, index) => {
		if (textOf(category).length > MAX_CATEGORY_LENGTH) {
			const message = `The category name cannot exceed ${MAX_CATEGORY_LENGTH} characters.`;
			errors.push(mailError(message, `categories.${index}`, 'categories'));
		}
	});
	for (const args of [mail.custom_args, ...list(mail.personalizations).map((part) => part.custom_args)]) {
		if (args !== undefined && Buffer.byteLength(JSON.stringify(args)) > MAX_CUSTOM_ARGS_BYTES) {
			errors.push(mailError('The custom_args may not exceed 10000 bytes.', 'custom_args', 'custom_args'));
		}
	}
	for (const sendAt of [mail.send_at, ...list(mail.personalizations).map((part) => part.send_at)]) {
		if (sendAt !== undefined && sendAt > nowS + MAX_AHEAD_S) {
			errors.push(mailError('Scheduling more than 72 hours in advance is forbidden.', 'send_at', 'send_at'));
		}
	}
	return errors;
}
