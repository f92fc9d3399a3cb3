/** The Stripe account of the node's credential, with the prices of the tiers and the store that keeps what was made there. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { BillingCall } from '../../core/billing/once';
import { INTERVALS, TIERS } from '../../core/billing/price-tiers';
import { storeOf } from '../shared/store';

export async function stripeCall(context: IExecuteFunctions, itemIndex: number): Promise<BillingCall> {
	const credential = await context.getCredentials('ytempireStripeApi', itemIndex);
	const text = (name: string) => (typeof credential[name] === 'string' ? credential[name].trim() : '');
	const prices = TIERS.flatMap((tier) =>
		INTERVALS.map((interval): [string, string] => [`${tier}_${interval}`, text(`price${capital(tier)}${capital(interval)}`)]),
	);
	const perSecond = Number(credential.requestsPerSecond) || undefined;
	return {
		connection: { secretKey: text('secretKey'), baseUrl: text('baseUrl'), prices: Object.fromEntries(prices), perSecond },
		store: await storeOf(context),
		signal: context.getExecutionCancelSignal(),
	};
}

function capital(word: string): string {
	return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
