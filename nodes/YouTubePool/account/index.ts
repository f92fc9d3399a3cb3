/** What can be done with the accounts of the pool. */
import type { Resource } from '../../shared/operation';

import { checkHealthOperation } from './check-health.operation';
import { getManyAccountsOperation } from './getMany.operation';
import { quarantineOperation } from './quarantine.operation';
import { releaseOperation } from './release.operation';

export const account: Resource = {
	name: 'Account',
	value: 'account',
	operations: [checkHealthOperation, getManyAccountsOperation, quarantineOperation, releaseOperation],
};
