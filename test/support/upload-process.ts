/**
 * An upload as a process of its own, for tests that kill it: takes its settings as JSON in the first
 * argument, prints `confirmed N` as bytes arrive, and the result as the last line.
 */
import { openStore } from '../../core/store/store';
import { uploadVideo, type UploadDeps } from '../../core/youtube/upload';

import { testPool, type TestPool } from './pool';

export interface UploadProcess {
	storeFile: string;
	path: string;
	pool: TestPool;
	send: Pick<UploadDeps, 'chunkBytes' | 'baseMs' | 'maxMs'>;
}

async function main(): Promise<void> {
	const { storeFile, path, pool, send } = JSON.parse(process.argv[2] ?? '{}') as UploadProcess;
	const store = await openStore({ file: storeFile });
	const result = await uploadVideo(
		{ videoId: 'video-1', file: { path }, metadata: { title: 'Volcanoes' } },
		{
			...send,
			store,
			pool: testPool(pool),
			onProgress: ({ confirmed }) => process.stdout.write(`confirmed ${confirmed}\n`),
		},
	);
	process.stdout.write(`${JSON.stringify(result)}\n`);
	await store.close();
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
