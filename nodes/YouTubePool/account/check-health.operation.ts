/** Account: Check Health: signs accounts in, and puts those that can't into quarantine. */
import { redact } from '../../../core/redact';
import { accountStates } from '../../../core/pool/state';
import { checkHealth } from '../../../core/youtube/check-pool';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import { poolOf } from '../pool';

import { accountField, accountOf } from './account-field';

export const checkHealthOperation: Operation = {
	name: 'Check Health',
	value: 'checkHealth',
	action: 'Check the health of accounts',
	description:
		"Sign in with one account or all; costs no quota. One that Google turns away goes into quarantine, one that can sign in again leaves it.",
	properties: [
		{ ...accountField, required: false, default: '', description: 'Only this account is checked. When empty, all are.' },
	],
	async execute(context, itemIndex) {
		const pool = await poolOf(context, itemIndex);
		const store = await storeOf(context);
		const one = textParameter(context, 'account', itemIndex);
		const accounts = one ? [accountOf(context, itemIndex, pool)] : pool.accounts;
		const checks = await checkHealth(store, pool, accounts, context.getExecutionCancelSignal());
		const states = await accountStates(store, pool, accounts);
		return states.map((state, index) => {
			const problem = redact(checks[index]?.problem ?? '');
			return { json: { ...state, signed_in: problem === '', problem, sign_in_ends_at: checks[index]?.sign_in_ends_at ?? null } };
		});
	},
};
