/** The sandbox's consent page, and the code that it gives: good once, for one client, one address and one verifier. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { temporarySandbox } from '../support/sandbox';
import { requestToken } from '../support/youtube-client';

const BACK = 'http://localhost:8000/auth/youtube/callback';
const VERIFIER = 'v'.repeat(64);
const ASKED = {
	client_id: KEYS.youtube.clientId,
	redirect_uri: BACK,
	response_type: 'code',
	scope: 'https://www.googleapis.com/auth/youtube https://www.googleapis.com/auth/yt-analytics.readonly',
	access_type: 'offline',
	prompt: 'consent',
	state: 'the-state',
	code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
	code_challenge_method: 'S256',
};

async function answer(sandbox: Sandbox, more: Record<string, string> = {}): Promise<URL> {
	const query = new URLSearchParams({ ...ASKED, account: 'account-02', answer: 'allow', ...more });
	const { headers } = await fetch(`${sandbox.services.youtube.url}/o/oauth2/v2/auth/answer?${query}`, { redirect: 'manual' });
	return new URL(headers.get('location')!);
}

const trade = (sandbox: Sandbox, code: string, more: Record<string, string> = {}) =>
	requestToken(sandbox, 1, { grant_type: 'authorization_code', code, redirect_uri: BACK, code_verifier: VERIFIER, ...more });

describe('consent in the sandbox', () => {
	it('gives a code for a refresh token, once', async () => {
		const sandbox = await temporarySandbox();
		const { searchParams } = await answer(sandbox);
		expect(searchParams.get('state')).toBe('the-state');
		const { status, body } = await trade(sandbox, searchParams.get('code')!);
		expect([status, body.refresh_token, body.scope]).toEqual([200, 'sandbox-refresh-02', ASKED.scope]);
		expect((await trade(sandbox, searchParams.get('code')!)).body.error).toBe('invalid_grant');
	});

	it('gives no refresh token when offline access was not asked for, nor a scope that was left out', async () => {
		const sandbox = await temporarySandbox();
		const { searchParams } = await answer(sandbox, { access_type: 'online', leave_out: 'https://www.googleapis.com/auth/yt-analytics.readonly' });
		const { body } = await trade(sandbox, searchParams.get('code')!);
		expect(body).not.toHaveProperty('refresh_token');
		expect(body.scope).toBe('https://www.googleapis.com/auth/youtube');
	});

	it.each([
		['another verifier', { code_verifier: 'w'.repeat(64) }, 'invalid_grant'],
		['no verifier', { code_verifier: '' }, 'invalid_grant'],
		['another address', { redirect_uri: 'http://localhost:9/x' }, 'redirect_uri_mismatch'],
		['an unknown code', { code: '4/other' }, 'invalid_grant'],
	])('refuses %s', async (_what, fields, error) => {
		const sandbox = await temporarySandbox();
		const { searchParams } = await answer(sandbox);
		const refused = await trade(sandbox, searchParams.get('code')!, fields);
		expect([refused.status, refused.body.error]).toEqual([400, error]);
	});

	it('refuses a code that is older than ten minutes', async () => {
		const sandbox = await temporarySandbox();
		const { searchParams } = await answer(sandbox);
		sandbox.clock.advance(601_000);
		expect((await trade(sandbox, searchParams.get('code')!)).body.error).toBe('invalid_grant');
	});

	it('sends a denial back, and shows a page for what it can send nowhere', async () => {
		const sandbox = await temporarySandbox();
		expect((await answer(sandbox, { answer: 'deny' })).searchParams.get('error')).toBe('access_denied');
		const page = async (more: Record<string, string>) =>
			fetch(`${sandbox.services.youtube.url}/o/oauth2/v2/auth?${new URLSearchParams({ ...ASKED, ...more })}`, { redirect: 'manual' });
		expect((await page({})).status).toBe(200);
		const wrong = { client_id: '<b>', redirect_uri: 'http://evil.example/', scope: '', code_challenge_method: 'plain' };
		for (const [name, value] of Object.entries(wrong)) expect((await page({ [name]: value })).status).toBe(400);
		expect(await (await page({ state: '"><script>' })).text()).not.toContain('<script');
	});
});
