/** Account: Quarantine: out of service until a person releases it. */
import { quarantine } from '../../../core/pool/health';
import { accountStates } from '../../../core/pool/state';
import { cleanText } from '../../../core/text';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import { poolOf } from '../pool';

import { accountField, accountOf } from './account-field';

/** Characters of a reason that are kept. */
const LONGEST_REASON = 200;

export const quarantineOperation: Operation = {
	name: 'Quarantine',
	value: 'quarantine',
	action: 'Quarantine an account',
	description: 'Take an account out of service until it is released, also when it is connected anew',
	properties: [
		accountField,
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			placeholder: 'e.g. copyright strike',
			description: 'Shown wherever the account is passed over',
		},
	],
	async execute(context, itemIndex) {
		const pool = await poolOf(context, itemIndex);
		const store = await storeOf(context);
		const account = accountOf(context, itemIndex, pool);
		const reason = cleanText(textParameter(context, 'reason', itemIndex)).slice(0, LONGEST_REASON);
		await quarantine(store, account, reason || 'by hand');
		const states = await accountStates(store, pool, [account]);
		return states.map((state) => ({ json: { ...state } }));
	},
};
