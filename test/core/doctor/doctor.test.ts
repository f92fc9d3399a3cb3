/** The doctor on a healthy factory, and on one with each planted fault. */
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { examine } from '../../../core/doctor/doctor';
import { CHECKS, type Finding } from '../../../core/doctor/finding';
import { checkNode } from '../../../core/doctor/machine';
import { healthyFactory, type HealthyFactory } from '../../support/healthy-factory';
import { describePostgres } from '../../support/stores';

const wrong = (findings: Finding[]) => findings.filter(({ level }) => level !== 'ok');

/** What each node of a live workflow is, for a fault in it. */
const nodesOf = ({ n8n }: HealthyFactory, at: number) => n8n.workflows[at]!.nodes as Array<Record<string, any>>;

afterEach(() => {
	vi.unstubAllEnvs();
});

describe('the doctor', () => {
	it('finds nothing in a healthy factory, having looked at everything, and changes nothing', async () => {
		const { options, n8n } = await healthyFactory();
		const findings = await examine(options);
		expect(wrong(findings)).toEqual([]);
		expect([...new Set(findings.map(({ check }) => check))].sort()).toEqual([...CHECKS].sort());
		expect(n8n.requests.filter(({ method }) => method !== 'GET')).toMatchObject([{ path: '/webhook/workflow_001', body: {} }]);
		expect(JSON.stringify(findings)).not.toMatch(/fake-api-key|fake-webhook-key/);
	});

	const faults: Array<[fault: string, plant: (factory: HealthyFactory) => unknown, check: string, message: RegExp, cure: RegExp]> = [
		['n8n that is not running', async ({ n8n }) => await n8n.close(), 'n8n', /could not be reached/, /Start n8n/],
		['an n8n that is too old', ({ n8n }) => (n8n.version = '1.123.4'), 'n8n-version', /1\.123\.4 is too old/, /Update n8n/],
		['an API key that n8n does not accept', ({ options }) => (options.apiKey = 'expired-key-99'), 'api-key', /401/, /API key/],
		['a package that n8n has not loaded', ({ n8n }) => (n8n.credentialTypes = []), 'package', /not loaded/, /Install it/],
		['a workflow that was never imported', ({ n8n }) => n8n.workflows.splice(2, 1), 'workflows', /quality_check is not in n8n/, /Import .*quality_check\.json/],
		['a workflow that is archived', ({ n8n }) => (n8n.workflows[2]!.isArchived = true), 'workflows', /quality_check is not in n8n/, /Import/],
		['a workflow that is not published', ({ n8n }) => (n8n.workflows[3]!.active = false), 'workflows', /error_handler is not published/, /Publish/],
		[
			'a node without its credential',
			(factory) => delete nodesOf(factory, 3)[0]!.credentials.ytempireOpenAiApi,
			'credentials',
			/"Generate Script" of the workflow "YTEMPIRE Error Handler" has no credential ytempireOpenAiApi/,
			/choose or make/,
		],
		[
			'a node that has no provider to ask',
			(factory) => {
				nodesOf(factory, 3)[0]!.type = 'n8n-nodes-ytempire.elevenLabsVoice';
				nodesOf(factory, 3)[0]!.credentials = { ytempireStoreApi: { id: 'c1', name: 'x' } };
			},
			'credentials',
			/has no credential of any provider/,
			/ytempireElevenLabsApi, and publish the workflow again\. ytempireAzureSpeechApi will do, too/,
		],
		[
			'a provider that may be left out, and was deleted',
			(factory) => {
				nodesOf(factory, 3)[0]!.type = 'n8n-nodes-ytempire.elevenLabsVoice';
				nodesOf(factory, 3)[0]!.credentials = { ytempireAzureSpeechApi: { id: 'gone', name: 'x' } };
			},
			'credentials',
			/ytempireAzureSpeechApi that is no longer there/,
			/choose or make/,
		],
		['a credential that was deleted', ({ n8n }) => n8n.credentials.splice(1, 1), 'credentials', /no longer there/, /choose or make/],
		['a webhook that lets anybody in', (factory) => (nodesOf(factory, 2)[0]!.parameters = { path: 'workflow_002' }), 'credentials', /lets anybody in/, /Header Auth/],
		[
			'a webhook key that is wrong',
			({ options }) => (options.webhookAuth = { type: 'header', value: 'wrong-key-1234' }),
			'webhook-key',
			/does not let this caller in/,
			/header name and value/,
		],
		['a webhook that is another’s', ({ n8n }) => (n8n.webhook = () => ({ status: 200, body: {} })), 'webhook-key', /not this package’s/, /Look which workflow/],
		[
			'a store that is no database',
			async ({ options, folder }) => {
				options.place = { file: join(folder, 'notes.txt') };
				await writeFile(options.place.file, 'x'.repeat(5000));
			},
			'store',
			/can't be read: it is not a SQLite database/,
			/Check that the path/,
		],
		[
			'a store of an older version',
			({ file }) => {
				const database = new DatabaseSync(file);
				database.exec("delete from migrations where name = '2026-11-22-pool-seats'");
				database.close();
			},
			'store',
			/older version.*2026-11-22-pool-seats/,
			/Restart n8n/,
		],
		['a disk without room', ({ options }) => (options.minFreeGb = 900_000), 'disk', /Only .* GB are free/, /Remove folders/],
		[
			'an ffmpeg without a filter that is needed',
			async ({ folder }) => {
				const script = join(folder, 'ffmpeg');
				const lines = ['#!/bin/sh', 'case "$*" in', '*-version*) echo "ffmpeg version 6.0 lean"; echo "libavutil 58. 2.100";;', '*-filters*) echo " ... scale V->V x";;', 'esac'];
				await writeFile(script, `${lines.join('\n')}\n`);
				await chmod(script, 0o755);
				vi.stubEnv('YTEMPIRE_FFMPEG_PATH', script);
			},
			'ffmpeg',
			/lacks: .*filter ass/,
			/full build/,
		],
		['an ffmpeg that is not there', ({ folder }) => vi.stubEnv('YTEMPIRE_FFMPEG_PATH', join(folder, 'no-ffmpeg')), 'ffmpeg', /can't be started/, /path/],
	];

	it.each(faults)('finds %s, and says the cure', async (_fault, plant, check, message, cure) => {
		const factory = await healthyFactory();
		await plant(factory);
		const found = wrong(await examine(factory.options));
		const planted = found.filter(({ level }) => level === 'fault');
		expect(planted).not.toEqual([]);
		expect([...new Set(planted.map((one) => one.check))]).toEqual([check]);
		expect(planted.map((one) => one.message).join('\n')).toMatch(message);
		expect(planted.map((one) => one.cure).join('\n')).toMatch(cure);
		// what rests on it can't be looked at; nothing else is said to be wrong
		expect(found.every(({ level }) => level === 'fault' || level === 'unknown')).toBe(true);
		expect(JSON.stringify(found)).not.toMatch(/expired-key|wrong-key/);
	});

	it('finds a Node that is too old', () => {
		expect(checkNode('20.20.2')).toMatchObject({ level: 'fault', cure: expect.stringContaining('Node 24') });
		expect(checkNode('22.15.0').level).toBe('fault');
		expect(checkNode('22.16.0').level).toBe('ok');
	});

	it('only warns of what is not yet there, and of what it was not given', async () => {
		const { options, file } = await healthyFactory();
		await rm(file);
		const findings = await examine({ ...options, apiKey: undefined, webhookAuth: undefined });
		expect(findings.filter(({ level }) => level === 'fault')).toEqual([]);
		expect(findings.filter(({ level }) => level === 'warning').map(({ check }) => check)).toEqual(['store', 'api-key', 'webhook-key']);
	});

	it('says that it does not know the version where n8n does not tell it', async () => {
		const { options, n8n } = await healthyFactory();
		n8n.version = '';
		expect(wrong(await examine(options))).toMatchObject([{ check: 'n8n-version', level: 'unknown' }]);
	});

	it('knows a workflow by its webhook when n8n gave it another ID and somebody another name', async () => {
		const { options, n8n } = await healthyFactory();
		Object.assign(n8n.workflows[2]!, { id: 'Zy8w', name: 'My check' });
		expect(wrong(await examine(options))).toEqual([]);
	});

	it('does not ask for a credential that the node’s parameters don’t need', async () => {
		const factory = await healthyFactory();
		nodesOf(factory, 3)[0]!.parameters = { resource: 'metadata' };
		expect(wrong(await examine(factory.options))).toMatchObject([{ check: 'credentials', message: expect.stringContaining('ytempireCohereApi') }]);
	});

	it('looks only at the workflows that were named', async () => {
		const { options, n8n } = await healthyFactory();
		n8n.workflows.splice(2, 1);
		expect(wrong(await examine({ ...options, workflows: ['video_generation'] }))).toEqual([]);
	});
});

describePostgres('the doctor', (open) => {
	it('looks at a store in PostgreSQL without changing it, and says when there is none', async () => {
		const { options } = await healthyFactory();
		const store = await open();
		if (!('connectionString' in store.place)) throw new Error('not PostgreSQL');
		expect(wrong(await examine({ ...options, place: store.place }))).toEqual([]);
		const missing = { ...store.place, schema: 'nobody_made_this' };
		expect(wrong(await examine({ ...options, place: missing }))).toMatchObject([{ check: 'store', level: 'warning' }]);
		const away = { ...store.place, connectionString: 'postgresql://nobody:secret-word@127.0.0.1:1/none' };
		const found = wrong(await examine({ ...options, place: away }));
		expect(found).toMatchObject([{ check: 'store', level: 'fault' }]);
		expect(JSON.stringify(found)).not.toContain('secret-word');
	});
});
