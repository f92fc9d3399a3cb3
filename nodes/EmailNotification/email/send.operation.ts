/** Email: Send: any mail, in the same dress. */
import { sendMail } from '../../../core/email/sendgrid';
import { renderMail } from '../../../core/email/templates/layout';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { optionsField, readConnection, readMail, toField } from './fields';

export const sendOperation: Operation = {
	name: 'Send',
	value: 'send',
	action: 'Send an email',
	description: 'Send a mail of your own words',
	properties: [
		toField,
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
		optionsField,
	],
	async execute(context, itemIndex) {
		const subject = textParameter(context, 'subject', itemIndex);
		const text = textParameter(context, 'text', itemIndex);
		const paragraphs = text.split(/\n\s*\n/);
		const mail = renderMail({
			subject,
			preview: text.slice(0, 150),
			badge: { label: 'Message', tone: 'neutral' },
			heading: subject,
			paragraphs,
			figures: [],
			facts: [],
			footer: 'Sent by YTEMPIRE in your n8n.',
		});
		const options = readMail(context, itemIndex, {
			mail,
			category: 'send',
			templateData: { event: 'send', subject: mail.subject, text, paragraphs },
		});
		const sent = await sendMail(await readConnection(context, itemIndex), options);
		return [stageItem(context, itemIndex, { email: { ...sent, event: 'send', kept: false } })];
	},
};
