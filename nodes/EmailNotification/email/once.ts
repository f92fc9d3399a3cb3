/** Options of Send that let the same trouble send one mail and not hundreds. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Occasion } from '../../../core/email/occasion';
import { storeOf } from '../../shared/store';

const MINUTE_MS = 60_000;

const DEFAULT_MINUTES = 60;

export const onceOptions: INodeProperties[] = [
	{
		displayName: 'Once About',
		name: 'onceAbout',
		type: 'string',
		default: '',
		placeholder: 'e.g. accounts that can’t sign in',
		description:
			'What the mail is about: one about the same is not sent again before Once Within has passed, by no execution and no worker; the item goes on with sent: false',
	},
	{
		displayName: 'Once Within (Minutes)',
		name: 'onceWithin',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_MINUTES,
		description: 'How long further mails about the same are held back',
	},
];

/** Undefined for a mail that is always sent. */
export async function occasionOf(context: IExecuteFunctions, itemIndex: number): Promise<Occasion | undefined> {
	const { onceAbout = '', onceWithin = DEFAULT_MINUTES } = context.getNodeParameter('options', itemIndex, {}) as {
		onceAbout?: string;
		onceWithin?: number;
	};
	return onceAbout ? { store: await storeOf(context), about: onceAbout, everyMs: onceWithin * MINUTE_MS } : undefined;
}
