/** The field that names one account of the pool, and the account behind it. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import { accountNamed, type PoolAccount, type YouTubePool } from '../../../core/pool/accounts';
import { textParameter } from '../../shared/text';

export const accountField: INodeProperties = {
	displayName: 'Account or Channel ID',
	name: 'account',
	type: 'string',
	required: true,
	default: "={{ $json.account_id || '' }}",
	placeholder: 'e.g. account-03',
};

/** @throws YtempireError `invalid-request` when the field is empty or names none of the pool's accounts */
export function accountOf(context: IExecuteFunctions, itemIndex: number, pool: YouTubePool): PoolAccount {
	const name = textParameter(context, 'account', itemIndex);
	if (name) return accountNamed(pool, name);
	throw invalidRequest('No account is named', {
		cure: 'Give an account ID or channel ID of the YouTube Pool credential.',
		reason: 'account-missing',
		issues: [{ field: 'account', reason: 'must be filled in' }],
	});
}
