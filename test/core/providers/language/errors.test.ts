/** What Anthropic and Cohere say only in sentences. */
import { describe, expect, it } from 'vitest';

import { readVerdict as readAnthropic } from '../../../../core/providers/language/anthropic-errors';
import { readVerdict as readCohere } from '../../../../core/providers/language/cohere-errors';

function failure(status: number, body: unknown) {
	return { provider: 'x', status, headers: {}, body };
}

describe('Anthropic’s words', () => {
	const said = (message: string, type = 'invalid_request_error') =>
		readAnthropic(failure(400, { type: 'error', error: { type, message } }));

	it('say until when a usage limit holds', () => {
		expect(said('You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.')).toMatchObject({
			errorClass: 'quota-exhausted',
			resetsAt: new Date('2026-12-01T00:00:00Z'),
		});
		expect(said('Your credit balance is too low to access the Anthropic API.').resetsAt).toBeUndefined();
	});

	it('of a kind that is not known leave the class to the status', () => {
		expect(said('new', 'brand_new_error')).toMatchObject({ errorClass: undefined, reason: 'brand_new_error' });
		expect(said('new', 'constructor').errorClass).toBeUndefined();
	});

	it.each([undefined, null, 'text', [], { error: 'text' }, { error: { type: 5, message: {} } }])('may be anything: %j', (body) => {
		expect(readAnthropic(failure(500, body)).errorClass).toBeUndefined();
	});
});

describe('Cohere’s words', () => {
	const said = (status: number, message: string) => readCohere(failure(status, { message }));

	it('tell a limit of the month from one of the minute', () => {
		expect(said(429, 'You are using a Trial key, which is limited to 1000 API calls / month.').errorClass).toBe('quota-exhausted');
		expect(said(429, 'You are using a Trial key, which is limited to 20 API calls / minute.').errorClass).toBe('rate-limited');
		expect(said(429, 'trial token rate limit exceeded, limit is 100000 tokens per minute').errorClass).toBe('rate-limited');
	});

	it('of a broken server are not read', () => {
		expect(said(503, 'billing service: monthly report blocked').errorClass).toBeUndefined();
	});

	it.each([undefined, null, 'text', [], { message: 5 }])('may be anything: %j', (body) => {
		expect(readCohere(failure(400, body)).errorClass).toBeUndefined();
	});
});
