/** Fields that all mails share, and the sending itself. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { parseRecipients } from '../../../core/email/recipients';
import { sendMail, type SentMail } from '../../../core/email/sendgrid';
import type { RenderedMail } from '../../../core/email/templates/layout';
import { textParameter } from '../../shared/text';

export const toField: INodeProperties = {
	displayName: 'To',
	name: 'to',
	type: 'string',
	required: true,
	default: '={{ $json.notify_email }}',
	placeholder: 'e.g. ana@example.com, ben@example.com',
	description: 'One or more addresses, separated by commas; nobody sees the others',
};

export const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Sandbox Mode',
			name: 'sandboxMode',
			type: 'boolean',
			default: false,
			description: 'Whether SendGrid only checks the mail and does not deliver it',
		},
	],
};

export function readRecipients(context: IExecuteFunctions, itemIndex: number): string[] {
	return parseRecipients(textParameter(context, 'to', itemIndex));
}

/** Who is told of trouble that is no single video's; empty when the credential names nobody. */
export async function readOperator(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const { operatorEmail = '' } = await context.getCredentials('ytempireSendGridApi', itemIndex);
	return String(operatorEmail);
}

export async function send(
	context: IExecuteFunctions,
	itemIndex: number,
	mail: RenderedMail,
	category: string,
	signal?: AbortSignal,
	to = textParameter(context, 'to', itemIndex),
): Promise<SentMail> {
	const credential = await context.getCredentials('ytempireSendGridApi', itemIndex);
	const { sandboxMode } = context.getNodeParameter('options', itemIndex, {}) as {
		sandboxMode?: boolean;
	};
	const connection = {
		apiKey: String(credential.apiKey),
		baseUrl: String(credential.baseUrl ?? ''),
		from: { email: String(credential.fromEmail), name: String(credential.fromName ?? '') },
	};
	return await sendMail(connection, {
		to: parseRecipients(to),
		mail,
		sandboxMode,
		categories: ['ytempire', category],
		signal,
	});
}
