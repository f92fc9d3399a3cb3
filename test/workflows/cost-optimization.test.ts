/** Cost optimization in a real n8n: each of its answers, and the hourly judgement. */
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Savings } from '../../core/cost/savings';
import { configurationOf, updateConfiguration, rollBack, type Arm } from '../../core/routing/configuration';
import { configuredArm } from '../../core/routing/configured';
import { openStore, type Store } from '../../core/store/store';
import type { WorkflowFile } from '../../host/provision';
import { costRow, FLOOR, generateMonth, jobRow, recordMonth, stageRow } from '../support/month';
import { testFactory, type TestFactory } from './factory';

const PATH = 'workflow_004';

const oftener = (workflow: WorkflowFile): WorkflowFile => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.name === 'Every Hour' ? { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } } } : node,
	),
});

const eleven: Arm = { provider: 'elevenlabs', model: 'eleven_multilingual_v2' };
const azure: Arm = { provider: 'azure-speech', model: 'neural' };

let factory: TestFactory;
let store: Store;
beforeAll(async () => {
	factory = await testFactory({ workflows: ['cost_optimization.json'], adapt: oftener });
	store = await openStore(factory.store);
});
afterAll(async () => {
	await store?.close();
	await factory?.close();
});

/** Videos whose voice, where a trial gives it to another provider, is much worse. */
async function produceWorse(prefix: string): Promise<void> {
	const now = Date.now();
	for (let index = 0; index < 40; index++) {
		const id = `${prefix}-${index}`;
		const arm = await configuredArm(store, id, 'voice');
		const isTrial = arm?.provider === azure.provider;
		await store.transaction(async (trx) => {
			await trx.insertInto('jobs').values(jobRow(id, now, 'published') as never).execute();
			await trx.insertInto('stages').values(stageRow(id, 'quality', now, { score: (isTrial ? 0.72 : 0.9) + (index % 5) / 100 }) as never).execute();
			await trx.insertInto('costs').values(costRow(id, id, now, 'voice', isTrial ? azure : eleven, { tokens: 0, characters: 900, pictures: 0 }) as never).execute();
		});
	}
}

const ask = async (body: object) => await factory.post(PATH, body);
const versionNow = async () => (await configurationOf(store.db)).version;

describe('cost_optimization', () => {
	it('has nothing to save before anything was recorded', async () => {
		const { status, body } = await ask({ apply: true });
		expect([status, body.outcome]).toEqual([200, 'nothing_to_save']);
		expect(body.analysis).toMatchObject({ cost_usd: 0, videos: 0 });
		expect(await versionNow()).toBe(0);
	});

	it('tells in a dry run what it would switch, and changes nothing', async () => {
		await recordMonth(store, generateMonth(3, 1_000, Date.now()));
		const { status, body } = await ask({ quality_floor: FLOOR });
		expect([status, body.outcome]).toEqual([200, 'dry_run']);
		expect(body.analysis).toMatchObject({ videos: 1_000 });
		expect(body.switching).toMatchObject({ applied: false, version: null, switches: expect.arrayContaining([expect.objectContaining({ share: 0.2 })]) });
		expect(await versionNow()).toBe(0);
	});

	it('proposes nothing under the floor', async () => {
		const { body } = await ask({ quality_floor: 0.999, apply: true });
		expect(body.outcome).toBe('nothing_to_save');
		expect(await versionNow()).toBe(0);
	});

	it('applies a switch within the limits of the request, with who and why', async () => {
		const { together } = (await ask({ quality_floor: FLOOR })).body.savings as Savings;
		const stage = together.find(({ stages }) => stages.length === 1)?.stages[0] ?? 'none';
		const { status, body } = await ask({ quality_floor: FLOOR, apply: true, greatest_share: 0.1, stages: [stage], by: 'ana', reason: 'too dear' });
		expect([status, body.outcome]).toEqual([200, 'applied']);
		expect(body.switching).toMatchObject({ applied: true, version: 1, switches: [{ stage, share: 0.1 }] });
		const { stages, ...about } = await configurationOf(store.db);
		expect(about).toMatchObject({ version: 1, action: 'switch', made_by: 'ana', reason: 'too dear' });
		expect(Object.keys(stages)).toEqual([stage]);
		await rollBack(store, { by: 'the test', reason: 'the next case' });
	});

	it('rolls a switch back that worsens quality', async () => {
		await updateConfiguration(store, { voice: { standard: eleven, trial: { ...azure, share: 0.5 } } }, { by: 'ana', reason: 'a try' });
		await produceWorse('asked');
		const version = await versionNow();
		const { body } = await ask({ apply: true, quality_floor: 1 });
		// the schedule may have come before
		expect(body.outcome === 'rolled_back' || (await versionNow()) > version).toBe(true);
		const now = await configurationOf(store.db);
		expect(now).toMatchObject({ action: 'automatic-roll-back', stages: { voice: { standard: eleven } } });
		expect(now.stages.voice?.trial).toBeUndefined();
	});

	it('rolls it back by itself, when nobody asks', async () => {
		await updateConfiguration(store, { voice: { standard: eleven, trial: { ...azure, share: 0.5 } } }, { by: 'ana', reason: 'a second try' });
		await produceWorse('unasked');
		const deadline = Date.now() + 60_000;
		while ((await configurationOf(store.db)).stages.voice?.trial && Date.now() < deadline) await delay(500);
		expect(await configurationOf(store.db)).toMatchObject({ action: 'automatic-roll-back', made_by: expect.stringContaining('Cost Optimization') });
	});

	it('answers what is not valid with the field and its reason', async () => {
		const { status, body } = await ask({ days: 'many' });
		expect(status).toBe(400);
		expect(body).toMatchObject({ success: false, errors: [{ field: 'days' }] });
	});

	it.each([
		['a yes that is a text', { apply: 'true' }, 'apply'],
		['stages that are no list', { apply: true, stages: 'voice' }, 'stages'],
		['a stage that there is not', { apply: true, stages: ['voice', 'mix'] }, 'stages.1'],
		['no stage at all', { apply: true, stages: [] }, 'stages'],
		['a field in other words', { apply: true, qualityFloor: 0.9 }, 'qualityFloor'],
		['a share beyond all videos', { greatest_share: 5 }, 'greatest_share'],
	])('changes nothing on %s, and names the field', async (_, asked, field) => {
		const version = await versionNow();
		expect(await ask({ quality_floor: FLOOR, ...asked })).toMatchObject({ status: 400, body: { success: false, errors: [{ field }] } });
		expect(await versionNow()).toBe(version);
	});

	it('lets nobody in without the right key', async () => {
		for (const headers of [{}, { [factory.webhookKey.name]: 'wrong' }]) {
			expect((await factory.post(PATH, {}, headers)).status).toBe(403);
		}
	});
});
