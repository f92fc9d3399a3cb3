/** The sandbox refuses wrong keys as each provider does. */
import { describe, expect, it } from 'vitest';

import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';

describe('a wrong key', () => {
	it.each([
		['openai', 'POST', '/v1/chat/completions', (body: any) => body.error.code, 'invalid_api_key'],
		['elevenlabs', 'GET', '/v2/voices', (body: any) => body.detail.status, 'needs_authorization'],
		['sendgrid', 'POST', '/v3/mail/send', (body: any) => body.errors[0].message, /authorization grant is invalid/],
		['mixpanel', 'POST', '/import', (body: any) => body.error, 'Invalid credentials'],
	] as const)('is answered by %s with 401 in its own shape', async (service, method, path, reason, expected) => {
		const sandbox = await temporarySandbox();
		const answer = await ask(`${sandbox.services[service].url}${path}`, {
			method,
			headers: { authorization: 'Bearer wrong' },
		});
		expect(answer.status).toBe(401);
		expect(reason(answer.body)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
	});

	it('is told apart from a missing one by ElevenLabs', async () => {
		const { services } = await temporarySandbox();
		const { body } = await ask(`${services.elevenlabs.url}/v1/models`, { headers: { 'xi-api-key': 'wrong' } });
		expect(body.detail.status).toBe('invalid_api_key');
	});

	it('is not let in by a service account that names another project', async () => {
		const { services } = await temporarySandbox();
		const authorization = `Basic ${Buffer.from('sandbox.service-account:sandbox-mixpanel-secret').toString('base64')}`;
		const asked = (project: string) =>
			ask(`${services.mixpanel.url}/import?project_id=${project}`, { json: [], headers: { authorization } });
		expect((await asked('1000001')).status).toBe(200);
		expect((await asked('7')).status).toBe(403);
	});
});
