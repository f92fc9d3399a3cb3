/** Fields that all mails share, and what is read from them. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { categoriesOf, templateIdOf } from '../../../core/email/options';
import { parseRecipients, parseReplyTo, type Recipients } from '../../../core/email/recipients';
import type { MailOptions, SendGridConnection } from '../../../core/email/sendgrid';
import type { RenderedMail } from '../../../core/email/templates/layout';
import { textParameter } from '../../shared/text';

export const toField: INodeProperties = {
	displayName: 'To',
	name: 'to',
	type: 'string',
	required: true,
	default: '={{ $json.notify_email }}',
	placeholder: 'e.g. ana@example.com, ben@example.com',
	description: 'One or more addresses, separated by commas; nobody sees the others unless Cc or Bcc is filled in',
};

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Bcc',
			name: 'bcc',
			type: 'string',
			default: '',
			description: 'Addresses that get a copy without the others seeing it. With Cc or Bcc it is one mail to all.',
		},
		{
			displayName: 'Categories',
			name: 'categories',
			type: 'string',
			default: '',
			placeholder: 'e.g. volcanoes, team-a',
			description: 'For SendGrid’s statistics, separated by commas: at most 8, beside "ytempire" and the event',
		},
		{
			displayName: 'Cc',
			name: 'cc',
			type: 'string',
			default: '',
			description: 'Addresses that get a copy. With Cc or Bcc it is one mail to all, in which To and Cc see each other.',
		},
		{
			displayName: 'Dynamic Template ID',
			name: 'templateId',
			type: 'string',
			default: '',
			placeholder: 'e.g. d-0123456789abcdef0123456789abcdef',
			description:
				'A template of your SendGrid account in place of our mail. For videos it may show event, subject, title, video_id, duration, quality, quality_reasons, cost, link, stage, reason and cure; for Send: subject, text and paragraphs.',
		},
		{
			displayName: 'Reply To',
			name: 'replyTo',
			type: 'string',
			default: '',
			description: 'The address that answers go to',
		},
		{
			displayName: 'Sandbox Mode',
			name: 'sandboxMode',
			type: 'boolean',
			default: false,
			description: 'Whether SendGrid only checks the mail and does not deliver it',
		},
	],
};

interface Options {
	bcc?: string;
	categories?: string;
	cc?: string;
	replyTo?: string;
	sandboxMode?: boolean;
	templateId?: string;
}

export function readRecipients(
	context: IExecuteFunctions,
	itemIndex: number,
	to = textParameter(context, 'to', itemIndex),
): Recipients {
	const { cc, bcc } = readOptions(context, itemIndex);
	return parseRecipients({ to, cc: textOf(cc), bcc: textOf(bcc) });
}

/** Who is told of trouble that is no single video's; empty when the credential names nobody. */
export async function readOperator(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const { operatorEmail } = await context.getCredentials('ytempireSendGridApi', itemIndex);
	return textOf(operatorEmail);
}

interface MailParts {
	mail: RenderedMail;
	category: string;
	/** What a template of the account's own may show. */
	templateData: Record<string, unknown>;
	/** In place of the node's field To. */
	to?: string;
}

export function readMail(
	context: IExecuteFunctions,
	itemIndex: number,
	{ mail, category, templateData, to }: MailParts,
): MailOptions {
	const { categories, replyTo, sandboxMode, templateId } = readOptions(context, itemIndex);
	const id = templateIdOf(textOf(templateId));
	const answersTo = textOf(replyTo);
	return {
		recipients: readRecipients(context, itemIndex, to),
		mail,
		...(id ? { template: { id, data: templateData } } : {}),
		...(answersTo ? { replyTo: parseReplyTo(answersTo) } : {}),
		sandboxMode: sandboxMode === true,
		categories: categoriesOf(['ytempire', category], textOf(categories)),
		signal: context.getExecutionCancelSignal(),
	};
}

export async function readConnection(context: IExecuteFunctions, itemIndex: number): Promise<SendGridConnection> {
	const credential = await context.getCredentials('ytempireSendGridApi', itemIndex);
	return {
		apiKey: String(credential.apiKey),
		region: credential.region === 'eu' ? 'eu' : 'global',
		baseUrl: String(credential.baseUrl ?? '').trim(),
		from: { email: String(credential.fromEmail), name: String(credential.fromName ?? '') },
	};
}

function readOptions(context: IExecuteFunctions, itemIndex: number): Options {
	return context.getNodeParameter('options', itemIndex, {});
}

/** An expression may give anything. */
function textOf(value: unknown): string {
	return String(value ?? '').trim();
}
