/** The Stripe account of the node's credential, with the prices of the tiers. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { StripeCall } from '../../core/billing/client';
import { INTERVALS, TIERS } from '../../core/billing/price-tiers';

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

function capital(word: string): string {
	return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
