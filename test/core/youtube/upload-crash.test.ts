/** A process that uploads is killed; another goes on: the file whole, the video once. */
import { spawn } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { CHUNK, uploadScene, type UploadScene } from '../../support/upload';
import type { UploadProcess } from '../../support/upload-process';

const CHUNKS = 3.5;

/** Starts the upload in a process of its own and kills it as soon as `when` says so. */
async function killed(scene: UploadScene, when: (confirmed: number) => boolean, pauseMs = 5): Promise<void> {
	const settings: UploadProcess = {
		storeFile: scene.store.file,
		path: scene.path,
		pool: { baseUrl: scene.sandbox.services.youtube.url },
		send: { chunkBytes: CHUNK, baseMs: pauseMs, maxMs: pauseMs },
	};
	const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/upload-process.ts', JSON.stringify(settings)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let confirmed = -1;
	child.stdout.on('data', (text: Buffer) => {
		confirmed = Number(/confirmed (\d+)\n$/.exec(text.toString())?.[1] ?? confirmed);
	});
	const watch = setInterval(() => {
		if (when(confirmed)) child.kill('SIGKILL');
	}, 20);
	const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
		child.once('exit', (_code, by) => {
			resolve(by);
		});
	});
	clearInterval(watch);
	expect(signal).toBe('SIGKILL');
	scene.sandbox.faults.clear();
	// What the dead process held in the store has run out
	scene.store.clock.ms = Date.now() + 60_000;
}

async function expectGoneOn(scene: UploadScene): Promise<void> {
	const result = await scene.upload();
	expect(result.resumed).toBe(true);
	expect(result.account_id).toBe('account-01');
	expect(scene.youtube().videos.map(({ id, sha256 }) => [id, sha256])).toEqual([[result.youtube_id, scene.sha256]]);
	expect(scene.used('inserts')).toBe(1);
	expect(result.quota.used).toBe(1);
}

describe('when the uploading process is killed', () => {
	it('in the middle of a chunk, the next goes on from there', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'slow', delayMs: 30_000, after: 2 });
		await killed(scene, (confirmed) => confirmed === 2 * CHUNK);
		await expectGoneOn(scene);
	});

	it('after the last byte has arrived and before its answer was heard, the next finds the video', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onChunks({ kind: 'drop-answer', after: 3 });
		await killed(scene, () => scene.youtube().videos.length === 1, 20_000);
		await expectGoneOn(scene);
	});

	it('before it knew its session, nothing is there and the next begins anew', async () => {
		const scene = await uploadScene(CHUNKS);
		scene.onCalls('POST', '/upload/youtube/v3/videos', { kind: 'slow', delayMs: 30_000 });
		await killed(scene, () => scene.sandbox.recorder.list({ service: 'youtube', path: '/upload' }).length === 1);
		const result = await scene.upload();
		expect(result.resumed).toBe(false);
		expect(scene.youtube().videos).toHaveLength(1);
		// The dead process's insert may have been counted by YouTube: the ledger counts it too
		expect(result.quota.used).toBe(2);
	});
});
