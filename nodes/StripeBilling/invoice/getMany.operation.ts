/** Invoice: Get Many: the newest first. */
import { listInvoices, type InvoiceFilter } from '../../../core/billing/invoices';
import type { Operation } from '../../shared/operation';
import { stripeCall } from '../connection';
import { filledOption, limitOf, listFields } from '../fields';

export const getManyInvoicesOperation: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many invoices',
	description: 'List invoices, the newest first',
	properties: [
		...listFields,
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			options: [
				{ displayName: 'Customer ID', name: 'customerId', type: 'string', default: '', placeholder: 'e.g. cus_QXg1o8vcGmoR32' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'paid',
					options: [
						{ name: 'Draft', value: 'draft' },
						{ name: 'Open', value: 'open' },
						{ name: 'Paid', value: 'paid' },
						{ name: 'Uncollectible', value: 'uncollectible' },
						{ name: 'Void', value: 'void' },
					],
				},
				{
					displayName: 'Subscription ID',
					name: 'subscriptionId',
					type: 'string',
					default: '',
					placeholder: 'e.g. sub_1Pgc6rB7WZ01zgkWNy0Cn5nw',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const filter = (name: string) => filledOption(context, 'filters', name, itemIndex);
		const invoices = await listInvoices(await stripeCall(context, itemIndex), {
			customerId: filter('customerId'),
			subscriptionId: filter('subscriptionId'),
			status: filter('status') as InvoiceFilter['status'],
			limit: limitOf(context, itemIndex),
		});
		return invoices.map((invoice) => ({ json: { ...invoice } }));
	},
};
