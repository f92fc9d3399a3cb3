/** Account: Get Many: how the accounts of the pool stand. */
import { accountStates } from '../../../core/pool/state';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { poolOf } from '../pool';

export const getManyAccountsOperation: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many accounts',
	description: 'List how each account stands, why, when it is back, and what it has used and has left today',
	properties: [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { returnAll: [false] } },
		},
	],
	async execute(context, itemIndex) {
		const pool = await poolOf(context, itemIndex);
		const store = await storeOf(context);
		const all = context.getNodeParameter('returnAll', itemIndex);
		const limit = all ? pool.accounts.length : (context.getNodeParameter('limit', itemIndex));
		const states = await accountStates(store, pool, pool.accounts.slice(0, limit));
		return states.map((state) => ({ json: { ...state } }));
	},
};
