/** Each kind of fault does what it says, to the requests it was set for, as often as it was set. */
import { request } from 'node:http';

import { describe, expect, it } from 'vitest';

import type { Sandbox } from '../../sandbox/server';
import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import { chat, chatBody, event, importEvents, MAIL, OPENAI_KEY, sendMail, speak } from './requests';

async function withFault(setting: object): Promise<Sandbox> {
	const sandbox = await temporarySandbox();
	const answer = await ask(`${sandbox.controlUrl}/faults`, { json: setting });
	expect(answer.status).toBe(201);
	return sandbox;
}

const models = (sandbox: Sandbox) => ask(`${sandbox.services.openai.url}/v1/models`, { headers: OPENAI_KEY });

describe('a status fault', () => {
	it.each([
		['openai', 429, 'insufficient_quota', chat, chatBody('bees', 10), (body: any) => body.error.type, 'insufficient_quota'],
		['elevenlabs', 401, 'quota_exceeded', speak, { text: 'Hi' }, (body: any) => body.detail.status, 'quota_exceeded'],
		['sendgrid', 403, 'unverified_sender', sendMail, MAIL, (body: any) => body.errors[0].message, /verified Sender Identity/],
		['mixpanel', 429, undefined, importEvents, [event('a')], (body: any) => body.code, 429],
	] as const)('is answered by %s in its own words', async (service, status, reason, send, body, read, expected) => {
		const sandbox = await withFault({ service, kind: 'status', status, reason });
		const answer = await send(sandbox, body);
		expect(answer.status).toBe(status);
		expect(read(answer.body)).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
		expect(sandbox.recorder.list()).toMatchObject([{ status, fault: 'status' }]);
	});

	it('carries headers and a body of one’s own', async () => {
		const sandbox = await withFault({
			service: 'openai',
			kind: 'status',
			status: 503,
			headers: { 'retry-after': '7' },
			body: { odd: true },
		});
		const answer = await models(sandbox);
		expect(answer.headers.get('retry-after')).toBe('7');
		expect(answer.body).toEqual({ odd: true });
	});

	it('keeps the request’s body on record', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'status', status: 500 });
		await chat(sandbox, chatBody('bees', 10));
		expect(sandbox.recorder.list()[0]?.body).toMatchObject({ model: 'gpt-6-luna' });
	});
});

describe('which requests a fault hits', () => {
	it('is one by default', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'status', status: 500 });
		expect([(await models(sandbox)).status, (await models(sandbox)).status]).toEqual([500, 200]);
	});

	it('begins after those that may pass, and ends after the number set', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'status', status: 500, after: 1, times: 2 });
		const seen: number[] = [];
		for (let index = 0; index < 4; index += 1) seen.push((await models(sandbox)).status);
		expect(seen).toEqual([200, 500, 500, 200]);
	});

	it('is every one with 0 times, until the faults are removed', async () => {
		const sandbox = await withFault({ service: '*', kind: 'status', status: 500, times: 0 });
		expect([(await models(sandbox)).status, (await models(sandbox)).status]).toEqual([500, 500]);
		await ask(`${sandbox.controlUrl}/faults`, { method: 'DELETE' });
		expect((await models(sandbox)).status).toBe(200);
	});

	it('can be told by method, by the path’s beginning, or by an expression', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 500, match: { method: 'POST' } });
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 501, match: { path: '/v1/chat' } });
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 502, match: { path: '^/v1/mod.*\\?limit=1$' } });
		expect((await models(sandbox)).status).toBe(200);
		const limited = await ask(`${sandbox.services.openai.url}/v1/models?limit=1`, { headers: OPENAI_KEY });
		expect(limited.status).toBe(502);
		expect((await chat(sandbox, chatBody('bees', 10))).status).toBe(500);
		expect((await chat(sandbox, chatBody('bees', 10))).status).toBe(501);
	});

	it('is refused when the setting can’t work', async () => {
		const { controlUrl } = await temporarySandbox();
		for (const bad of [{ service: 'openai', kind: 'nonsense' }, { service: 'openai', kind: 'status' }, { service: 'openai', kind: 'slow' }]) {
			expect((await ask(`${controlUrl}/faults`, { json: bad })).status).toBe(400);
		}
	});
});

describe('a broken connection', () => {
	it('comes before any answer with drop', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'drop' });
		await expect(models(sandbox)).rejects.toThrow('fetch failed');
		expect(sandbox.recorder.list()).toMatchObject([{ status: null, fault: 'drop' }]);
	});

	it('comes after the given bytes of the body with drop-after-bytes', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'drop-after-bytes', bytes: 1000 });
		await new Promise<void>((resolve) => {
			const sending = request(`${sandbox.services.openai.url}/v1/chat/completions`, {
				method: 'POST',
				headers: { ...OPENAI_KEY, 'content-length': 1_000_000 },
			});
			sending.on('error', () => resolve());
			sending.write(Buffer.alloc(500_000));
		});
		expect(sandbox.recorder.list()).toMatchObject([{ status: null, body: { bytes: 1000 } }]);
	});

	it('comes after the work is done with drop-answer', async () => {
		const sandbox = await withFault({ service: 'sendgrid', kind: 'drop-answer' });
		await expect(sendMail(sandbox, MAIL)).rejects.toThrow('fetch failed');
		expect(sandbox.state('sendgrid')).toMatchObject({ mails: [{ subject: MAIL.subject }] });
	});
});

describe('a slow answer', () => {
	it('waits the time set, then goes on as usual', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'slow', delayMs: 150 });
		const before = performance.now();
		expect((await models(sandbox)).status).toBe(200);
		expect(performance.now() - before).toBeGreaterThanOrEqual(145);
	});

	it('is the rule with latency, for one service or for all', async () => {
		const sandbox = await temporarySandbox();
		await ask(`${sandbox.controlUrl}/latency`, { json: { service: 'openai', ms: 120 } });
		const before = performance.now();
		await models(sandbox);
		expect(performance.now() - before).toBeGreaterThanOrEqual(115);
		expect((await ask(`${sandbox.controlUrl}/faults`)).body.latency).toEqual({ openai: 120 });
	});
});

describe('a malformed answer', () => {
	it('has JSON that ends in the middle', async () => {
		const sandbox = await withFault({ service: 'openai', kind: 'malformed' });
		const answer = await models(sandbox);
		expect(answer.status).toBe(200);
		expect(answer.body).toMatch(/^\{"object":"list"/);
		expect(() => JSON.parse(answer.body)).toThrow();
	});
});
