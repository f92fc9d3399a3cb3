/** The VideoComposer and QualityCheck nodes in n8n's engine: from script and voice to a judged file. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import type { QualityResult, VideoResult } from '../../core/documents';
import { getJob } from '../../core/jobs/job';
import { findFfmpeg, probe, runFfmpeg } from '../../core/video/ffmpeg';
import { KEYS } from '../../sandbox/keys';
import { startSandbox } from '../../sandbox/server';
import { startEngine, type Engine } from '../support/engine';
import { queuedJob } from '../support/job';
import { makeClip, makeScript, makeSpeech } from '../support/media';
import { temporaryFolder, temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

const scenes = [
	{ narration: 'Volcanoes build new land.', query: 'volcano lava', text: 'New land' },
	{ narration: 'Waves take it back.', query: 'ocean waves' },
];

const SMALL = { resource: 'video', operation: 'create', resolution: '320x180', options: { preset: 'superfast' } };

async function setUp() {
	const folder = await temporaryFolder();
	const tools = await findFfmpeg();
	const speech = await makeSpeech(tools, folder, scenes.map(({ narration }) => narration));
	const sandbox = await startSandbox({ dataDir: join(folder, 'sandbox') });
	onTestFinished(async () => {
		await sandbox.close();
	});
	const store = await temporaryStore(undefined, folder);
	const credentials = {
		ytempireStoreApi: { databaseFile: store.file },
		ytempirePexelsApi: { apiKey: KEYS.pexels.apiKey, baseUrl: sandbox.services.pexels.url },
		ytempirePixabayApi: { apiKey: KEYS.pixabay.apiKey, baseUrl: sandbox.services.pixabay.url },
	};
	const create = async (item: object, onError?: 'continueErrorOutput', given: object = credentials, options: object = SMALL.options) =>
		await engine.runNode({
			type: 'videoComposer',
			parameters: { ...SMALL, options: options as typeof SMALL.options },
			credentials: given as typeof credentials,
			items: [item] as never,
			onError,
		});
	/** Both nodes in one execution, as in a workflow. */
	const createAndCheck = async (item: object, check: object = {}) => {
		const node = (name: string, type: string, parameters: object, types: string[]) => ({
			id: name,
			name,
			type: `n8n-nodes-ytempire.${type}`,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: parameters as never,
			credentials: Object.fromEntries(types.map((one) => [one, { id: one, name: one }])),
		});
		const { runs, error } = await engine.runWorkflow({
			startNode: 'Create Video',
			items: [item] as never,
			credentials,
			workflow: {
				nodes: [
					node('Create Video', 'videoComposer', SMALL, Object.keys(credentials)),
					node('Quality Check', 'qualityCheck', { resource: 'video', operation: 'check', ...check }, ['ytempireStoreApi']),
				],
				connections: { 'Create Video': { main: [[{ node: 'Quality Check', type: 'main', index: 0 }]] } },
			},
		});
		expect(error).toBeUndefined();
		return runs['Quality Check']?.[0]?.data?.main?.[0]?.[0]?.json as unknown as {
			video: VideoResult;
			quality: QualityResult;
			script: object;
		};
	};
	const item = { video_id: 'v-1', duration: speech.duration_s, script: makeScript(scenes), voice: speech };
	return { tools, sandbox, store, credentials, create, createAndCheck, item, own: folder };
}

