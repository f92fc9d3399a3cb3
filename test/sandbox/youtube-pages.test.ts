/** The sandbox's pages for people: hostile titles stay text, videos play from any place, nothing comes from outside. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { temporarySandbox } from '../support/sandbox';
import { tinyMp4 } from '../support/tiny-files';
import { YouTubeClient } from '../support/youtube-client';

/** YouTube takes no angle brackets, so what comes by its API has none. */
const HOSTILE = `"'&amp; onload=alert(1) x="`;

async function uploaded(snippet: Record<string, unknown>, status: Record<string, unknown> = { privacyStatus: 'private' }) {
	const sandbox = await temporarySandbox();
	const client = await YouTubeClient.signIn(sandbox);
	const file = Buffer.concat([tinyMp4({ seconds: 61, width: 1280, height: 720 }), randomBytes(5000)]);
	const { body } = await client.upload(file, { snippet, status });
	const base = sandbox.services.youtube.url;
	const page = async (path: string) => (await fetch(base + path)).text();
	return { sandbox, client, base, file, id: body.id as string, page };
}

describe('the watch page', () => {
	it('shows title, description, tags, channel, privacy and length', async () => {
		const { page, id } = await uploaded({ title: 'Blue sky', description: 'Line one\nLine two', tags: ['air'] });
		const html = await page(`/watch?v=${id}`);
		for (const part of ['<h1>Blue sky</h1>', 'Line one\nLine two', '#air', 'Atlas Minutes', 'private', '1:01', '1280 × 720']) {
			expect(html).toContain(part);
		}
	});

	it('says that synthetic media was declared, and does not when it was not', async () => {
		const declared = await uploaded({ title: 'x' }, { containsSyntheticMedia: true });
		expect(await declared.page(`/watch?v=${declared.id}`)).toContain('Altered or synthetic content');
		const plain = await uploaded({ title: 'x' });
		expect(await plain.page(`/watch?v=${plain.id}`)).not.toContain('Altered or synthetic content');
	});

	it('shows what it was sent as text, whatever it holds', async () => {
		const { page, id } = await uploaded({ title: HOSTILE, description: `${HOSTILE} javascript:alert(1)`, tags: [HOSTILE] });
		for (const html of [await page(`/watch?v=${id}`), await page('/')]) {
			expect(html).not.toContain(HOSTILE);
			expect(html).toContain('&quot;&#39;&amp;amp; onload=alert(1)');
		}
	});

	it('shows markup as text, should it ever get in', async () => {
		const { sandbox, page, id } = await uploaded({ title: 'x', description: 'y' });
		// the door takes no angle brackets: the state hands out the very object that is kept
		const { snippet } = (sandbox.state('youtube') as any).videos[0].metadata;
		Object.assign(snippet, { title: '</title><script>alert(1)</script>', description: '</p><img src=x onerror=alert(1)>' });
		for (const html of [await page(`/watch?v=${id}`), await page('/')]) {
			expect(html).not.toMatch(/<script|<img src=x/);
			expect(html).toContain('&lt;/title&gt;&lt;script&gt;');
		}
	});

	it('asks for nothing outside, and forbids it', async () => {
		const { base, id } = await uploaded({ title: 'x', description: 'https://example.com/' });
		const response = await fetch(`${base}/watch?v=${id}`);
		expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
		const html = await response.text();
		expect([...html.matchAll(/(?:src|href|poster)="([^"]*)"/g)].map(([, url]) => url?.[0])).toEqual(['/', '/', '/', '/']);
		expect(html).not.toContain('<script');
	});

	it('answers 404 for a video that is not there', async () => {
		const { base } = await uploaded({ title: 'x' });
		expect((await fetch(`${base}/watch?v=%22%3Cscript%3E`)).status).toBe(404);
	});
});

describe('the video file', () => {
	it('comes whole, with its length and type', async () => {
		const { base, file, id } = await uploaded({ title: 'x' });
		const response = await fetch(`${base}/media/${id}`);
		expect(response.headers.get('content-type')).toBe('video/mp4');
		expect(Buffer.from(await response.arrayBuffer())).toEqual(file);
	});

	it.each([
		['bytes=10-19', 10, 20],
		['bytes=5000-', 5000, undefined],
		['bytes=-7', -7, undefined],
		['bytes=0-99999999', 0, undefined],
	])('comes in part for Range: %s', async (range, start, end) => {
		const { base, file, id } = await uploaded({ title: 'x' });
		const response = await fetch(`${base}/media/${id}`, { headers: { range } });
		expect(response.status).toBe(206);
		expect(response.headers.get('content-range')).toMatch(new RegExp(`^bytes \\d+-\\d+/${file.length}$`));
		expect(Buffer.from(await response.arrayBuffer())).toEqual(file.subarray(start, end));
	});

	it('answers 416 for a range beyond its end', async () => {
		const { base, file, id } = await uploaded({ title: 'x' });
		const response = await fetch(`${base}/media/${id}`, { headers: { range: `bytes=${file.length}-` } });
		expect([response.status, response.headers.get('content-range')]).toEqual([416, `bytes */${file.length}`]);
	});
});

it('lists what was uploaded, the newest first', async () => {
	const { client, page } = await uploaded({ title: 'First of two' });
	await client.upload(Buffer.from('x'), { snippet: { title: 'Second of two' } });
	expect(await page('/')).toMatch(/2 videos[^]*Second of two[^]*First of two/);
});
