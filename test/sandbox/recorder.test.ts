/** What the sandbox records, and how it is read and forgotten over the control API. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import { chat, chatBody, event, importEvents, MAIL, MIXPANEL_KEY, sendMail } from './requests';

describe('the record of a request', () => {
	it('has method, path, query, body and status', async () => {
		const sandbox = await temporarySandbox();
		await importEvents(sandbox, [event('a')]);
		expect(sandbox.recorder.list()).toMatchObject([
			{ service: 'mixpanel', method: 'POST', path: '/import', query: { strict: '1' }, body: [event('a')], status: 200 },
		]);
	});

	it('never shows a key, but shows when two are the same', async () => {
		const sandbox = await temporarySandbox();
		const url = `${sandbox.services.openai.url}/v1/models?api_key=secret-in-query`;
		for (const key of ['one', 'one', 'two']) await ask(url, { headers: { authorization: `Bearer ${key}` } });
		const records = sandbox.recorder.list();
		const marks = records.map(({ headers }) => headers.authorization);
		expect(marks[0]).toBe(marks[1]);
		expect(marks[0]).not.toBe(marks[2]);
		expect(JSON.stringify(records)).not.toMatch(/Bearer|secret-in-query/);
	});

	it('keeps a body that is not JSON by length and hash', async () => {
		const sandbox = await temporarySandbox();
		await ask(`${sandbox.services.mixpanel.url}/import`, { method: 'POST', body: 'plain', headers: MIXPANEL_KEY });
		expect(sandbox.recorder.list()[0]?.body).toEqual({
			bytes: 5,
			sha256: createHash('sha256').update('plain').digest('hex'),
		});
	});

	it('reads a compressed body', async () => {
		const sandbox = await temporarySandbox();
		const answer = await ask(`${sandbox.services.mixpanel.url}/import`, {
			method: 'POST',
			body: gzipSync(JSON.stringify([event('a')])),
			headers: { ...MIXPANEL_KEY, 'content-type': 'application/json', 'content-encoding': 'gzip' },
		});
		expect(answer.status).toBe(200);
		expect(sandbox.recorder.list()[0]?.body).toEqual([event('a')]);
	});
});

describe('the control API', () => {
	it('lists requests by service, method and path, and forgets them', async () => {
		const sandbox = await temporarySandbox();
		await chat(sandbox, chatBody('bees', 10));
		await sendMail(sandbox, MAIL);
		const list = (query: string) => ask<any[]>(`${sandbox.controlUrl}/requests${query}`);
		expect((await list('')).body).toHaveLength(2);
		expect((await list('?service=sendgrid')).body).toHaveLength(1);
		expect((await list('?method=post&path=/v1/')).body).toHaveLength(1);
		await ask(`${sandbox.controlUrl}/requests`, { method: 'DELETE' });
		expect((await list('')).body).toEqual([]);
	});

	it('tells addresses, keys and the state of a service', async () => {
		const sandbox = await temporarySandbox();
		await sendMail(sandbox, MAIL);
		const all = await ask(`${sandbox.controlUrl}/state`);
		expect(all.body.services.openai).toBe(sandbox.services.openai.url);
		expect(all.body.keys.openai.apiKey).toBe('sandbox-openai-key');
		const one = await ask(`${sandbox.controlUrl}/state/sendgrid`);
		expect(one.body.mails).toMatchObject([{ subject: MAIL.subject }]);
		expect((await ask(`${sandbox.controlUrl}/state/nobody`)).status).toBe(404);
	});

	it('forgets everything on reset', async () => {
		const sandbox = await temporarySandbox();
		await sendMail(sandbox, MAIL);
		sandbox.faults.add({ service: '*', kind: 'status', status: 500 });
		sandbox.clock.advance(86_400_000);
		await ask(`${sandbox.controlUrl}/reset`, { method: 'POST' });
		expect(sandbox.state('sendgrid')).toEqual({ mails: [] });
		expect(sandbox.recorder.list()).toEqual([]);
		expect(sandbox.faults.list()).toEqual([]);
		expect(Math.abs(sandbox.clock.now() - Date.now())).toBeLessThan(1000);
	});

	it('moves the time', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await ask(`${sandbox.controlUrl}/clock`, { json: { now: '2027-02-01T00:00:00Z' } });
		expect(body.now).toMatch(/^2027-02-01T00:00:0/);
		expect(new Date(sandbox.clock.now()).getUTCFullYear()).toBe(2027);
	});
});