describe('VideoComposer', () => {
	it('makes a video of footage from the library, and the quality check passes it', async () => {
		const { tools, store, createAndCheck, item } = await setUp();
		await queuedJob(store);
		const { video, quality, script } = await createAndCheck(item);
		expect((await probe(tools, video.file.path)).video).toMatchObject({ width: 320, height: 180 });
		expect(video.sources.map(({ scene_id }) => scene_id)).toEqual(['scene-1', 'scene-2']);
		expect(video.sources[0]?.license).toMatch(/^(Pexels|Pixabay Content) License/);
		expect(script).toEqual(item.script);
		expect(quality.reasons).toEqual([]);
		expect(quality).toMatchObject({ passed: true, threshold: 0.7 });
		const job = await getJob(store, 'v-1');
		expect(job?.stages.map(({ stage, status }) => `${stage} ${status}`)).toEqual(['video done', 'quality done']);
		expect(job?.status).toBe('running');
	});

	it('gives the kept video when it is run again, and asks the library nothing', async () => {
		const { sandbox, create, item } = await setUp();
		const first = await create(item);
		const path = (first.items[0]?.json.video as unknown as VideoResult).file.path;
		const before = await stat(path);
		sandbox.recorder.clear();
		const second = await create(item);
		expect(second.items[0]?.json.video).toEqual(first.items[0]?.json.video);
		expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
		expect(sandbox.recorder.list({ service: 'pexels' })).toEqual([]);
	});

	it('asks all libraries, goes on when one fails, and remembers what the channel has seen', async () => {
		const { sandbox, store, create, item } = await setUp();
		await queuedJob(store, { channel_id: 'UC1' });
		sandbox.faults.add({ service: 'pexels', kind: 'status', status: 401, times: 0 });
		const { items } = await create(item);
		const video = items[0]?.json.video as unknown as VideoResult;
		expect(video.sources.map(({ provider }) => provider)).toEqual(['pixabay', 'pixabay']);
		expect(video.warnings.join()).toContain('Pexels was left out of the search');
		const uses = await store.db.selectFrom('footage_uses').select(['channel_id', 'video_id', 'footage_id']).execute();
		expect(uses.map(({ channel_id: channel, video_id: id }) => `${channel} ${id}`)).toEqual(['UC1 v-1', 'UC1 v-1']);
		expect(uses.map(({ footage_id: id }) => id).sort()).toEqual(video.sources.map(({ id }) => id).sort());
	});

	it('looks at each clip when asked to, and pays for it from the job', async () => {
		const { sandbox, store, credentials, create, item } = await setUp();
		await queuedJob(store);
		const openai = { apiKey: KEYS.openai.apiKey, baseUrl: `${sandbox.services.openai.url}/v1` };
		const options = { preset: 'ultrafast', checkFootage: true };
		const missing = await create(item, undefined, credentials, options);
		expect(missing.error?.message).toContain('No credential is chosen for OpenAI');
		await queuedJob(store);
		const { items, error } = await create(item, undefined, { ...credentials, ytempireOpenAiApi: openai }, options);
		expect(error).toBeUndefined();
		const looks = sandbox.recorder.list({ service: 'openai', path: '/v1/chat/completions' });
		expect(looks.length).toBeGreaterThanOrEqual(2);
		expect(looks.length).toBeLessThanOrEqual(8);
		const video = items[0]?.json.video as unknown as VideoResult;
		expect(video.file.bytes).toBeGreaterThan(0);
		const job = await getJob(store, 'v-1');
		expect(job?.stages[0]?.providers).toContain('openai');
		expect(job?.cost_usd).toBeGreaterThan(0);
	});

	it('makes titled cards without a credential of a library with videos, and says so', async () => {
		const { create, credentials, item } = await setUp();
		const { items } = await create(item, undefined, { ytempireStoreApi: credentials.ytempireStoreApi });
		const video = items[0]?.json.video as unknown as VideoResult;
		expect(video.sources).toEqual([]);
		expect(video.warnings.join()).toContain('titled card');
	});

	it('paints scenes without footage when that is asked for, once, and pays for it from the job', async () => {
		const { sandbox, store, credentials, create, item } = await setUp();
		await queuedJob(store);
		const given = {
			ytempireStoreApi: credentials.ytempireStoreApi,
			ytempireStabilityApi: { ...KEYS.stability, baseUrl: sandbox.services.stability.url },
		};
		const options = { preset: 'superfast', missing: 'paint' };
		const { items, error } = await create(item, undefined, given, options);
		expect(error).toBeUndefined();
		const video = items[0]?.json.video as unknown as VideoResult;
		// pictures of one's own need no attribution
		expect(video.sources).toEqual([]);
		expect(video.warnings.join()).not.toContain('titled card');
		const painted = () => sandbox.recorder.list({ service: 'stability', method: 'POST' }).length;
		expect(painted()).toBe(2);
		const job = await getJob(store, 'v-1');
		expect(job?.stages[0]?.providers).toContain('stability');
		expect(job?.cost_usd).toBeGreaterThan(0);
		await create({ ...item, script: { ...item.script, title: 'Another title' } }, undefined, given, options);
		expect(painted()).toBe(2);
	});

	it('shows own clips and pictures of a format, from paths and binary fields, and probes what came of it', async () => {
		const { tools, credentials, item, own } = await setUp();
		const clip = await makeClip(tools, own, { name: 'own', source: 'testsrc2=size=180x320:rate=25:duration=2' });
		const picture = join(own, 'picture.png');
		await runFfmpeg(tools, ['-f', 'lavfi', '-i', 'testsrc2=size=360x640', '-frames:v', '1', picture]);
		const data = { data: (await readFile(picture)).toString('base64'), mimeType: 'image/png', fileName: 'picture.png' };
		const files = [{ file: clip, scene: '2' }, { file: 'photo', scene: '' }];
		const store = { ytempireStoreApi: credentials.ytempireStoreApi };
		const made = await engine.runNode({
			type: 'videoComposer',
			parameters: { ...SMALL, format: '9:16', options: { preset: 'ultrafast', transition: 'fade', ownMedia: { files } } as never },
			credentials: store,
			items: [{ json: item, binary: { photo: data } }] as never,
		});
		expect(made.error).toBeUndefined();
		const video = made.items[0]?.json.video as unknown as VideoResult;
		expect(video).toMatchObject({ width: 180, height: 320, sources: [], warnings: [] });
		const probed = await engine.runNode({
			type: 'videoComposer',
			parameters: { resource: 'video', operation: 'probe' },
			credentials: store,
			items: [{ video }] as never,
		});
		expect(probed.items[0]?.json.probe).toMatchObject({
			sha256: video.file.sha256,
			video: { codec: 'h264', profile: 'High', width: 180, height: 320, fps: 30, color_space: 'bt709' },
			audio: { codec: 'aac', sample_rate: 48_000, channels: 2 },
		});
	});

	it('plays music from a path or a binary field under the voice, as loud as it is told, and makes the video anew when it changes', async () => {
		const { tools, credentials, item, own } = await setUp();
		const music = join(own, 'music.wav');
		await runFfmpeg(tools, ['-f', 'lavfi', '-i', 'sine=frequency=5000:duration=1:sample_rate=48000', music]);
		const make = async (options: object, binary: object = {}) => {
			const { items, error } = await engine.runNode({
				type: 'videoComposer',
				parameters: { ...SMALL, captionStyle: 'none', options: { preset: 'ultrafast', ...options } as never },
				credentials: { ytempireStoreApi: credentials.ytempireStoreApi },
				items: [{ json: item, binary }] as never,
			});
			expect(error).toBeUndefined();
			return (items[0]?.json.video as unknown as VideoResult).file;
		};
		/** dB of what is heard around the music's tone, which the voice doesn't have. */
		const heard = async (path: string) => {
			const { stderr } = await runFfmpeg(tools, ['-i', path, '-af', 'bandpass=f=5000:width_type=h:w=100,volumedetect', '-vn', '-f', 'null', '-']);
			return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
		};
		const [without, under] = [await make({}), await make({ music })];
		expect(await heard(under.path)).toBeGreaterThan((await heard(without.path)) + 10);
		const quieter = await make({ music, musicVolume: -40 });
		expect(await heard(quieter.path)).toBeLessThan((await heard(under.path)) - 6);
		const data = { data: (await readFile(music)).toString('base64'), mimeType: 'audio/wav', fileName: 'music.wav' };
		expect((await make({ music: 'tune' }, { tune: data })).sha256).toBe(under.sha256);
		expect(new Set([without.path, under.path, quieter.path]).size).toBe(3);
	});

	it('mixes own clips with found ones, and says of each scene what it shows', async () => {
		const { tools, create, item, own } = await setUp();
		const clip = await makeClip(tools, own, { name: 'own', source: 'testsrc2=size=320x180:rate=25:duration=4' });
		const ownMedia = { files: [{ file: clip, scene: '2' }] };
		const { items, error } = await create(item, undefined, undefined, { preset: 'ultrafast', ownMedia });
		expect(error).toBeUndefined();
		const video = items[0]?.json.video as unknown as VideoResult;
		expect(video.sources.map(({ scene_id }) => scene_id)).toEqual(['scene-1']);
		expect(video.shown?.map(({ scene_id, shows, origin }) => [scene_id, shows, origin])).toEqual([
			['scene-1', 'clip', 'found'],
			['scene-2', 'clip', 'own'],
		]);
	});

	it('stops at once when the execution is cancelled', async () => {
		const { credentials, item } = await setUp();
		const controller = new AbortController();
		let stoppedAt = 0;
		setTimeout(() => {
			stoppedAt = Date.now();
			controller.abort();
		}, 1500);
		const { status } = await engine.runNode({
			type: 'videoComposer',
			parameters: { ...SMALL, resolution: '3840x2160', options: { preset: 'slow' } },
			credentials: { ytempireStoreApi: credentials.ytempireStoreApi },
			items: [item] as never,
			signal: controller.signal,
		});
		expect(status).toBe('canceled');
		expect(Date.now() - stoppedAt).toBeLessThan(1500);
	});

	it("tells Pexels' refusal of the key with its cure", async () => {
		const { create, credentials, item } = await setUp();
		const { ytempirePixabayApi: _without, ...alone } = credentials;
		const wrong = { ...alone, ytempirePexelsApi: { ...credentials.ytempirePexelsApi, apiKey: 'wrong-key-1234' } };
		const { outputs } = await create(item, 'continueErrorOutput', wrong);
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { error_class: 'auth', provider: 'pexels' } });
		expect(JSON.stringify(outputs[1])).not.toContain('wrong-key-1234');
	});

	it('names the field that does not hold what it should', async () => {
		const { create, item } = await setUp();
		const { outputs } = await create({ ...item, voice: { audio: {} } }, 'continueErrorOutput');
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { error_class: 'invalid-request' } });
		expect(JSON.stringify(outputs[1]?.[0]?.json.details)).toContain('speech.duration_s');
	});
});

