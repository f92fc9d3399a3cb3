/** Every library of footage in the registry keeps to the same rules: answers, errors by class, contracts, files, hostile words. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { FOOTAGE_PROVIDERS } from '../../../../core/providers/footage';
import type { FootageKind } from '../../../../core/providers/footage/footage';
import type { FootageProviderId } from '../../../../core/providers/footage/terms';
import { FOOTAGE_TERMS } from '../../../../core/providers/footage/terms';
import { contractFor, describeContracts } from '../../../support/contracts';
import { temporarySandbox } from '../../../support/sandbox';
import { connected, IDS, librariesOf, SEARCH_PATHS } from './providers';

const SEARCH = { query: 'volcano lava', orientation: 'landscape', perPage: 5, page: 1 } as const;

const KINDS = IDS.flatMap((id) => (Object.keys(SEARCH_PATHS[id]) as FootageKind[]).map((kind) => [id, kind] as const));

describe.each(KINDS)('%s, searched for a %s', (id, kind) => {
	it('gives candidates with files, author, licence and words, in its order', async () => {
		const found = await connected(await temporarySandbox(), id).search({ kind, ...SEARCH });
		expect(found.length).toBeGreaterThan(0);
		expect(found.map(({ rank }) => rank)).toEqual(found.map((_one, index) => index));
		for (const candidate of found) {
			expect(candidate).toMatchObject({ provider: id, kind, license: FOOTAGE_TERMS[id].license });
			expect(candidate.words).toEqual(expect.arrayContaining(['volcano', 'lava']));
			expect(candidate.author).not.toBe('');
			for (const address of [candidate.pageUrl, candidate.authorUrl, candidate.previewUrl]) expect(URL.canParse(address)).toBe(true);
			expect(candidate.renditions.length).toBeGreaterThan(0);
			expect(candidate.renditions.every(({ url, width, height }) => URL.canParse(url) && width > 0 && height > 0)).toBe(true);
			expect(candidate.durationS > 0).toBe(kind === 'video');
		}
	});

	it('goes from page to page without a repetition, and to an empty one behind the last', async () => {
		const provider = connected(await temporarySandbox(), id);
		const page = async (number: number) => (await provider.search({ kind, query: 'sea', perPage: 30, page: number })).map((one) => one.id);
		const [one, two] = [await page(1), await page(2)];
		expect(new Set([...one, ...two]).size).toBe(one.length + two.length);
		expect(await page(9)).toEqual([]);
	});

	it('finds nothing without calling it an error', async () => {
		expect(await connected(await temporarySandbox(), id).search({ kind, ...SEARCH, query: 'no-footage-please' })).toEqual([]);
	});

	it('finds one of them again by its id, and says of another that there is none', async () => {
		const provider = connected(await temporarySandbox(), id);
		const [first] = await provider.search({ kind, ...SEARCH });
		expect(await provider.find(kind, first?.id ?? '')).toMatchObject({ id: first?.id, pageUrl: first?.pageUrl, renditions: first?.renditions });
		await expect(provider.find(kind, '12345678901')).rejects.toMatchObject({ errorClass: 'invalid-request', reason: 'footage-unknown' });
	});

	it('brings one onto this machine, as its key is not seen by it', async () => {
		const sandbox = await temporarySandbox();
		const { libraries } = await librariesOf(sandbox, [id]);
		const { candidates } = await libraries.search({ kind, query: 'sea', orientation: 'landscape' });
		const [first] = candidates;
		const smallest = first!.renditions.toSorted((a, b) => a.width - b.width)[0]!;
		const file = await libraries.obtain(first!, smallest, {});
		expect((await readFile(file.path)).length).toBe(file.bytes);
		const fetched = sandbox.recorder.list({ service: id }).filter(({ path }) => /^\/(files|video|get|image)\//.test(path));
		expect(fetched).toHaveLength(1);
		expect(fetched[0]?.query).not.toHaveProperty('key');
		expect(fetched[0]?.headers).not.toHaveProperty('authorization');
	});

	it('tells a wrong key as such, and not the key', async () => {
		const wrong = 'wrong-key-0123456789';
		const failure: unknown = await connected(await temporarySandbox(), id, wrong).search({ kind, ...SEARCH }).catch((error: unknown) => error);
		expect(failure).toMatchObject({ errorClass: 'auth', provider: id });
		expect(JSON.stringify(failure) + String(failure)).not.toContain(wrong);
	});

	it.each([
		['rate-limited', 429],
		['unavailable', 503],
		['unavailable', 500],
		['invalid-request', 422],
	])('is %s by a status of %i', async (errorClass, status) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: id, kind: 'status', status, match: { path: SEARCH_PATHS[id][kind] } });
		await expect(connected(sandbox, id).search({ kind, ...SEARCH })).rejects.toMatchObject({ errorClass, provider: id });
		expect(sandbox.recorder.list({ service: id })).toHaveLength(1);
	});

	it.each([
		['cut off', { kind: 'malformed' }],
		['dropped', { kind: 'drop-answer' }],
		['of another shape', { kind: 'status', status: 200, body: { videos: 'none', photos: 7, hits: {}, results: [{ id: {} }] } }],
		['no JSON', { kind: 'status', status: 200, body: '<html>' }],
	] as const)('is unavailable by an answer that is %s', async (_how, fault) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: id, ...fault });
		await expect(connected(sandbox, id).search({ kind, ...SEARCH })).rejects.toMatchObject({ errorClass: 'unavailable', provider: id });
	});

	it('stops at once when it is cancelled', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: id, kind: 'slow', delayMs: 5000 });
		const controller = new AbortController();
		const running = connected(sandbox, id).search({ kind, ...SEARCH, signal: controller.signal });
		setTimeout(() => controller.abort(), 50);
		await expect(running).rejects.toMatchObject({ errorClass: 'cancelled' });
	});

	it.each(['a&key=other#x', '"; drop table clips; --', '../../etc/passwd', '\u202e<script>alert(1)</script>', '🌋'.repeat(200), '%00\r\nX-Header: 1'])(
		'takes %j as words',
		async (query) => {
			const sandbox = await temporarySandbox();
			await connected(sandbox, id).search({ kind, ...SEARCH, query });
			const [request] = sandbox.recorder.list({ service: id });
			expect(request?.path).toBe(SEARCH_PATHS[id][kind]);
			const sent = request?.query.query ?? request?.query.q ?? '';
			expect(query.startsWith(sent)).toBe(true);
			expect(sent).not.toBe('');
		},
	);

	it.each(['', '../v1/x', '1/../../me', '1?x=y', '1\r\n', 'x'.repeat(500)])('refuses %j as an id without asking', async (bad) => {
		const sandbox = await temporarySandbox();
		await expect(connected(sandbox, id).find(kind, bad)).rejects.toMatchObject({ reason: 'footage-unknown' });
		expect(sandbox.recorder.list({ service: id })).toEqual([]);
	});

	describeContracts('and its contract', [id], () => {
		it('holds for what is asked and what the stand-in answers', async () => {
			const sandbox = await temporarySandbox();
			const provider = connected(sandbox, id);
			const path = SEARCH_PATHS[id][kind] ?? '';
			for (const orientation of ['landscape', 'portrait', 'square', undefined] as const) {
				await provider.search({ kind, ...SEARCH, orientation, minWidth: 1920 });
			}
			const [first] = await provider.search({ kind, ...SEARCH });
			await provider.find(kind, first?.id ?? '');
			await provider.announceUse?.(first!);
			for (const record of sandbox.recorder.list({ service: id })) {
				expect(record.status).toBe(200);
				contractFor(id).recorded(record);
			}
			const { query } = sandbox.recorder.list({ service: id, path })[0]!;
			const headers = id === 'unsplash' ? { authorization: `Client-ID sandbox-unsplash-key` } : { authorization: `sandbox-${id}-key` };
			const asked = new URLSearchParams({ ...query, ...(id === 'pixabay' ? { key: 'sandbox-pixabay-key' } : {}) });
			const answer = await fetch(`${sandbox.services[id].url}${path}?${asked}`, { headers });
			contractFor(id).response('GET', path, 200)(await answer.json());
		});
	});
});

describe.each(IDS)('files of %s', (id) => {
	const isOwn = (address: string, baseUrl?: string) => FOOTAGE_PROVIDERS[id]({ apiKey: 'x', ...(baseUrl ? { baseUrl } : {}) }).isOwn(new URL(address));
	const host = { pexels: 'videos.pexels.com', pixabay: 'cdn.pixabay.com', unsplash: 'images.unsplash.com' }[id];

	it('come from its own hosts, encrypted, and from the address in the credential', () => {
		expect(isOwn(`https://${host}/file`)).toBe(true);
		expect(isOwn('http://127.0.0.1:4000/file', 'http://127.0.0.1:4000/base')).toBe(true);
	});

	it.each([
		`http://${host}/`,
		`https://${host}:8443/`,
		`https://user@${host}/`,
		`https://${host}.example.com/`,
		`https://example.com/${host}`,
		`https://evil-${id}.com/`,
		'https://127.0.0.1/',
		'https://169.254.169.254/',
		'https://[::1]/',
		'https://localhost/',
		'file:///etc/passwd',
	])('never come from %s', (address) => {
		expect(isOwn(address)).toBe(false);
	});
});

describe('hostile answers', () => {
	/** A library that answers what it is told to. */
	async function lying(answer: (origin: string) => unknown): Promise<string> {
		const server: Server = createServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(origin)));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		onTestFinished(() => void server.close());
		return origin;
	}

	const user = { name: '../../<b>', url: 'javascript:alert(1)', username: 'x', links: { html: 'not an address' } };
	const LIES: Record<FootageProviderId, object> = {
		pexels: {
			videos: [
				{
					...{ id: 1, width: 1920, height: 1080, duration: 5, url: 'file:///etc/%ZZ/passwd', user },
					video_files: [{ file_type: 'video/mp4', width: 1920, height: 1080, link: 'http://169.254.169.254/latest/meta-data' }],
				},
			],
		},
		pixabay: {
			hits: [
				{
					...{ id: 1, pageURL: 'x', tags: '../../etc', user: '"/><', duration: 5 },
					videos: { large: { url: '', width: 0, height: 0 }, tiny: { url: 'http://169.254.169.254/', width: 1920, height: 1080 } },
				},
			],
		},
		unsplash: {
			results: [
				{ id: '../..', width: 1920, height: 1080, urls: { raw: 'http://169.254.169.254/x' }, links: { html: 'x' }, user },
			],
		},
	};

	it.each(IDS)('of %s lead to no other machine', async (id) => {
		const baseUrl = await lying(() => LIES[id]);
		const kind = id === 'unsplash' ? 'photo' : 'video';
		const provider = FOOTAGE_PROVIDERS[id]({ apiKey: 'key-0123456789', baseUrl });
		const [first] = await provider.search({ kind, ...SEARCH });
		expect(first?.renditions.length).toBeGreaterThan(0);
		expect(first?.renditions.some(({ url }) => provider.isOwn(new URL(url)))).toBe(false);
		await expect(provider.announceUse?.(first!) ?? Promise.reject(new Error('none'))).rejects.toThrow();
	});
});
