/** The node that keeps customers, their subscriptions, payments and invoices at Stripe. */
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { commonDescription, propertiesOf, runOperations } from '../shared/operation';
import { storeCredential } from '../shared/store';

import { customer } from './customer';
import { invoice } from './invoice';
import { payment } from './payment';
import { price } from './price';
import { subscription } from './subscription';

const resources = [customer, invoice, payment, price, subscription];

export class StripeBilling implements INodeType {
	description: INodeTypeDescription = {
		...commonDescription,
		displayName: 'YTEMPIRE Stripe Billing',
		name: 'stripeBilling',
		icon: { light: 'file:stripeBilling.svg', dark: 'file:stripeBilling.dark.svg' },
		description: 'Customers, subscriptions to the tiers, payments and invoices at Stripe; no retry charges twice',
		defaults: { name: 'Stripe Billing' },
		usableAsTool: true,
		credentials: [{ name: 'ytempireStripeApi', required: true }, { ...storeCredential }],
		properties: propertiesOf(resources),
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperations(this, resources);
	}
}
