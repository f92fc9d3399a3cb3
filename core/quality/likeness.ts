/** How alike two scripts are: the share of their runs of three words that both have (Jaccard). */
import type { Script } from '../documents';
import { FINAL_STATUSES } from '../jobs/job';
import type { VideoRequest } from '../jobs/request';
import type { Store } from '../store/store';
import { wordsOf } from '../text';

const RUN_OF_WORDS = 3;

/** Scripts of a channel that a new one is compared with, unless somebody wants another number. */
export const LAST_SCRIPTS = 20;

/** Jobs looked through for them. */
const MOST_JOBS = 2_000;

export interface EarlierScript {
	videoId: string;
	text: string;
}

/** Runs of words, lower case. */
export function runsOf(text: string, language: string, length = RUN_OF_WORDS): string[] {
	const words = wordsOf(text, language).map((word) => word.toLowerCase());
	return words.slice(0, Math.max(0, words.length - length + 1)).map((_word, index) => words.slice(index, index + length).join(' '));
}

/** 0: nothing in common; 1: the same words in the same order. */
export function likeness(one: string, other: string, language: string): number {
	const [a, b] = [new Set(runsOf(one, language)), new Set(runsOf(other, language))];
	const both = [...a].filter((run) => b.has(run)).length;
	return both / (a.size + b.size - both || 1);
}

export function narrationOf({ scenes }: Pick<Script, 'scenes'>): string {
	return scenes.map(({ narration }) => narration).join('\n');
}

/** Scripts of the channel's last finished videos, the newest first. An empty channel ID: jobs that name none. */
export async function lastScripts(
	store: Store,
	{ channelId, videoId, count }: { channelId: string; videoId: string; count: number },
): Promise<EarlierScript[]> {
	const rows = await store.db
		.selectFrom('jobs')
		.innerJoin('stages', 'stages.video_id', 'jobs.video_id')
		.select(['jobs.video_id', 'jobs.request', 'stages.result'])
		.where('stages.stage', '=', 'script')
		.where('stages.status', '=', 'done')
		.where('jobs.status', 'in', [...FINAL_STATUSES])
		.where('jobs.video_id', '!=', videoId)
		.orderBy('jobs.created_at', 'desc')
		.orderBy('jobs.video_id')
		.limit(MOST_JOBS)
		.execute();
	return rows
		.filter(({ request }) => ((JSON.parse(request) as Partial<VideoRequest>).channel_id ?? '') === channelId)
		.slice(0, count)
		.flatMap(({ video_id, result }) => {
			const { script } = JSON.parse(result ?? '{}') as { script?: Script };
			return script ? [{ videoId: video_id, text: narrationOf(script) }] : [];
		});
}
