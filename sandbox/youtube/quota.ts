/** What calls cost a Google project, by bucket and Pacific day. */
import { RefusedRequest, type Handler, type Reply, type SandboxRequest } from '../service';
import { refusal } from './errors';
import { accountOf } from './oauth';
import { type Account, type Bucket, BUCKETS, type Usage, type YouTubeState } from './state';

/** Since 2026-06-01: https://developers.google.com/youtube/v3/determine_quota_cost */
const COSTS = {
	'videos.insert': { bucket: 'inserts', cost: 1 },
	'videos.list': { bucket: 'units', cost: 1 },
	'videos.update': { bucket: 'units', cost: 50 },
	'thumbnails.set': { bucket: 'units', cost: 50 },
	'captions.list': { bucket: 'units', cost: 50 },
	'captions.insert': { bucket: 'units', cost: 400 },
	'captions.update': { bucket: 'units', cost: 450 },
	'channels.list': { bucket: 'units', cost: 1 },
	'playlistItems.list': { bucket: 'units', cost: 1 },
	'playlistItems.insert': { bucket: 'units', cost: 50 },
} as const satisfies Record<string, { bucket: Bucket; cost: number }>;

export type Operation = keyof typeof COSTS;

/** "All API requests, including invalid requests, incur a quota cost of at least one point." */
const COST_OF_INVALID = 1;

const pacificDate = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' });

const today = (state: YouTubeState): string => pacificDate.format(state.context.clock.now());

function usageOf(state: YouTubeState, project: string, bucket: Bucket): Usage {
	const day = today(state);
	const key = [project, bucket, day].join(' ');
	const found = state.usage.get(key) ?? { project, bucket, day, used: 0 };
	state.usage.set(key, found);
	return found;
}

export type ApiHandler = (request: SandboxRequest, account: Account) => Promise<Reply> | Reply;

/** A handler whose calls cost: refused with `quotaExceeded` when the day's allowance is used up; that costs nothing. */
export function metered(state: YouTubeState, operation: Operation, handler: ApiHandler): Handler {
	const { bucket, cost } = COSTS[operation];
	return async (request) => {
		const account = accountOf(state, request);
		const usage = usageOf(state, account.clientId, bucket);
		if (usage.used + cost > state.settings().limits[bucket]) throw refusal('quotaExceeded');
		usage.used += cost;
		try {
			return await handler(request, account);
		} catch (error) {
			if (error instanceof RefusedRequest) usage.used -= cost - COST_OF_INVALID;
			throw error;
		}
	};
}

/** Every project's use today, and of the days before. */
export function quotaReport(state: YouTubeState): Array<Usage & { limit: number }> {
	const projects = new Set([...state.accounts().values()].map(({ clientId }) => clientId));
	for (const project of projects) for (const bucket of BUCKETS) usageOf(state, project, bucket);
	return [...state.usage.values()].map((usage) => ({ ...usage, limit: state.settings().limits[usage.bucket] }));
}
