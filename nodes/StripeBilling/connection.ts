/** The Stripe account of the node's credential, with the prices of the tiers. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { StripeCall } from '../../core/billing/client';
import type { BillingCall } from '../../core/billing/once';
import { INTERVALS, TIERS } from '../../core/billing/price-tiers';
import { storeOf } from '../shared/store';

export async function stripeCall(context: IExecuteFunctions, itemIndex: number): Promise<StripeCall> {
	const credential = await context.getCredentials('ytempireStripeApi', itemIndex);
	const text = (name: string) => (typeof credential[name] === 'string' ? credential[name].trim() : '');
	const prices = TIERS.flatMap((tier) =>
		INTERVALS.map((interval): [string, string] => [`${tier}_${interval}`, text(`price${capital(tier)}${capital(interval)}`)]),
	);
	return {
		connection: { secretKey: text('secretKey'), baseUrl: text('baseUrl'), prices: Object.fromEntries(prices) },
		signal: context.getExecutionCancelSignal(),
	};
}

/** For what makes something: the store keeps what was made. */
export async function billingCall(context: IExecuteFunctions, itemIndex: number): Promise<BillingCall> {
	return { ...(await stripeCall(context, itemIndex)), store: await storeOf(context) };
}

function capital(word: string): string {
	return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
