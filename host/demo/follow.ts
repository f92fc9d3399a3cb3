/** Follows a job in the store until it is over, and shows each stage as it runs. */
import { sleep } from '../../core/abort';
import { getJob, type Job, type JobStage } from '../../core/jobs/job';
import type { StorePlace } from '../../core/store/place';
import { openStore } from '../../core/store/store';

import { bar, type Screen } from './screen';

const POLL_MS = 300;

const STAGE_NAMES: Record<string, string> = {
	script: 'Generate Script',
	voice: 'Generate Voice',
	video: 'Create Video',
	quality: 'Quality Check',
	upload: 'Upload YouTube',
	'mail videoCompleted': 'Notify Completion',
	'mail videoFailed': 'Notify Failure',
	'mail videoFlagged': 'Notify Flagged',
	'event videoGenerated': 'Track Video',
};

export const stageName = (stage: string): string => STAGE_NAMES[stage] ?? stage;

export interface FollowOptions {
	store: StorePlace;
	videoId: string;
	screen: Screen;
	/** Milliseconds after which to give up. */
	timeoutMs: number;
	/** True when n8n has ended the execution: then the job can't go on by itself. */
	executionEnded(): Promise<boolean>;
}

/** @throws Error when time is up or the execution ended without the job being over */
export async function followJob(options: FollowOptions): Promise<Job> {
	const { store: place, videoId, screen, timeoutMs, executionEnded } = options;
	const store = await openStore(place);
	const shown = new Set<string>();
	const deadline = Date.now() + timeoutMs;
	try {
		for (;;) {
			const job = await getJob(store, videoId);
			for (const stage of job?.stages ?? []) show(stage, shown, screen);
			if (job && !['queued', 'running'].includes(job.status) && (await executionEnded())) {
				return (await getJob(store, videoId)) ?? job;
			}
			if (Date.now() > deadline) throw new Error(`The video was not finished in ${timeoutMs / 1000} s`);
			await sleep(POLL_MS);
		}
	} finally {
		await store.close();
	}
}

function show(stage: JobStage, shown: Set<string>, screen: Screen): void {
	if (shown.has(stage.stage)) return;
	const name = stageName(stage.stage).padEnd(18);
	if (stage.status === 'running') {
		screen.step(`  ${name} ${bar(stage.progress)} ${Math.round(stage.progress * 100)} % ${stage.note}`);
		return;
	}
	shown.add(stage.stage);
	const mark = stage.status === 'done' ? '✔' : '✘';
	screen.line(`${mark} ${name} ${(stage.seconds ?? 0).toFixed(1).padStart(6)} s`);
}
