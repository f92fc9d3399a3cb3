/** The SceneImage node in n8n's engine, against the sandbox. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { findFfmpeg, probe } from '../../core/video/ffmpeg';
import type { FaultSetting } from '../../sandbox/faults';
import { BLURRED } from '../../sandbox/drawing/markers';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { letGo, queuedJob } from '../support/job';
import { billed as billedOf, entries } from '../support/ledger';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder, temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

type Credentials = NonNullable<NodeRun['credentials']>;

const stability = ({ services }: Sandbox): Credentials => ({
	ytempireStabilityApi: { ...KEYS.stability, baseUrl: services.stability.url },
});
const openai = ({ services }: Sandbox): Credentials => ({
	ytempireOpenAiApi: { ...KEYS.openai, baseUrl: `${services.openai.url}/v1` },
});
const midjourney = ({ services }: Sandbox): Credentials => ({
	ytempireMidjourneyGatewayApi: { ...KEYS.midjourney, baseUrl: services.midjourney.url },
});

async function nodeWith(credentials: Credentials, storeFile?: string) {
	const databaseFile = storeFile ?? join(await temporaryFolder(), 'jobs.sqlite');
	return async (items: object[], parameters: object = {}, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'sceneImage',
			parameters: { resource: 'image', operation: 'generate', videoId: '', ...small, ...parameters },
			credentials: { ...credentials, ytempireStoreApi: { databaseFile } },
			items: items as never,
			...more,
		});
}

const small = { size: 'custom', width: 320, height: 180 };

const scene = { id: 'scene-2', visual_query: 'A volcano by the sea' };

const billed = (sandbox: Sandbox) => billedOf(sandbox, 'stability');

describe('Image: Generate', () => {
	it('adds the picture of a scene as a document and as a file, from the scene’s own visual query', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeWith(stability(sandbox));
		const { items } = await node([scene], { size: '1920x1080' });
		expect(items[0]?.json).toMatchObject({
			id: 'scene-2',
			image: {
				image: { mime: 'image/png', path: expect.any(String) },
				width: 1920,
				height: 1080,
				provider: 'stability',
				model: 'stable-image-core',
				prompt: 'A volcano by the sea',
				seed: expect.any(Number),
				costs: [{ micro_usd: 30_000, units: { credits: 3 } }],
			},
		});
		const file = items[0]?.binary?.data;
		expect(file).toMatchObject({ mimeType: 'image/png', fileExtension: 'png' });
		const path = join(await temporaryFolder(), 'file.png');
		await writeFile(path, await engine.readBinary(file!));
		expect((await probe(await findFfmpeg(), path)).video).toMatchObject({ width: 1920, height: 1080 });
	});

	it('makes a thumbnail, in the named field, beside the files that came in', async () => {
		const node = await nodeWith(stability(await temporarySandbox()));
		const binary = { data: await engine.storeBinary(__filename, 'text/plain') };
		const parameters = { purpose: 'thumbnail', options: { binaryField: 'thumbnail' } };
		const { items } = await node([{ json: scene, binary }], parameters);
		expect(items[0]?.json.image).toMatchObject({ width: 1280, height: 720, image: { mime: 'image/jpeg' } });
		expect(Object.keys(items[0]?.binary ?? {}).sort()).toEqual(['data', 'thumbnail']);
	});

	it('asks the first provider whose credential is chosen, or the one that is preferred', async () => {
		const sandbox = await temporarySandbox();
		const provider = async (credentials: Credentials, options: object = {}) =>
			((await (await nodeWith(credentials))([scene], { options })).items[0]?.json.image as { provider?: string }).provider;
		const all = { ...midjourney(sandbox), ...openai(sandbox), ...stability(sandbox) };
		expect(await provider(all)).toBe('stability');
		expect(await provider(openai(sandbox))).toBe('openai');
		expect(await provider(all, { provider: 'midjourney' })).toBe('midjourney');
	});

	it.each<[says: string, fault: Partial<FaultSetting>, errorClass: string]>([
		['is down', { status: 503, headers: { 'retry-after': '600' } }, 'unavailable'],
		['is asked too often', { status: 429, headers: { 'retry-after': '600' } }, 'rate-limited'],
		['does not know the key', { status: 401 }, 'auth'],
		['is out of credit', { status: 402 }, 'quota-exhausted'],
		['refuses the prompt', { status: 403 }, 'refused'],
	])('goes on with OpenAI when Stability %s, and says so; run again it pays nothing', async (_says, fault, errorClass) => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'stability', kind: 'status', times: 0, ...fault });
		const store = await temporaryStore();
		await queuedJob(store);
		const node = await nodeWith({ ...midjourney(sandbox), ...openai(sandbox), ...stability(sandbox) }, store.file);
		const { items } = await node([scene], { videoId: 'v-1' });
		expect(items[0]?.json.image).toMatchObject({
			provider: 'openai',
			tried: [
				{ provider: 'stability', outcome: 'failed', error_class: errorClass },
				{ provider: 'openai', outcome: 'used' },
			],
		});
		await letGo(store);
		const again = await (await nodeWith(stability(sandbox), store.file))([scene], { videoId: 'v-1' });
		expect(again.items[0]?.json).toEqual(items[0]?.json);
		const ledger = await entries(store);
		expect(ledger).toMatchObject([{ provider: 'openai', state: 'settled', units: billedOf(sandbox, 'openai')[0]?.units }]);
	});

	it('asks nobody else when no fallback is wanted', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'stability', kind: 'status', status: 402, times: 0 });
		const node = await nodeWith({ ...openai(sandbox), ...stability(sandbox) });
		expect((await node([scene], { options: { fallback: false } })).error?.message).toContain('stability');
		expect(billedOf(sandbox, 'openai')).toHaveLength(0);
	});

	it('says what is missing when no credential is chosen, or not the preferred one', async () => {
		const sandbox = await temporarySandbox();
		const none = await (await nodeWith({}))([scene]);
		expect(none.error?.message).toContain('No credential is chosen for Stability, OpenAI, Midjourney Gateway');
		expect(none.error?.description).toContain('Choose a credential of at least one provider');
		const other = await (await nodeWith(openai(sandbox)))([scene], { options: { provider: 'midjourney' } });
		expect(other.error?.message).toContain('Midjourney Gateway');
	});

	it('asks for the chosen model, style and seed, and for nothing that is not wanted', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeWith(stability(sandbox));
		const options = { stabilityModel: 'sd3.5-medium', seed: 42, negativePrompt: 'people' };
		const { items } = await node([scene], { style: 'neon-punk', options });
		expect(items[0]?.json.image).toMatchObject({ model: 'sd3.5-medium', seed: 42 });
		expect(sandbox.state('stability')).toMatchObject({
			asked: [
				{
					path: '/v2beta/stable-image/generate/sd3',
					fields: { model: 'sd3.5-medium', style_preset: 'neon-punk', seed: '42', negative_prompt: 'people', aspect_ratio: '16:9' },
				},
			],
		});
	});

	it('handles every item, and with Continue On Fail goes on past the one that fails', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeWith(stability(sandbox));
		const items = [scene, { id: 'b', visual_query: `A castle, ${BLURRED}` }, { id: 'c', visual_query: 'x'.repeat(100_000) }, { id: 'd', visual_query: 'Rivers' }];
		const { outputs } = await node(items, {}, { onError: 'continueErrorOutput' });
		expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 3 }]);
		expect(outputs[1]?.map(({ json }) => (json.details as { error_class: string }).error_class)).toEqual(['refused', 'invalid-request']);
	});

	it('tells a wrong key with its cure and without the key', async () => {
		const sandbox = await temporarySandbox();
		const node = await nodeWith({ ytempireStabilityApi: { apiKey: 'a-wrong-key', baseUrl: sandbox.services.stability.url } });
		const { error, status } = await node([scene]);
		expect(status).toBe('error');
		expect(error?.message).toContain('did not accept the credential');
		expect(JSON.stringify(error)).not.toContain('a-wrong-key');
		expect(billed(sandbox)).toHaveLength(0);
	});

	it('stops when the execution is cancelled', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.setLatency('stability', 5000);
		const node = await nodeWith(stability(sandbox));
		const { status } = await node([scene], {}, { signal: AbortSignal.timeout(300) });
		expect(status).toBe('canceled');
	});
});
