/** A process is killed after Stripe has done what it asked and before it hears so: the next run does it no second time. */
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { describe, expect, it, onTestFinished } from 'vitest';

import { KEYS } from '../../../sandbox/keys';
import type { BillingProcess } from '../../support/billing-process';
import { stripeScene } from '../../support/stripe';

type IsHeld = (method: string, path: string) => boolean;

interface Outcome {
	signal: NodeJS.Signals | null;
	said: string;
	failed: string;
}

/** The request never comes to Stripe, or Stripe's answer never back. */
type Point = 'before' | 'after';

/** Stands between process and Stripe; keeps back the chosen request, or the answer to it, and says that it was there. */
async function heldBack(target: string, point: Point, isHeld: IsHeld, onHeld: () => void): Promise<string> {
	const server = createServer((incoming, outgoing) => {
		void (async () => {
			const body = await buffer(incoming);
			const { method = '', url: path = '', headers } = incoming;
			if (point === 'before' && isHeld(method, path)) {
				onHeld();
				return;
			}
			const passed = request(`${target}${path}`, { method, headers }, (answer) => {
				void buffer(answer).then((bytes) => {
					if (isHeld(method, path)) {
						onHeld();
						return;
					}
					outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
					outgoing.end(bytes);
				});
			});
			passed.end(body);
		})();
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function scene() {
	const stripe = await stripeScene();
	const { file } = stripe.store;
	const run = async (laterMs = 0, point: Point = 'after', isHeld: IsHeld = () => false): Promise<Outcome> => {
		let kill: () => void = () => undefined;
		const baseUrl = await heldBack(stripe.url, point, isHeld, () => kill());
		const settings: BillingProcess = { connection: { secretKey: KEYS.stripe.secretKey, baseUrl }, purpose: 'order-1', file, laterMs };
		const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/billing-process.ts', JSON.stringify(settings)], {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		kill = () => child.kill('SIGKILL');
		let said = '';
		let failed = '';
		child.stdout.on('data', (text: Buffer) => (said += text.toString()));
		child.stderr.on('data', (text: Buffer) => (failed += text.toString()));
		const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
			child.once('close', (_code, by) => resolve(by));
		});
		return { signal, said, failed };
	};
	return { ...stripe, run };
}

const POINTS: Array<[name: string, isHeld: IsHeld]> = [
	['the charge', (method, path) => method === 'POST' && path.endsWith('/confirm')],
	['the payment’s creation', (method, path) => method === 'POST' && path === '/v1/payment_intents'],
	['the subscription’s creation', (method, path) => method === 'POST' && path === '/v1/subscriptions'],
	['the customer’s creation', (method, path) => method === 'POST' && path === '/v1/customers'],
];

const LATER: Array<[name: string, ms: number]> = [
	['at once', 0],
	['two days later, when Stripe has forgotten the key', 2 * 24 * 3_600_000],
];

const POINTS_IN_TIME = POINTS.flatMap(([name, isHeld]) => LATER.map(([when, ms]) => [name, when, ms, isHeld] as const));

describe.each([
	['after the act and before its answer', 'after'],
	['before the act', 'before'],
] as const)('a process that is killed %s', (_where, point) => {
	it.each(POINTS_IN_TIME)('of %s leaves one of each and one charge when it runs again %s', async (_name, _when, laterMs, isHeld) => {
		const { run, kept, sandbox } = await scene();
		expect((await run(0, point, isHeld)).signal).toBe('SIGKILL');
		sandbox.clock.advance(laterMs);
		const { signal, said, failed } = await run(laterMs);
		expect([signal, failed]).toEqual([null, '']);
		expect(JSON.parse(said)).toMatchObject({ status: 'succeeded' });
		const { customers, subscriptions, payment_intents: payments, charges } = kept();
		expect(customers).toHaveLength(1);
		expect(subscriptions.filter(({ status }) => status !== 'incomplete_expired')).toHaveLength(1);
		// one more belongs to the subscription's first invoice
		expect(payments.filter(({ metadata }) => metadata.payment_for === 'order-1')).toHaveLength(1);
		expect(charges).toMatchObject([{ amount: 4900, currency: 'usd', paid: true }]);
	}, 240_000);
});
