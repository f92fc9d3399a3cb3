/** Stripe's events in n8n: none lost, none counted twice, and how fast beside n8n's own Stripe Trigger in the same n8n. */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { signingSecret } from '../core/billing/endpoint';
import { openStore } from '../core/store/store';
import { sandboxCredentials } from '../host/credentials';
import { createN8nInstance, type N8nInstance } from '../host/n8n';
import { startSandboxProcess } from '../host/sandbox';
import { KEYS } from '../sandbox/keys';
import { figure, inTurns, median, type Figure } from './report';

/** Each trigger gets as many, in rounds of equal size. */
const EVENTS = 1000;
const ROUNDS = 5;

/** Of the events, delivered a second time afterwards, each twice at once. */
const REPLAYED = 200;

/** Deliveries under way at a time. */
const AT_ONCE = 10;

const PATIENCE_MS = 120_000;

/** n8n's own trigger knows no other address of Stripe than the real one. */
const REDIRECT = (to: string) => `
const http = require('node:http');
const https = require('node:https');
const ask = https.request;
https.request = (options, ...rest) => options.hostname === 'api.stripe.com'
	? http.request({ ...options, protocol: 'http:', agent: undefined, agents: undefined, hostname: '${new URL(to).hostname}', host: '${new URL(to).host}', port: ${new URL(to).port} }, ...rest)
	: ask(options, ...rest);
`;

const TRIGGERS = {
	own: { type: 'n8n-nodes-ytempire.stripeBillingTrigger', credential: 'ytempireStripeApi', webhookId: '0d6a3f0e-7c1e-4f7e-9a53-d0a5c0fbe001', path: 'stripe' },
	peer: { type: 'n8n-nodes-base.stripeTrigger', credential: 'stripeApi', webhookId: '0d6a3f0e-7c1e-4f7e-9a53-d0a5c0fbe002', path: 'webhook' },
} as const;

type Who = keyof typeof TRIGGERS;

const idOf = (who: Who) => `bench_${who}`;

interface Bed {
	n8n: N8nInstance;
	/** n8n's own database, to see what has begun and ended without asking n8n. */
	database: DatabaseSync;
	secrets: Record<Who, string>;
	agent: Agent;
}