describe('QualityCheck', () => {
	it('judges a video by itself, without job, speech or asked length', async () => {
		const { create, item, store } = await setUp();
		const { items } = await create({ ...item, video_id: '' });
		const { video } = items[0]?.json as { video: object };
		const judged = await engine.runNode({
			type: 'qualityCheck',
			parameters: { resource: 'video', operation: 'check' },
			credentials: { ytempireStoreApi: { databaseFile: store.file } },
			items: [{ video }] as never,
		});
		expect(judged.items[0]?.json.quality).toMatchObject({ passed: true });
		expect(await getJob(store, 'v-1')).toBeUndefined();
	});

	it('judges by the lines of the channel: the job\'s, or the one that is named', async () => {
		const { create, item, store } = await setUp();
		await queuedJob(store, { channel_id: 'UC1' });
		const { items } = await create({ ...item, video_id: '' });
		const { video } = items[0]?.json as { video: object };
		const thresholds = JSON.stringify({ UC1: { score: 0.9, loudnessTarget: -16 }, UC2: { loudnessTarget: -14.2 } });
		const judge = async (videoId: string, channelId: string) => {
			const judged = await engine.runNode({
				type: 'qualityCheck',
				parameters: { resource: 'video', operation: 'check', videoId, threshold: 0.6, options: { thresholds, channelId } },
				credentials: { ytempireStoreApi: { databaseFile: store.file } },
				items: [{ video }] as never,
			});
			expect(judged.error).toBeUndefined();
			const { threshold, gates } = judged.items[0]?.json.quality as unknown as QualityResult;
			return { threshold, loudness: gates.find(({ name }) => name === 'loudness')?.threshold };
		};
		expect(await judge('v-1', '')).toEqual({ threshold: 0.9, loudness: '-16 ± 1 LUFS' });
		expect(await judge('', 'UC2')).toEqual({ threshold: 0.6, loudness: '-14.2 ± 1 LUFS' });
		expect(await judge('', '')).toEqual({ threshold: 0.6, loudness: '-14 ± 1 LUFS' });
	});

	it('flags the job of a video that does not pass, and says why', async () => {
		const { store, createAndCheck, item } = await setUp();
		await queuedJob(store);
		const { quality } = await createAndCheck(item, { duration: 60 });
		expect(quality.passed).toBe(false);
		expect(quality.score).toBeLessThanOrEqual(0.3);
		expect(quality.blame).toEqual(['script']);
		expect(quality.reasons.join(' ')).toMatch(/duration is 2\.\d+ s, wanted: 60 s/);
		expect((await getJob(store, 'v-1'))?.status).toBe('flagged');
	});

	it("lets another model's review count in a script's score, and refuses what is no review", async () => {
		const { item, store } = await setUp();
		const check = async (review: object | string, onError?: 'continueErrorOutput') =>
			await engine.runNode({
				type: 'qualityCheck',
				parameters: { resource: 'script', operation: 'check' },
				credentials: { ytempireStoreApi: { databaseFile: store.file } },
				items: [{ script: item.script, duration: 4, review }] as never,
				onError,
			});
		const scored = async (review: object | string) =>
			((await check(review)).items[0]?.json.script_quality as unknown as { score: number }).score;
		const alone = await scored('');
		expect(await scored({ score: 0, criteria: [], reasons: [] })).toBeLessThan(alone);
		expect(await scored({ score: 1, criteria: [], reasons: [] })).toBeGreaterThanOrEqual(alone);
		const { outputs } = await check({ score: 'very good' }, 'continueErrorOutput');
		expect(outputs[1]?.[0]?.json).toMatchObject({ details: { error_class: 'invalid-request' } });
	});
});
