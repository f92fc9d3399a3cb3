/** Events as Stripe writes them, as far as plans look at them. */

export interface SubscriptionEvent {
	/** After `customer.subscription.`; `updated` by default. */
	type?: string;
	id?: string;
	subscription?: string;
	customer?: string;
	/** Seconds since 1970. */
	created: number;
	status?: string;
	/** Lookup key of its price. */
	lookupKey?: string | null;
	priceId?: string;
	/** Seconds since 1970. */
	periodEnd?: number;
	userId?: string;
	cancelAtPeriodEnd?: boolean;
	previous?: Record<string, unknown>;
}

let count = 0;

export function subscriptionEvent(given: SubscriptionEvent) {
	count += 1;
	const { created, type = 'updated', status = 'active' } = given;
	return {
		id: given.id ?? `evt_${count}`,
		object: 'event',
		type: `customer.subscription.${type}`,
		created,
		data: {
			object: {
				id: given.subscription ?? 'sub_1',
				object: 'subscription',
				customer: given.customer ?? 'cus_1',
				status,
				cancel_at_period_end: given.cancelAtPeriodEnd ?? false,
				metadata: given.userId ? { user_id: given.userId } : {},
				items: {
					data: [
						{
							current_period_end: given.periodEnd ?? created + 30 * 86_400,
							price: { id: given.priceId ?? 'price_1', lookup_key: given.lookupKey === undefined ? 'starter_monthly' : given.lookupKey },
						},
					],
				},
			},
			...(given.previous ? { previous_attributes: given.previous } : {}),
		},
	};
}

export function customerEvent({
	type = 'created',
	created,
	customer = 'cus_1',
	metadata = { user_id: 'user-1', username: 'Ana' },
	previous,
}: {
	type?: string;
	created: number;
	customer?: string;
	metadata?: Record<string, string>;
	previous?: Record<string, unknown>;
}) {
	count += 1;
	return {
		id: `evt_${count}`,
		object: 'event',
		type: `customer.${type}`,
		created,
		data: { object: { id: customer, object: 'customer', metadata }, ...(previous ? { previous_attributes: previous } : {}) },
	};
}
