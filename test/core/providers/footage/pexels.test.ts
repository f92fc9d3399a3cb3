/** Pexels over real HTTP: what is asked, what comes back, and what goes wrong. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { gatherFootage } from '../../../../core/providers/footage/gather';
import { pexels } from '../../../../core/providers/footage/pexels';
import { findFfmpeg, probe, type FfmpegTools } from '../../../../core/video/ffmpeg';
import { KEYS } from '../../../../sandbox/keys';
import { startSandbox, type Sandbox } from '../../../../sandbox/server';

let folder: string;
let sandbox: Sandbox;
let tools: FfmpegTools;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-pexels-'));
	sandbox = await startSandbox({ dataDir: join(folder, 'sandbox') });
	tools = await findFfmpeg();
}, 60_000);

beforeEach(async () => {
	await sandbox.reset();
});

afterAll(async () => {
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

const library = (apiKey: string = KEYS.pexels.apiKey) =>
	pexels({ apiKey, baseUrl: `${sandbox.services.pexels.url}/`, cacheDir: join(folder, 'cache'), tools });

const SEARCH = { orientation: 'landscape', minWidth: 320, perPage: 5 } as const;

describe('searching', () => {
	it('asks with the key in the header, and in the size class of the output', async () => {
		await library().searchVideos('volcano lava', { ...SEARCH, minWidth: 1920 });
		const [request] = sandbox.recorder.list({ service: 'pexels' });
		expect(request?.path).toBe('/videos/search');
		expect(new URLSearchParams(request?.query).get('query')).toBe('volcano lava');
		expect(JSON.stringify(request?.query)).toContain('medium');
	});

	it('gives candidates with files, author, licence and the words of their address', async () => {
		const [first] = await library().searchVideos('volcano lava', SEARCH);
		expect(first).toMatchObject({ provider: 'pexels', rank: 0, license: expect.stringContaining('Pexels License') as string });
		expect(first?.words).toEqual(['volcano', 'lava']);
		expect(first?.renditions.length).toBeGreaterThan(0);
		expect(first?.author).not.toBe('');
	});

	it('tells a wrong key as such, and not the key', async () => {
		const wrong = 'wrong-key-0123456789';
		const failure: unknown = await library(wrong).searchVideos('x', SEARCH).catch((error: unknown) => error);
		expect(failure).toMatchObject({ errorClass: 'auth', provider: 'pexels' });
		expect(JSON.stringify(failure) + String(failure)).not.toContain(wrong);
	});

	it('tries once more after a passing fault', async () => {
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 503 });
		expect(await library().searchVideos('ocean', SEARCH)).not.toEqual([]);
	});

	it('calls an answer of another shape by its name', async () => {
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 200, body: { videos: 'none' } });
		await expect(library().searchVideos('ocean', SEARCH)).rejects.toMatchObject({ reason: 'malformed-answer' });
	});
});

describe('gathering', () => {
	const needs = [
		{ sceneId: 'scene-1', query: 'ocean waves', durationS: 3 },
		{ sceneId: 'scene-2', query: 'ocean waves', durationS: 3 },
	];
	const gather = async (workDir: string) =>
		await gatherFootage({ needs, provider: library(), width: 320, height: 180, workDir, tools });

	it('brings a different clip for each scene, whole and ready to be cut', async () => {
		const { clips, warnings } = await gather(await mkdtemp(join(folder, 'work-')));
		const ids = clips.flat().map(({ source }) => source.id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(clips.map((own) => own.length)).toEqual([1, 1]);
		expect(warnings).toEqual([]);
		const [clip] = clips.flat();
		expect((await probe(tools, clip?.file.path ?? '')).video?.codec).toBe('h264');
		const files = sandbox.recorder.list({ service: 'pexels', path: '/files/' });
		expect(files.length).toBe(2);
		expect(JSON.stringify(files)).not.toContain(KEYS.pexels.apiKey);
	});

	it('takes the next clip when a file is refused, and says so', async () => {
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/videos/' }, kind: 'status', status: 404 });
		const workDir = await mkdtemp(join(folder, 'work-'));
		await rm(join(folder, 'cache'), { recursive: true, force: true });
		const { clips, warnings } = await gather(workDir);
		expect(clips.map((own) => own.length)).toEqual([1, 1]);
		expect(warnings).toHaveLength(1);
	});
});
