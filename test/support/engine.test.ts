/** The test engine is trusted by every node test, so it has tests of its own. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startEngine, type Engine } from './engine';

let folder: string;
let engine: Engine;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-echo-'));
	cpSync('test/support/echo-package', folder, { recursive: true });
	execFileSync(process.execPath, [resolve('node_modules/n8n-core/bin/generate-metadata')], {
		cwd: folder,
	});
	engine = await startEngine(folder);
});

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

describe('the engine for node tests', () => {
	it('resolves expressions and defaults for each item and links the items that come out', async () => {
		const { items, error, status } = await engine.runNode({
			type: 'echo',
			items: [{ text: 'a' }, { text: 'b' }],
		});
		expect({ error, status }).toEqual({ error: undefined, status: 'success' });
		expect(items).toEqual([
			{ json: { text: 'a' }, pairedItem: { item: 0 } },
			{ json: { text: 'b' }, pairedItem: { item: 1 } },
		]);
	});

	it('refuses a node that forgets where its items came from', async () => {
		await expect(engine.runNode({ type: 'echo', parameters: { act: 'forget' } })).rejects.toThrow(
			/n8n-nodes-echo.echo have no pairedItem/,
		);
	});

	it('gives the error that stopped the workflow', async () => {
		const { items, error, status } = await engine.runNode({
			type: 'echo',
			parameters: { act: 'fail' },
		});
		expect({ items, message: error?.message, status }).toEqual({
			items: [],
			message: 'as told',
			status: 'error',
		});
	});

	it('sends failed items to the error output when the node continues there', async () => {
		const { outputs, error } = await engine.runNode({
			type: 'echo',
			parameters: { act: '={{ $json.act }}', text: 'kept' },
			items: [{ act: 'echo' }, { act: 'fail' }],
			onError: 'continueErrorOutput',
		});
		expect(error).toBeUndefined();
		expect(outputs.map((output) => output.map(({ json }) => json))).toEqual([
			[{ text: 'kept' }],
			[{ act: 'fail', error: 'as told' }],
		]);
	});

	it('completes credentials with their defaults and signs requests with them', async () => {
		const server = createServer((request, response) => {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ authorization: request.headers.authorization }));
		}).listen(0, '127.0.0.1');
		await new Promise((listening) => server.once('listening', listening));
		const { port } = server.address() as AddressInfo;
		const signed = await engine.runNode({
			type: 'echo',
			parameters: { act: 'request' },
			credentials: { echoApi: { baseUrl: `http://127.0.0.1:${port}`, key: 'k1' } },
		});
		const withDefault = await engine.runNode({
			type: 'echo',
			parameters: { act: 'request' },
			credentials: { echoApi: { key: 'k1' } },
		});
		server.close();
		expect(signed.items[0]?.json).toEqual({ authorization: 'Bearer k1' });
		expect(withDefault.error?.message).toMatch(/refused the connection/);
	});

	it('keeps binaries in files, as n8n does', async () => {
		const file = join(folder, 'hello.txt');
		writeFileSync(file, 'hello');
		const { items } = await engine.runNode({
			type: 'echo',
			parameters: { act: 'store' },
			items: [{ json: {}, binary: { data: await engine.storeBinary(file, 'text/plain') } }],
		});
		const copy = items[0]?.binary?.copy;
		expect(items[0]?.json).toEqual({ mode: 'filesystem-v2' });
		expect(copy && (await engine.readBinary(copy)).toString()).toBe('hello');
	});

	it('cancels a running node', async () => {
		const stop = new AbortController();
		setTimeout(() => stop.abort(), 50);
		const { status } = await engine.runNode({
			type: 'echo',
			parameters: { act: 'wait' },
			signal: stop.signal,
		});
		expect(status).toBe('canceled');
	});

	it('runs a workflow and keeps what each node gave', async () => {
		const node = (name: string, text: string) => ({
			id: name,
			name,
			type: 'n8n-nodes-echo.echo',
			typeVersion: 1.1,
			position: [0, 0] as [number, number],
			parameters: { text },
		});
		const { runs, status } = await engine.runWorkflow({
			startNode: 'First',
			items: [{ text: 'one' }],
			workflow: {
				nodes: [node('First', '={{ $json.text }}'), node('Second', "={{ $('First').item.json.text }} two")],
				connections: { First: { main: [[{ node: 'Second', type: 'main', index: 0 }]] } },
			},
		});
		expect(status).toBe('success');
		expect(runs.Second?.[0]?.data?.main?.[0]?.[0]?.json).toEqual({ text: 'one two' });
	});
});
