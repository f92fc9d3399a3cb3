/** Customer: Update Plan: writes down what an event of Stripe's says, unless something newer is known. */
import { updatePlan } from '../../../core/billing/plans';
import { invalidRequest } from '../../../core/errors';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';

import { tiersOf } from './tiers';

export const updatePlanOperation: Operation = {
	name: 'Update Plan',
	value: 'updatePlan',
	action: "Update a customer's plan",
	description: "Keep a customer's plan up to date by an event of Stripe's; an older event doesn't undo a newer one",
	properties: [
		{
			displayName: 'Event',
			name: 'event',
			type: 'json',
			required: true,
			default: '={{ $json }}',
			description: 'The whole event, as the Stripe Billing Trigger gives it',
		},
	],
	async execute(context, itemIndex) {
		const given = context.getNodeParameter('event', itemIndex);
		const event = typeof given === 'string' ? parsed(given) : given;
		const { changed, plan } = await updatePlan(await storeOf(context), event, await tiersOf(context));
		return [{ json: { ...(plan ?? {}), changed } }];
	},
};

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw invalidRequest('The event is not JSON', {
			cure: 'Hand over the whole event as the Stripe Billing Trigger gives it.',
			reason: 'invalid-json',
		});
	}
}
