/** The Stripe account of the node's credential. */
import type { IHookFunctions } from 'n8n-workflow';

import type { StripeCall } from '../../core/billing/client';

export async function stripeOf(context: IHookFunctions): Promise<StripeCall> {
	const { secretKey, baseUrl } = await context.getCredentials<{ secretKey: string; baseUrl: string }>('ytempireStripeApi');
	return { connection: { secretKey, baseUrl } };
}
