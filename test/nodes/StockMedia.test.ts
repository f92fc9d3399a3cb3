/** The StockMedia node in n8n's engine: searching several libraries as one, and files that come with their licence. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { startEngine, type Engine } from '../support/engine';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const TYPES = { pexels: 'ytempirePexelsApi', pixabay: 'ytempirePixabayApi', unsplash: 'ytempireUnsplashApi' } as const;

type Library = keyof typeof TYPES;

async function setUp(ids: readonly Library[] = ['pexels', 'pixabay', 'unsplash']) {
	const sandbox: Sandbox = await temporarySandbox();
	const store = await temporaryStore();
	const credentials: Record<string, ICredentialDataDecryptedObject> = {
		ytempireStoreApi: { databaseFile: store.file },
		...Object.fromEntries(ids.map((id) => [TYPES[id], { apiKey: KEYS[id].apiKey, baseUrl: sandbox.services[id].url }])),
	};
	const run = async (parameters: INodeParameters, items: object[] = [{}], onError?: 'continueErrorOutput') =>
		await engine.runNode({
			type: 'stockMedia',
			parameters,
			credentials,
			items: items as never,
			onError,
		});
	return { sandbox, store, run };
}

describe('Search', () => {
	it('gives photos of all libraries, best first, with what their licences ask for', async () => {
		const { run } = await setUp();
		const { items, error } = await run({ resource: 'photo', operation: 'search', query: 'ocean waves', limit: 60, orientation: 'landscape' });
		expect(error).toBeUndefined();
		expect(items.length).toBeLessThanOrEqual(60);
		const found = items.map(({ json }) => json as any);
		expect(new Set(found.map(({ provider }) => provider)).size).toBe(3);
		const scores = found.map(({ score }) => score);
		expect(scores).toEqual([...scores].sort((a, b) => b - a));
		for (const one of found) {
			expect(one).toMatchObject({ kind: 'photo', id: expect.stringMatching(new RegExp(`^${one.provider}:`)), license: expect.stringContaining('License') });
			expect(one.attribution).toMatch(/^Photo by .+ on (Pexels|Pixabay|Unsplash): http/);
			expect(one.width).toBeGreaterThan(one.height);
			expect(one).not.toHaveProperty('warnings');
		}
	});

	it('needs no ffmpeg', async () => {
		const { run } = await setUp(['pexels']);
		vi.stubEnv('YTEMPIRE_FFMPEG_PATH', process.execPath);
		try {
			const { items, error } = await run({ resource: 'photo', operation: 'search', query: 'sea', limit: 1 });
			expect(error).toBeUndefined();
			expect(items).toHaveLength(1);
		} finally {
			vi.unstubAllEnvs();
		}
	});

	it('gives all that there is with Return All, each once', async () => {
		const { run } = await setUp(['unsplash']);
		const { items } = await run({ resource: 'photo', operation: 'search', query: 'sea', returnAll: true });
		const ids = items.map(({ json }) => json.id);
		expect(ids.length).toBeGreaterThan(30);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('finds videos of a wanted length, and says which library was left out', async () => {
		const { sandbox, run } = await setUp();
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 400, times: 0 });
		const { items } = await run({ resource: 'video', operation: 'search', query: 'city', limit: 5, options: { durationS: 10, minWidth: 1920 } });
		expect(items).toHaveLength(5);
		expect(items[0]?.json).toMatchObject({ provider: 'pixabay', kind: 'video', duration_s: expect.any(Number) });
		expect(items[0]?.json.warnings).toEqual([expect.stringContaining('Pexels was left out')]);
		expect(sandbox.recorder.list({ service: 'unsplash' })).toEqual([]);
	});

	it("lets no stranger's words or addresses do harm", async () => {
		const { sandbox, run } = await setUp(['pexels']);
		const photo = {
			...{ id: 7, width: 1920, height: 1080, url: 'javascript:alert(1)', alt: '\u202egpj.exe\n<script>', photographer: 'A\u0000B' },
			...{ photographer_url: 'file:///etc/passwd', src: { original: 'http://169.254.169.254/x', medium: 'data:text/html,x' } },
		};
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 200, body: { photos: [photo] } });
		const { items } = await run({ resource: 'photo', operation: 'search', query: 'sea' });
		expect(items[0]?.json).toMatchObject({
			...{ title: 'gpj.exe <script>', page_url: '', preview_url: '', author_url: '', author: 'AB' },
			attribution: 'Photo by AB on Pexels',
		});
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 200, body: photo });
		const { error } = await run({ resource: 'photo', operation: 'download', mediaId: 'pexels:7' });
		expect(error?.message).toContain("not one of the provider's (http://169.254.169.254)");
	});

	it('says which credentials it needs', async () => {
		const { run } = await setUp([]);
		const { error } = await run({ resource: 'photo', operation: 'search', query: 'sea' });
		expect(error?.description).toContain('Pexels, Pixabay, Unsplash');
	});

	it('lets the other items go on when one has no words', async () => {
		const { run } = await setUp(['pixabay']);
		const parameters = { resource: 'photo', operation: 'search', query: '={{ $json.words }}', limit: 3 };
		const { outputs } = await run(parameters, [{ words: '' }, { words: 'sea' }], 'continueErrorOutput');
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(Array(3).fill({ item: 1 }));
		expect(outputs[1]?.[0]?.json.error).toContain('searched with words');
	});
});

describe('Download', () => {
	it.each(['pexels', 'pixabay', 'unsplash'] as const)('brings a photo of %s that a search found, under a safe name', async (id) => {
		const { sandbox, run } = await setUp();
		const { items: found } = await run({ resource: 'photo', operation: 'search', query: '../../etc/passwd', limit: 50 });
		const one = found.find(({ json }) => json.provider === id)!;
		const { items, error } = await run({ resource: 'photo', operation: 'download', width: 640, height: 360, binaryPropertyName: 'picture' }, [one.json]);
		expect(error).toBeUndefined();
		const [item] = items;
		expect(item?.json).toMatchObject({ id: one.json.id, license: one.json.license, author: one.json.author });
		const binary = item?.binary?.picture;
		expect(binary).toMatchObject({ mimeType: 'image/jpeg', fileName: `${(one.json.id as string).replace(':', '-')}.jpg` });
		const bytes = await engine.readBinary(binary!);
		expect(bytes.length).toBe(item?.json.bytes);
		expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
		const told = sandbox.recorder.list({ service: 'unsplash' }).filter(({ path }) => path.endsWith('/download'));
		expect(told).toHaveLength(id === 'unsplash' ? 1 : 0);
	});

	it('brings a video in the smallest size that is large enough, and keeps it', async () => {
		const { sandbox, run } = await setUp(['pexels']);
		const { items: found } = await run({ resource: 'video', operation: 'search', query: 'sea', limit: 1, orientation: 'landscape' });
		const download = async () =>
			await run({ resource: 'video', operation: 'download', mediaId: found[0]?.json.id as string, width: 640, height: 360 });
		const { items } = await download();
		expect(items[0]?.json).toMatchObject({ width: 640, height: 360 });
		expect(items[0]?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		await download();
		expect(sandbox.recorder.list({ service: 'pexels', path: '/files/videos/' })).toHaveLength(1);
	});

	it.each(['pexels', 'pexels:../../x', 'file:///etc/passwd', 'https://example.com/x.mp4', 'pexels:1?x=y', 'elsewhere:1', 'unsplash:1'])(
		'refuses %j without asking anybody',
		async (mediaId) => {
			const { sandbox, run } = await setUp(['pexels']);
			const { error } = await run({ resource: 'video', operation: 'download', mediaId });
			expect(error).toBeDefined();
			expect(sandbox.recorder.list()).toEqual([]);
		},
	);

	it('says that a motif is gone, with its cure', async () => {
		const { run } = await setUp(['pexels']);
		const { error } = await run({ resource: 'photo', operation: 'download', mediaId: 'pexels:123' });
		expect(error?.message).toContain('Pexels has no motif 123');
		expect(error?.description).toContain('Search again');
	});
});
