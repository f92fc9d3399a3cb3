/** Deliveries: Stripe's own are opened, all others stay shut. */
import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { openDelivery, TOLERANCE_S } from '../../../core/billing/signature';
import { tierByPrice } from '../../../core/billing/price-tiers';

const SECRET = 'whsec_of-a-test';
const NOW_S = 1_795_000_000;

/** As docs.stripe.com/webhooks/signatures says, made without Stripe's SDK. */
function signed(body: string, { secret = SECRET, at = NOW_S } = {}): string {
	return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

const text = JSON.stringify({ id: 'evt_1', object: 'event', type: 'customer.created', data: { object: { name: 'Ana Ünal' } } }, null, 2);

const open = async (body: string, signature: string | undefined, now = NOW_S) =>
	await openDelivery({ body: Buffer.from(body), signature }, SECRET, now * 1000);

describe('a delivery', () => {
	it('is opened when it is signed over the bytes that came', async () => {
		expect(await open(text, signed(text))).toMatchObject({ id: 'evt_1', type: 'customer.created' });
	});

	it('is opened while a secret is changed and it carries two signatures', async () => {
		const [time, right = ''] = signed(text).split(',');
		const wrong = signed(text, { secret: 'whsec_old' }).split(',')[1] ?? '';
		for (const both of [`${time},${right},${wrong}`, `${time},${wrong},${right}`]) expect(await open(text, both)).toBeDefined();
	});

	it.each([
		['without a signature', text, undefined],
		['with an empty one', text, ''],
		['that somebody else signed', text, signed(text, { secret: 'whsec_of-somebody' })],
		['with a changed body', text.replace('Ana', 'Bob'), signed(text)],
		['with the same JSON in other bytes', JSON.stringify(JSON.parse(text)), signed(text)],
		['with another time than was signed', text, signed(text).replace(`t=${NOW_S}`, `t=${NOW_S + 1}`)],
		['signed in an older way only', text, signed(text).replace('v1=', 'v0=')],
		['that is no event', '[]', signed('[]')],
		['that is no JSON', 'x', signed('x')],
	])('stays shut %s', async (_, body, signature) => {
		expect(await open(body, signature)).toBeUndefined();
	});

	it('stays shut when it is older than five minutes', async () => {
		expect(await open(text, signed(text), NOW_S + TOLERANCE_S)).toBeDefined();
		expect(await open(text, signed(text), NOW_S + TOLERANCE_S + 1)).toBeUndefined();
	});

	it('stays shut where no secret is known', async () => {
		expect(await openDelivery({ body: Buffer.from(text), signature: signed(text, { secret: '' }) }, '', NOW_S * 1000)).toBeUndefined();
	});
});

describe('the tier of a price', () => {
	const tierOf = tierByPrice({ growth_yearly: 'price_of_growth', scale_monthly: 'our_scale' });

	it.each([
		['by the ID that the credential names', { id: 'price_of_growth', lookupKey: '' }, { tier: 'growth', interval: 'yearly' }],
		['by the lookup key that the credential names', { id: 'price_x', lookupKey: 'our_scale' }, { tier: 'scale', interval: 'monthly' }],
		['by its own lookup key where none is named', { id: 'price_x', lookupKey: 'starter_monthly' }, { tier: 'starter', interval: 'monthly' }],
		['not by a lookup key whose place another price has', { id: 'price_x', lookupKey: 'scale_monthly' }, undefined],
		['not for a price of something else', { id: 'price_x', lookupKey: '' }, undefined],
	])('is found %s', (_, price, tier) => {
		expect(tierOf(price)).toEqual(tier);
	});
});
