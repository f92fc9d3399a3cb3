/** The sandbox's Pixabay and Unsplash: keys, limits, contracts and files as the services themselves have them. */
import { describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { contractFor, describeContracts } from '../support/contracts';
import { temporarySandbox } from '../support/sandbox';

async function pixabay(sandbox: Sandbox, path: string, key: string = KEYS.pixabay.apiKey) {
	const response = await fetch(`${sandbox.services.pixabay.url}${path}${path.includes('?') ? '&' : '?'}key=${key}`);
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

async function unsplash(sandbox: Sandbox, path: string, key: string = KEYS.unsplash.apiKey) {
	const response = await fetch(sandbox.services.unsplash.url + path, { headers: { authorization: `Client-ID ${key}` } });
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
}

describe('Pixabay', () => {
	it('refuses a wrong key with 400 and plain text', async () => {
		expect(await pixabay(await temporarySandbox(), '/api/?q=sea', 'wrong')).toMatchObject({
			status: 400,
			text: expect.stringMatching(/^\[ERROR 400\] Invalid or missing API key/),
		});
	});

	it('counts 100 requests a minute down, refuses the next, and tells the seconds left', async () => {
		const sandbox = await temporarySandbox();
		const { headers } = await pixabay(sandbox, '/api/?q=sea&per_page=3');
		expect([headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual(['100', '99']);
		expect(Number(headers.get('x-ratelimit-reset'))).toBeLessThanOrEqual(60);
		for (let count = 1; count < 100; count += 1) await pixabay(sandbox, '/api/?q=sea&per_page=3');
		expect(await pixabay(sandbox, '/api/?q=sea')).toMatchObject({ status: 429, text: 'API rate limit exceeded' });
		sandbox.clock.advance(60_000);
		expect((await pixabay(sandbox, '/api/?q=sea')).status).toBe(200);
	});

	it.each(['/api/?q=sea&per_page=2', '/api/?q=sea&per_page=201', '/api/?q=sea&page=999', `/api/?q=${'x'.repeat(101)}`, '/api/?topic=sea'])(
		'refuses %s',
		async (path) => {
			expect((await pixabay(await temporarySandbox(), path)).status).toBe(400);
		},
	);

	it('leaves the address of a size empty that a video does not have', async () => {
		const { body } = await pixabay(await temporarySandbox(), '/api/videos/?q=sea&per_page=50');
		const larges = body.hits.map(({ videos }: any) => videos.large.url);
		expect(larges).toContain('');
		expect(larges.some((url: string) => url.endsWith('_large.mp4'))).toBe(true);
	});

	it('serves a thumbnail, and pages for those who follow a credit', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await pixabay(sandbox, '/api/videos/?q=sea&per_page=3');
		const thumbnail = await fetch(body.hits[0].videos.tiny.thumbnail);
		expect(thumbnail.headers.get('content-type')).toBe('image/jpeg');
		expect(await (await fetch(body.hits[0].pageURL)).text()).toContain('Pixabay sandbox');
	});
});

describe('Unsplash', () => {
	it('refuses a wrong key with 401 in its own shape', async () => {
		const answer = await unsplash(await temporarySandbox(), '/search/photos?query=sea', 'wrong');
		expect([answer.status, answer.body.errors]).toEqual([401, ['OAuth error: The access token is invalid']]);
	});

	it('counts 50 requests an hour down, and refuses the next with 403', async () => {
		const sandbox = await temporarySandbox();
		for (let count = 0; count < 50; count += 1) await unsplash(sandbox, '/search/photos?query=sea&per_page=1');
		expect(await unsplash(sandbox, '/search/photos?query=sea')).toMatchObject({ status: 403, text: 'Rate Limit Exceeded' });
		sandbox.clock.advance(3_600_000);
		expect((await unsplash(sandbox, '/search/photos?query=sea')).headers.get('x-ratelimit-remaining')).toBe('49');
	});

	it('counts each use, and scales its pictures without enlarging them', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await unsplash(sandbox, '/search/photos?query=sea&orientation=landscape&per_page=1');
		const [photo] = body.results;
		const { body: told } = await unsplash(sandbox, `/photos/${photo.id}/download`);
		expect(told.url).toContain(photo.id);
		expect((await fetch(`${photo.urls.raw}&w=64`)).headers.get('content-type')).toBe('image/jpeg');
		expect((await fetch(`${sandbox.services.unsplash.url}/image/photo-doesnotexis`)).status).toBe(404);
		expect(await (await fetch(photo.links.html)).text()).toContain('Unsplash sandbox');
	});
});

describeContracts('Pixabay’s contract', ['pixabay'], () => {
	it('holds for what the sandbox answers', async () => {
		const sandbox = await temporarySandbox();
		for (const path of ['/api/', '/api/videos/']) {
			contractFor('pixabay').response('GET', path, 200)((await pixabay(sandbox, `${path}?q=sea&per_page=50`)).body);
		}
	});
});

describeContracts('Unsplash’s contract', ['unsplash'], () => {
	it('holds for what the sandbox answers', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await unsplash(sandbox, '/search/photos?query=sea&per_page=30');
		contractFor('unsplash').response('GET', '/search/photos', 200)(body);
		const { id } = body.results[0];
		contractFor('unsplash').response('GET', `/photos/${id}`, 200)((await unsplash(sandbox, `/photos/${id}`)).body);
		contractFor('unsplash').response('GET', `/photos/${id}/download`, 200)((await unsplash(sandbox, `/photos/${id}/download`)).body);
		contractFor('unsplash').response('GET', '/photos/x', 404)((await unsplash(sandbox, '/photos/x')).body);
	});
});
