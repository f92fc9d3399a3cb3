/** Email: Send: any mail, in the same dress. */
import type { INodeProperties } from 'n8n-workflow';

import { once } from '../../../core/email/occasion';
import { sendMail } from '../../../core/email/sendgrid';
import { renderMail } from '../../../core/email/templates/layout';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { optionsField, readConnection, readMail, readOperator, toField } from './fields';
import { occasionOf, onceOptions } from './once';

export const sendOperation: Operation = {
	name: 'Send',
	value: 'send',
	action: 'Send an email',
	description: 'Send a mail of your own words',
	properties: [
		{
			...toField,
			required: false,
			default: "={{ $json.notify_email || '' }}",
			description: "One or more addresses, separated by commas; nobody sees the others. When empty, the credential's Operator Email.",
		},
		{
			displayName: 'Subject',
			name: 'subject',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Two accounts need a new sign-in',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 5 },
			required: true,
			default: '',
			description: 'Plain text; an empty line begins a new paragraph',
		},
		{ ...optionsField, options: [...onceOptions, ...(optionsField.options as INodeProperties[])] },
	],
	async execute(context, itemIndex) {
		const subject = textParameter(context, 'subject', itemIndex);
		const text = textParameter(context, 'text', itemIndex);
		const to = textParameter(context, 'to', itemIndex) || (await readOperator(context, itemIndex));
		const paragraphs = text.split(/\n\s*\n/);
		const sent = await once(await occasionOf(context, itemIndex), async (heldBack) => {
			const mail = renderMail({
				subject,
				preview: text.slice(0, 150),
				badge: { label: 'Message', tone: 'neutral' },
				heading: subject,
				paragraphs,
				figures: [],
				facts: heldBack > 0 ? [{ label: 'Mails about this held back since the last one', value: String(heldBack) }] : [],
				footer: 'Sent by YTEMPIRE in your n8n.',
			});
			const templateData = { event: 'send', subject: mail.subject, text, paragraphs };
			return await sendMail(await readConnection(context, itemIndex), readMail(context, itemIndex, { mail, category: 'send', templateData, to }));
		});
		return [stageItem(context, itemIndex, { email: { ...sent, event: 'send', sent: sent !== undefined, kept: false } })];
	},
};