export async function measure(): Promise<Figure[]> {
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-bench-'));
	const sandbox = await startSandboxProcess(join(scratch, 'sandbox'));
	const redirect = join(scratch, 'redirect.cjs');
	writeFileSync(redirect, REDIRECT(sandbox.services.stripe ?? ''));
	const n8n = await createN8nInstance({
		userFolder: join(scratch, 'n8n'),
		env: { NODE_OPTIONS: `--require=${redirect}` },
	});
	const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
	try {
		const own = sandboxCredentials(sandbox.services, { name: 'unused', value: 'unused' }).filter(({ type }) => type === TRIGGERS.own.credential);
		const peer = { id: 'bench-peer', name: 'Stripe', type: TRIGGERS.peer.credential, data: { secretKey: KEYS.stripe.secretKey, signatureSecret: '' } };
		await n8n.importCredentials([...own, peer]);
		await n8n.importWorkflows([workflow('own', own[0]?.id ?? ''), workflow('peer', peer.id)]);
		await n8n.start();
		await n8n.publish([idOf('own'), idOf('peer')]);
		const database = new DatabaseSync(join(n8n.userFolder, '.n8n', 'database.sqlite'), { readOnly: true });
		const bed = { n8n, database, agent, secrets: await secretsOf(n8n, database) };
		return await figuresOf(bed);
	} finally {
		agent.destroy();
		await n8n.remove();
		await sandbox.stop();
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** The trigger and a node that does nothing: what is measured is the way in. */
function workflow(who: Who, credential: string): object {
	const { type, credential: credentialType, webhookId } = TRIGGERS[who];
	return {
		id: idOf(who),
		name: `Bench ${who}`,
		nodes: [
			{
				id: `${who}-trigger`,
				name: 'Trigger',
				type,
				typeVersion: 1,
				position: [0, 0],
				parameters: { events: ['customer.updated'] },
				webhookId,
				credentials: { [credentialType]: { id: credential, name: 'Stripe' } },
			},
			{ id: `${who}-end`, name: 'End', type: 'n8n-nodes-base.noOp', typeVersion: 1, position: [200, 0], parameters: {} },
		],
		connections: { Trigger: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all' },
		active: false,
	};
}

/** What each endpoint's events are signed with; both are there some time after the workflows are published. */
async function secretsOf(n8n: N8nInstance, database: DatabaseSync): Promise<Record<Who, string>> {
	const deadline = Date.now() + PATIENCE_MS;
	const file = join(n8n.userFolder, '.n8n', 'ytempire', 'ytempire.sqlite');
	while (!existsSync(file)) {
		if (Date.now() > deadline) throw new Error(`Our trigger was not started. n8n says in ${n8n.log}`);
		await delay(100);
	}
	const store = await openStore({ file });
	try {
		for (;;) {
			const made = await store.db.selectFrom('billing_endpoints').select('endpoint').executeTakeFirst();
			const own = made && (await signingSecret(store, made.endpoint, () => KEYS.stripe.secretKey));
			const row = database.prepare('select staticData from workflow_entity where id = ?').get(idOf('peer')) as { staticData: string | null };
			const data = JSON.parse(row.staticData ?? '{}') as Record<string, { webhookSecret?: string }>;
			const peer = data['node:Trigger']?.webhookSecret;
			if (own && peer) return { own, peer };
			if (Date.now() > deadline) throw new Error(`The endpoint of ${own ? "n8n's own trigger" : 'our trigger'} was not made. n8n says in ${n8n.log}`);
			await delay(100);
		}
	} finally {
		await store.close();
	}
}

/** n8n serves a webhook some time after it is registered; the first deliveries may find none. */
async function untilServed(bed: Bed, who: Who): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	const body = JSON.stringify({ id: 'evt_not_chosen', object: 'event', type: 'customer.created' });
	while ((await deliver(bed, who, body)).status !== 200) {
		if (Date.now() > deadline) throw new Error(`n8n does not serve the webhook of ${who}.`);
		await delay(100);
	}
}

let made = 0;

function event(): { id: string; body: string } {
	made += 1;
	const id = `evt_bench_${made}_${randomBytes(6).toString('hex')}`;
	// as large as Stripe's are
	const object = { id: `cus_${made}`, object: 'customer', name: 'Ana', metadata: { user_id: `user-${made}` }, description: 'x'.repeat(1500) };
	return {
		id,
		body: JSON.stringify({ id, object: 'event', type: 'customer.updated', created: Math.floor(Date.now() / 1000), livemode: false, data: { object } }, null, 2),
	};
}

/** @returns the answer's status, and milliseconds to it */
async function deliver({ n8n, agent, secrets }: Bed, who: Who, body: string): Promise<{ status: number; ms: number }> {
	const at = Math.floor(Date.now() / 1000);
	const mark = createHmac('sha256', secrets[who]).update(`${at}.${body}`).digest('hex');
	const { webhookId, path } = TRIGGERS[who];
	const began = performance.now();
	return await new Promise((resolve, reject) => {
		const asked = request(
			`${n8n.url}/webhook/${webhookId}/${path}`,
			{
				method: 'POST',
				agent,
				headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'stripe-signature': `t=${at},v1=${mark}` },
			},
			(answer) => {
				answer.resume();
				answer.once('end', () => { resolve({ status: answer.statusCode ?? 0, ms: performance.now() - began }); });
				answer.once('error', reject);
			},
		);
		asked.once('error', reject);
		asked.end(body);
	});
}

/** All of them, as many at a time as said; what is not taken in is delivered again, as Stripe does. */
async function deliverAll(bed: Bed, who: Who, bodies: string[]): Promise<number[]> {
	const waiting = [...bodies];
	const times: number[] = [];
	const work = async (): Promise<void> => {
		for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
			const { status, ms } = await deliver(bed, who, body);
			times.push(ms);
			if (status === 409) waiting.push(body);
			else if (status !== 200) throw new Error(`${who}: a delivery was answered with ${status}.`);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return times;
}

function countOf({ database }: Bed, who: Who): number {
	const { count } = database
		.prepare("select count(*) as count from execution_entity where workflowId = ? and status = 'success'")
		.get(idOf(who)) as { count: number };
	return count;
}

async function untilDone(bed: Bed, who: Who, count: number): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	while (countOf(bed, who) < count) {
		if (Date.now() > deadline) throw new Error(`${who}: only ${countOf(bed, who)} of ${count} executions ended.`);
		await delay(10);
	}
}

async function figuresOf(bed: Bed): Promise<Figure[]> {
	const size = EVENTS / ROUNDS;
	const sent: Record<Who, Array<{ id: string; body: string }>> = { own: [], peer: [] };
	const answers: Record<Who, number[]> = { own: [], peer: [] };
	// the first ones of each load code and fill caches; they are counted, but not timed
	for (const who of ['own', 'peer'] as const) {
		await untilServed(bed, who);
		const warm = Array.from({ length: 20 }, event);
		sent[who].push(...warm);
		await deliverAll(bed, who, warm.map(({ body }) => body));
		await untilDone(bed, who, sent[who].length);
	}
	const round = async (who: Who): Promise<number[]> => {
		const events = Array.from({ length: size }, event);
		sent[who].push(...events);
		const began = performance.now();
		answers[who].push(...(await deliverAll(bed, who, events.map(({ body }) => body))));
		await untilDone(bed, who, sent[who].length);
		return [(size / (performance.now() - began)) * 1000];
	};
	const rates = await inTurns(ROUNDS, { own: async () => await round('own'), peer: async () => await round('peer') });
	const rateOf = (who: Who) => median(rates[who].flat());

	const replays = sent.own.slice(0, REPLAYED).flatMap(({ body }) => [body, body]);
	await deliverAll(bed, 'own', replays);
	// new ones among their own replays
	const fresh = Array.from({ length: 50 }, event);
	sent.own.push(...fresh);
	await deliverAll(bed, 'own', fresh.flatMap(({ body }) => [body, body, body]));
	await untilDone(bed, 'own', sent.own.length);
	await delay(500);

	const started = startedWith(bed, 'own');
	const times = sent.own.map(({ id }) => started.get(id) ?? 0);
	return [
		figure(`events delivered, with ${replays.length + 2 * fresh.length} replays among them`, sent.own.length, 'events', { atLeast: EVENTS }),
		figure('lost', times.filter((count) => count === 0).length, 'events', { atMost: 0 }),
		figure('counted twice', times.filter((count) => count > 1).length, 'events', { atMost: 0 }),
		figure('events a second, each delivered once', rateOf('own'), 'events/s', { peer: rateOf('peer'), atLeast: Number(rateOf('peer').toPrecision(3)) }),
		figure('answer to a delivery', median(answers.own), 'ms', { peer: median(answers.peer) }),
	];
}

/** How many executions there are of each event. */
function startedWith({ database }: Bed, who: Who): Map<string, number> {
	const rows = database
		.prepare('select d.data from execution_entity e join execution_data d on d.executionId = e.id where e.workflowId = ?')
		.all(idOf(who)) as Array<{ data: string }>;
	const counts = new Map<string, number>();
	for (const { data } of rows) {
		const id = /evt_bench_\w+/.exec(data)?.[0];
		if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
	}
	return counts;
}
