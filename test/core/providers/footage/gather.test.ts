/** Gathering over real HTTP: several libraries as one, no clip twice, refused ones replaced, a look at each where it is wanted. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { YtempireError } from '../../../../core/errors';
import type { FootageCandidate } from '../../../../core/providers/footage/footage';
import { gatherFootage } from '../../../../core/providers/footage/gather';
import type { SceneJudge, Verdict } from '../../../../core/providers/footage/judge';
import type { FootageLibrary, LibraryDeps } from '../../../../core/providers/footage/library';
import type { FootageProviderId } from '../../../../core/providers/footage/terms';
import { isLargeEnough } from '../../../../core/providers/footage/rank';
import { settleFootage } from '../../../../core/providers/footage/uses';
import { findFfmpeg, probe, type FfmpegTools } from '../../../../core/video/ffmpeg';
import { KEYS } from '../../../../sandbox/keys';
import { startSandbox, type Sandbox } from '../../../../sandbox/server';
import { temporaryStore } from '../../../support/store';
import { librariesOf } from './providers';

let folder: string;
let sandbox: Sandbox;
let tools: FfmpegTools;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-gather-'));
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

const VIDEO_LIBRARIES = ['pexels', 'pixabay'] as const;

const needs = [
	{ sceneId: 'scene-1', query: 'ocean waves', durationS: 3 },
	{ sceneId: 'scene-2', query: 'ocean waves', durationS: 3 },
];

const gather = async (library: FootageLibrary, own: Partial<Parameters<typeof gatherFootage>[0]> = {}) => {
	const workDir = await mkdtemp(join(folder, 'work-'));
	return await gatherFootage({ needs, library, width: 320, height: 180, workDir, tools, ...own });
};

const libraryOf = async (own: Partial<LibraryDeps> = {}, ids: readonly FootageProviderId[] = VIDEO_LIBRARIES) =>
	(await librariesOf(sandbox, ids, own)).libraries;

const idsOf = (gathered: Awaited<ReturnType<typeof gather>>) => gathered.clips.flat().map(({ source }) => `${source.provider}:${source.id}`);

describe('gathering', () => {
	it('brings a different clip for each scene, whole and ready to be cut, and asks all libraries for each', async () => {
		const gathered = await gather(await libraryOf());
		expect(new Set(idsOf(gathered)).size).toBe(2);
		expect(gathered.clips.map((own) => own.length)).toEqual([1, 1]);
		expect(gathered.warnings).toEqual([]);
		const [clip] = gathered.clips.flat();
		expect((await probe(tools, clip?.file.path ?? '')).video?.codec).toBe('h264');
		expect(clip?.source).toMatchObject({ kind: 'video', license: expect.stringContaining('License') as string });
		for (const service of VIDEO_LIBRARIES) {
			const requests = sandbox.recorder.list({ service });
			// both scenes have the same words
			expect(requests.filter(({ path }) => /search|api/.test(path))).toHaveLength(1);
			expect(JSON.stringify(requests)).not.toContain(KEYS[service].apiKey);
		}
	});

	it('takes other clips when a video is made again for its footage, and the same ones when it is mixed anew', async () => {
		const store = await temporaryStore();
		const workDir = await mkdtemp(join(folder, 'work-'));
		const take = async (avoided: string[]) => {
			const history = { store, videoId: 'v-1', channelId: '', lastVideos: 20, avoided };
			return idsOf(await gather(await libraryOf({ history }), { workDir }));
		};
		const first = await take([]);
		expect(await take([])).toEqual(first);
		const second = await take(first);
		expect(second).toHaveLength(first.length);
		expect(second.filter((id) => first.includes(id))).toEqual([]);
		expect(await take(first)).toEqual(second);
	});

	it('goes on with the other libraries when one fails, and says so once', async () => {
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 403, times: 0 });
		const gathered = await gather(await libraryOf());
		expect(idsOf(gathered).every((id) => id.startsWith('pixabay:'))).toBe(true);
		expect(gathered.warnings).toEqual([expect.stringMatching(/^Pexels was left out of the search/)]);
	});

	it('fails when all fail, and names each', async () => {
		for (const service of VIDEO_LIBRARIES) sandbox.faults.add({ service, kind: 'status', status: 503, times: 0 });
		await expect(gather(await libraryOf())).rejects.toMatchObject({
			errorClass: 'unavailable',
			reason: 'all-providers-failed',
			message: expect.stringMatching(/pexels.*pixabay/s) as string,
		});
	});

	it('tries a library once more after a passing fault', async () => {
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 503 });
		expect((await gather(await libraryOf({}, ['pexels']))).warnings).toEqual([]);
	});

	it('takes the next clip when a file is refused, and says so', async () => {
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/videos/' }, kind: 'status', status: 404 });
		const gathered = await gather(await libraryOf({}, ['pexels']));
		expect(gathered.clips.map((own) => own.length)).toEqual([1, 1]);
		expect(gathered.warnings).toHaveLength(1);
	});

	it.each([[503], [429]])('takes the next clip when a file can\'t be had (%i), and says so', async (status) => {
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/videos/' }, kind: 'status', status, times: 3 });
		const gathered = await gather(await libraryOf({}, ['pexels']), { needs: needs.slice(0, 1) });
		expect(gathered.clips.map((own) => own.length)).toEqual([1]);
		expect(gathered.warnings).toEqual([expect.stringMatching(/pexels.*\(scene-1, clip \d+\)$/)]);
	});

	it('takes the next clip when a file always breaks off', async () => {
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/videos/' }, kind: 'drop', times: 3 });
		const gathered = await gather(await libraryOf({}, ['pexels']), { needs: needs.slice(0, 1) });
		expect(gathered.clips.map((own) => own.length)).toEqual([1]);
	});

	it('leaves a library out that hands no files out, after three of them, and takes another one\'s', async () => {
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/' }, kind: 'status', status: 500, times: 0 });
		const many = Array.from({ length: 8 }, (_need, index) => ({ sceneId: `scene-${index}`, query: 'ocean waves', durationS: 3 }));
		const gathered = await gather(await libraryOf(), { needs: many });
		expect(gathered.clips.map((own) => own.length)).toEqual(many.map(() => 1));
		expect(idsOf(gathered).every((id) => id.startsWith('pixabay:'))).toBe(true);
		const tried = new Set(sandbox.recorder.list({ service: 'pexels' }).map(({ path }) => path).filter((path) => path.startsWith('/files/')));
		// three are downloaded at once
		expect(tried.size).toBeLessThanOrEqual(5);
		expect(gathered.warnings.filter((warning) => warning.startsWith('No further files of Pexels were tried'))).toHaveLength(1);
	});

	it('fails when not one file could be had, so that it is tried again', async () => {
		for (const service of VIDEO_LIBRARIES) {
			sandbox.faults.add({ service, match: { path: '^.*(/files/|\\.(mp4|jpe?g)|/download/)' }, kind: 'status', status: 503, times: 0 });
		}
		await expect(gather(await libraryOf())).rejects.toMatchObject({ errorClass: 'unavailable' });
	});
});

describe('photos', () => {
	it('stand where no clip fits, each for some seconds, with their licence', async () => {
		const library = await libraryOf({}, ['unsplash']);
		const { clips, warnings } = await gather(library, { needs: [{ sceneId: 'scene-1', query: 'ocean waves', durationS: 10 }] });
		expect(warnings).toEqual([]);
		expect(clips[0]?.map(({ kind, durationS }) => [kind, durationS])).toEqual([['photo', 0], ['photo', 0]]);
		expect(new Set(clips[0]?.map(({ file }) => file.sha256)).size).toBe(2);
		expect(clips[0]?.[0]?.source).toMatchObject({ kind: 'photo', provider: 'unsplash', license: expect.stringContaining('Unsplash') as string });
	});

	it.each([[1080, 1920], [1080, 1350], [1080, 1080]])('and clips of HD are large enough for %i by %i, and what lies crosswise and is small is not', async (width, height) => {
		const pixabay = await libraryOf({}, ['pixabay']);
		const withoutClips: FootageLibrary = {
			name: 'photos',
			search: async (search) => (search.kind === 'photo' ? await pixabay.search(search) : { ...(await pixabay.search(search)), candidates: [] }),
			obtain: async (...asked) => await pixabay.obtain(...asked),
		};
		const one = [{ sceneId: 'scene-1', query: 'ocean waves', durationS: 3 }];
		const { clips, warnings } = await gather(withoutClips, { needs: one, width, height });
		expect(clips[0]?.map(({ kind }) => kind), warnings.join()).toEqual(['photo']);
		const { query } = sandbox.recorder.list({ service: 'pixabay', path: '/api/videos/' })[0]!;
		expect([query.min_width, query.min_height]).toEqual(['720', '720']);
		const candidate = (sizes: Array<[number, number]>): FootageCandidate => ({
			...{ provider: 'pixabay', kind: 'video', id: '1', title: '', durationS: 5, width: 0, height: 0, words: [], rank: 0, previewUrl: '', pageUrl: '', author: '', authorUrl: '', license: '' },
			renditions: sizes.map(([w, h]) => ({ url: '', width: w, height: h, fps: 0 })),
		});
		expect(isLargeEnough(candidate([[720, 1280]]), { width, height })).toBe(true);
		expect(isLargeEnough(candidate([[1280, 720]]), { width: 1080, height: 1920 })).toBe(false);
		expect(isLargeEnough(candidate([[1280, 720]]), { width: 3840, height: 2160 })).toBe(true);
	});

	it('are not taken where a clip fits', async () => {
		const { clips } = await gather(await libraryOf({}, ['pexels', 'unsplash']));
		expect(clips.flat().map(({ kind }) => kind)).toEqual(['video', 'video']);
	});
});

describe('repetition', () => {
	const historyOf = async (videoId: string, lastVideos = 20, channelId = 'UC1', store?: LibraryDeps['store']) => {
		const kept = store ?? (await temporaryStore());
		return { store: kept, history: { store: kept, videoId, channelId, lastVideos } };
	};

	it('is kept out of a channel over its last videos, and allowed after them and on other channels', async () => {
		const first = await historyOf('v-1');
		const { store } = first;
		const one = idsOf(await gather(await libraryOf(first)));
		const two = idsOf(await gather(await libraryOf(await historyOf('v-2', 20, 'UC1', store))));
		expect(two.filter((id) => one.includes(id))).toEqual([]);
		const elsewhere = idsOf(await gather(await libraryOf(await historyOf('v-3', 20, 'UC2', store))));
		expect(elsewhere).toEqual(one);
		const withoutHistory = idsOf(await gather(await libraryOf(await historyOf('v-4', 0, 'UC1', store))));
		expect(withoutHistory).toEqual(one);
	});

	it('does not count the video itself when it is made again', async () => {
		const own = await historyOf('v-1');
		const library = await libraryOf(own);
		expect(idsOf(await gather(library))).toEqual(idsOf(await gather(library)));
	});

	it('leaves a scene without footage rather than to show again what the channel has shown', async () => {
		const { store, history } = await historyOf('v-2');
		const library = await libraryOf({ store, history }, ['pixabay']);
		const { candidates } = await library.search({ kind: 'video', query: needs[0]!.query, orientation: 'landscape', minSide: 180 });
		const photos = (await library.search({ kind: 'photo', query: needs[0]!.query, orientation: 'landscape', minSide: 180 })).candidates;
		const all = [...candidates, ...photos];
		await settleFootage({ ...history, videoId: 'v-1' }, all.map(({ provider, id }) => ({ provider, id, sha256: '' })));
		const { clips, warnings } = await gather(library);
		expect(clips).toEqual([[], []]);
		expect(warnings[0]).toMatch(new RegExp(`^None of the ${all.length} clips and photos found for "ocean waves" could be taken`));
	});

	it('is kept out of two videos of a channel that are made at the same time', async () => {
		const { store, history } = await historyOf('v-1');
		const [one, two] = await Promise.all([
			gather(await libraryOf({ store, history })),
			gather(await libraryOf(await historyOf('v-2', 20, 'UC1', store))),
		]);
		const ids = [...idsOf(one), ...idsOf(two)];
		expect(ids).toHaveLength(4);
		expect(new Set(ids).size).toBe(4);
	});

	it('is noticed when another video takes the clip between the choice and the download', async () => {
		const { store, history } = await historyOf('v-1');
		const taken: string[] = [];
		const judge: SceneJudge = {
			async look({ provider, id }) {
				if (taken.length === 0) await settleFootage({ ...history, videoId: 'v-2' }, [{ provider, id, sha256: '' }]);
				taken.push(`${provider}:${id}`);
				return { fit: 1, shows: '', warnings: [] };
			},
		};
		const gathered = await gather(await libraryOf({ store, history, judge }), { needs: needs.slice(0, 1) });
		expect(idsOf(gathered)).toEqual([taken[1]]);
		expect(taken[1]).not.toBe(taken[0]);
	});

	it('remembers the file and forgets what was not taken in the end', async () => {
		const { store, history } = await historyOf('v-1');
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/videos/' }, kind: 'status', status: 404 });
		const gathered = await gather(await libraryOf({ store, history }, ['pexels']));
		const rows = await store.db.selectFrom('footage_uses').selectAll().execute();
		expect(rows.map((row) => `${row.provider}:${row.footage_id}`).sort()).toEqual(idsOf(gathered).sort());
		expect(rows.map(({ sha256 }) => sha256).sort()).toEqual(gathered.clips.flat().map(({ file }) => file.sha256).sort());
	});
});

describe('a look at each candidate', () => {
	const judging = (fitOf: (candidate: FootageCandidate, count: number) => number) => {
		const looked: string[] = [];
		const judge: SceneJudge = {
			look(candidate): Promise<Verdict> {
				looked.push(candidate.id);
				return Promise.resolve({ fit: fitOf(candidate, looked.length), shows: '', warnings: [] });
			},
		};
		return { judge, looked };
	};

	it('refuses what fits less than 0.6, and takes what fits as much', async () => {
		const { judge, looked } = judging((_one, count) => (count <= 2 ? 0.59 : 0.6));
		const gathered = await gather(await libraryOf({ judge }), { needs: needs.slice(0, 1) });
		expect(looked).toHaveLength(3);
		expect(gathered.clips[0]?.[0]?.source.id).toBe(looked[2]);
	});

	it('looks at four for one scene at most, and leaves it without footage then', async () => {
		const { judge, looked } = judging(() => 0.1);
		const { clips, warnings } = await gather(await libraryOf({ judge }), { needs: needs.slice(0, 1) });
		expect(looked).toHaveLength(4);
		expect(clips).toEqual([[]]);
		expect(warnings.join()).toMatch(/None of the 4 best clips fits.*None of the \d+ clips and photos found/s);
	});

	it('takes nothing that was refused before, when the model can\'t be asked any more', async () => {
		const looked: string[] = [];
		const judge: SceneJudge = {
			look({ provider, id }) {
				looked.push(`${provider}:${id}`);
				if (looked.length > 2) return Promise.reject(new YtempireError('unavailable', 'The model is down'));
				return Promise.resolve({ fit: looked.length === 1 ? 0.1 : 1, shows: '', warnings: [] });
			},
		};
		// one of the clips that were taken can't be had, so the scene chooses again
		sandbox.faults.add({ service: 'pexels', match: { path: '/files/videos/' }, kind: 'status', status: 404 });
		const gathered = await gather(await libraryOf({ judge }, ['pexels']), { needs: [{ sceneId: 'scene-1', query: 'ocean waves', durationS: 14 }] });
		expect(looked).toHaveLength(3);
		expect(gathered.clips.flat().length).toBeGreaterThanOrEqual(2);
		expect(idsOf(gathered)).not.toContain(looked[0]);
		expect(gathered.warnings.join()).toContain('without a look at it');
	});

	it('lets another scene have what did not fit the first', async () => {
		const { judge, looked } = judging((_one, count) => (count === 1 ? 0 : 1));
		await gather(await libraryOf({ judge }));
		expect(looked[2]).toBe(looked[0]);
	});
});
