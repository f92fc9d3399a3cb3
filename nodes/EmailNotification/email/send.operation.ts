/** Email: Send: any mail, in the same dress. */
import { renderMail } from '../../../core/email/templates/layout';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { optionsField, send, toField } from './fields';

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
		const mail = renderMail({
			subject,
			preview: text.slice(0, 120),
			accent: '#1565c0',
			heading: subject,
			paragraphs: text.split(/\n\s*\n/),
			facts: [],
			footer: 'Sent by YTEMPIRE in your n8n.',
		});
		const sent = await send(context, itemIndex, mail, 'send', context.getExecutionCancelSignal());
		return [stageItem(context, itemIndex, { email: { ...sent, event: 'send', kept: false } })];
	},
};
