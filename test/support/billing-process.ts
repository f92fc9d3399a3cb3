/** Billing as a process of its own, for tests that kill it: settings are JSON in the first argument. */
import type { StripeConnection } from '../../core/billing/client';
import { createCustomer } from '../../core/billing/customers';
import { confirmPayment, createPayment } from '../../core/billing/payments';
import { createSubscription } from '../../core/billing/subscriptions';
import { openStore } from '../../core/store/store';

export interface BillingProcess {
	connection: StripeConnection;
	/** The order that is charged. */
	purpose: string;
	/** File of the store. */
	file: string;
	/** How much later than now it is there, in milliseconds. */
	laterMs?: number;
}

async function main(): Promise<void> {
	const { connection, purpose, file, laterMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as BillingProcess;
	const store = await openStore({ file, clock: { now: () => Date.now() + laterMs } });
	const call = { connection, retry: { baseMs: 20, maxMs: 50 }, store };
	const { customer_id: customerId } = await createCustomer(call, { userId: 'u-1', username: 'ada' });
	const { subscription_id: subscription } = await createSubscription(call, {
		customerId,
		price: { tier: 'growth', interval: 'monthly' },
	});
	const { payment_intent_id: id } = await createPayment(call, {
		purpose,
		amount: 4900,
		currency: 'usd',
		customerId,
		allowRedirects: false,
	});
	const { status } = await confirmPayment(call, id, { paymentMethod: 'pm_card_visa' });
	await store.close();
	process.stdout.write(`${JSON.stringify({ customerId, subscription, id, status })}\n`);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
