/** A real n8n with the workflows under test, and the sandbox for every service. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { getJob, type Job } from '../../core/jobs/job';
import { openStore } from '../../core/store/store';
import { findFfmpeg } from '../../core/video/ffmpeg';
import { startFactory, type Factory, type FactoryOptions } from '../../host/factory';
import type { WorkflowFile } from '../../host/provision';
import type { Queue } from '../../host/queue';
import { startSandbox, type Sandbox } from '../../sandbox/server';

export interface TestFactory extends Factory {
	sandbox: Sandbox;
	/** Waits until the job is as wanted. */
	jobWhen(videoId: string, holds: (job: Job) => boolean, seconds?: number): Promise<Job>;
	/** Paths that were asked of a service, with their number. */
	asked(service: string, path: string): number;
	close(): Promise<void>;
}

export interface TestFactoryOptions extends Pick<FactoryOptions, 'workflows' | 'adapt' | 'workers' | 'store'> {
	queue?: Queue;
	/** Added to n8n's environment. */
	env?: Record<string, string>;
}

export async function testFactory({ queue, env, ...options }: TestFactoryOptions): Promise<TestFactory> {
	const folder = await mkdtemp(join(tmpdir(), 'ytempire-workflow-'));
	const sandbox = await startSandbox({ dataDir: join(folder, 'sandbox') });
	const services = Object.fromEntries(
		Object.entries(sandbox.services).map(([name, { url }]) => [name, url]),
	);
	const { ffmpeg, ffprobe } = await findFfmpeg();
	const factory = await startFactory({
		...options,
		services,
		n8n: {
			userFolder: join(folder, 'n8n'),
			queue,
			env: { YTEMPIRE_FFMPEG_PATH: ffmpeg, YTEMPIRE_FFPROBE_PATH: ffprobe, ...env },
		},
	});
	return {
		...factory,
		sandbox,
		asked: (service, path) => sandbox.recorder.list({ service, path }).length,
		async jobWhen(videoId, holds, seconds = 120) {
			const store = await openStore(factory.store);
			const deadline = Date.now() + seconds * 1000;
			try {
				for (;;) {
					const job = await getJob(store, videoId);
					if (job && holds(job)) return job;
					if (Date.now() > deadline) {
						throw new Error(`${videoId} is still not as wanted: ${JSON.stringify(job)}`);
					}
					await delay(100);
				}
			} finally {
				await store.close();
			}
		},
		async close() {
			await factory.remove();
			await sandbox.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

export const isOver = (job: Job): boolean => ['published', 'flagged', 'failed'].includes(job.status);

/** Ten minutes until an interrupted video is looked for are long for a test. */
export const resumingSoon = (workflow: WorkflowFile): WorkflowFile => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.name === 'Every Ten Minutes'
			? { ...node, parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } } }
			: node,
	),
});
