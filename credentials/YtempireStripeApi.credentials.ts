/** How to sign in to Stripe, and which prices its tiers have there. */
import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class YtempireStripeApi implements ICredentialType {
	name = 'ytempireStripeApi';

	displayName = 'YTEMPIRE Stripe API';

	icon: Icon = { light: 'file:ytempireStripe.svg', dark: 'file:ytempireStripe.dark.svg' };

	documentationUrl = 'https://docs.stripe.com/keys';

	properties: INodeProperties[] = [
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. sk_test_…',
			description:
				'A secret or restricted key. With one that begins with sk_test_ or rk_test_ no money moves; sk_live_ and rk_live_ charge real cards.',
		},
		{
			displayName: 'Webhook Signing Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. whsec_…',
			description:
				'Only for an endpoint that was made by hand in Stripe. The trigger keeps the secret of one that it registers itself.',
		},
		price('Starter', 'Monthly'),
		price('Starter', 'Yearly'),
		price('Growth', 'Monthly'),
		price('Growth', 'Yearly'),
		price('Scale', 'Monthly'),
		price('Scale', 'Yearly'),
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.stripe.com',
		},
		{
			displayName: 'Requests per Second',
			name: 'requestsPerSecond',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 100,
			description: 'What the account may send; further requests wait for their turn. Stripe allows 100, 25 in test mode.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.secretKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/prices', qs: { limit: '1' } },
	};
}

/** Empty: the price is found by its lookup key, e.g. `starter_monthly`. */
function price(tier: string, period: string): INodeProperties {
	return {
		displayName: `${tier}, ${period}: Price`,
		name: `price${tier}${period}`,
		type: 'string',
		default: '',
		placeholder: 'e.g. price_1PgafmB7WZ01zgkW6dKueIc5',
		description: `The price's ID or its lookup key in Stripe. When empty: the lookup key ${tier.toLowerCase()}_${period.toLowerCase()}.`,
	};
}
