/** Invoice: Get. */
import { getInvoice } from '../../../core/billing/invoices';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { stripeCall } from '../connection';

export const getInvoiceOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get an invoice',
	description: 'Look at one invoice, with the addresses of its page and its PDF',
	properties: [
		{
			displayName: 'Invoice ID',
			name: 'invoiceId',
			type: 'string',
			required: true,
			default: '={{ $json.subscription?.latest_invoice_id }}',
			placeholder: 'e.g. in_1Pgc6tB7WZ01zgkWu9fdqL6I',
		},
	],
	async execute(context, itemIndex) {
		const invoice = await getInvoice(await stripeCall(context, itemIndex), textParameter(context, 'invoiceId', itemIndex));
		return [stageItem(context, itemIndex, { invoice })];
	},
};
