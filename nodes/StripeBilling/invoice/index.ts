/** What can be done with invoices. */
import type { Resource } from '../../shared/operation';

import { getInvoiceOperation } from './get.operation';
import { getManyInvoicesOperation } from './getMany.operation';

export const invoice: Resource = {
	name: 'Invoice',
	value: 'invoice',
	operations: [getInvoiceOperation, getManyInvoicesOperation],
};
