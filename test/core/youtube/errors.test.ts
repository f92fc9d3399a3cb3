/** YouTube's reasons, read from its answers. */
import { describe, expect, it } from 'vitest';

import { refusalOf, youTubeError } from '../../../core/youtube/errors';

const answer = (status: number, data: unknown, headers: Record<string, string> = {}) =>
	youTubeError(Object.assign(new Error('Request failed'), { response: { status, data, headers: new Headers(headers) } }));
const google = (code: number, reason: string, message = 'Words') => ({
	error: { code, message, errors: [{ domain: 'youtube.common', reason, message }] },
});

describe('an answer of YouTube', () => {
	it('is told apart by its reason where the status is the same', () => {
		const classOf = (reason: string) => answer(403, google(403, reason)).errorClass;
		expect(classOf('quotaExceeded')).toBe('quota-exhausted');
		expect(classOf('rateLimitExceeded')).toBe('rate-limited');
		expect(classOf('authenticatedUserAccountSuspended')).toBe('auth');
		expect(classOf('forbiddenPrivacySetting')).toBe('invalid-request');
		expect(classOf('uploadLimitExceeded')).toBe('quota-exhausted');
		expect(answer(400, google(400, 'uploadLimitExceeded')).errorClass).toBe('quota-exhausted');
	});

	it('names the reason, YouTube’s words without markup, and the cure', () => {
		const error = answer(400, google(400, 'invalidTitle', 'The <code>title</code> is wrong.'));
		expect(error.message).toBe('youtube rejected the request (HTTP 400): invalidTitle: The title is wrong.');
		expect(error).toMatchObject({ reason: 'invalidTitle', provider: 'youtube', httpStatus: 400 });
		expect(error.cure).toContain('100 characters');
	});

	it('says when a spent quota is full again', () => {
		expect(answer(403, google(403, 'quotaExceeded')).resetsAt?.getTime()).toBeGreaterThan(Date.now());
		expect(answer(400, google(400, 'uploadLimitExceeded')).resetsAt).toBeUndefined();
	});

	it('reads the token endpoint’s words', () => {
		const error = answer(400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' });
		expect(error).toMatchObject({ errorClass: 'auth', reason: 'invalid_grant' });
		expect(refusalOf(error)?.scope).toBe('account');
		expect(error.cure).toContain('seven days');
	});

	it('reads newer bodies, whose reason stands in the details', () => {
		const body = { error: { code: 403, message: 'No', status: 'PERMISSION_DENIED', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } };
		expect(refusalOf(answer(403, body))?.scope).toBe('account');
	});

	it.each([[null], ['<html>Bad gateway</html>'], [{ error: { errors: 'x' } }], [{ error: { errors: [null, { reason: 5 }] } }], [google(502, 'constructor')]])(
		'falls back on the status for a body that says nothing: %j',
		(body) => {
			expect(answer(502, body).errorClass).toBe('unavailable');
		},
	);

	it('waits as long as it is asked to, and shows no secret', () => {
		const error = youTubeError(
			{ response: { status: 429, headers: { 'Retry-After': '7' }, data: google(429, 'rateLimitExceeded', 'token my-secret-token') } },
			{ secrets: ['my-secret-token'] },
		);
		expect(error.retryAfterMs).toBe(7000);
		expect(error.message).not.toContain('my-secret-token');
	});
});
