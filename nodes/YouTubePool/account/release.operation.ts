/** Account: Release: out of quarantine and rest, on a person's word. */
import { release } from '../../../core/pool/health';
import { accountStates } from '../../../core/pool/state';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { poolOf } from '../pool';

import { accountField, accountOf } from './account-field';

export const releaseOperation: Operation = {
	name: 'Release',
	value: 'release',
	action: 'Release an account',
	description:
		'End the quarantine and the rest of an account, and the rest of its Google project. Used quota stays used.',
	properties: [accountField],
	async execute(context, itemIndex) {
		const pool = await poolOf(context, itemIndex);
		const store = await storeOf(context);
		const account = accountOf(context, itemIndex, pool);
		await release(store, account);
		const states = await accountStates(store, pool, [account]);
		return states.map((state) => ({ json: { ...state } }));
	},
};
