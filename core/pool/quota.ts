/** What a call to YouTube costs, of which allowance, and how much of that may be used in a day. */
import { defaultPerMinute } from '../routing/candidate';

import profiles from './quota-profiles.json';

export const PROFILE_NAMES = ['june-2026', 'december-2025', 'january-2025'] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** YouTube's own allowances, by project and Pacific day. */
export const BUCKETS = ['video_uploads', 'search', 'batch_stats', 'general'] as const;

export type Bucket = (typeof BUCKETS)[number];

export type Method =
	| 'captions.insert'
	| 'captions.list'
	| 'captions.update'
	| 'channels.list'
	| 'playlistItems.insert'
	| 'playlistItems.list'
	| 'search.list'
	| 'thumbnails.set'
	| 'videos.insert'
	| 'videos.list'
	| 'videos.update';

export interface QuotaPolicy {
	/** Which of the dated price lists is in force. */
	profile: ProfileName;
	/** Daily allowances that Google granted this project, in place of the profile's. */
	limits: Partial<Record<Bucket, number>>;
	/** The part of each allowance that may be used, 0 to 1. */
	safeShare: number;
	/** Videos that one account may publish in a Pacific day. */
	videosPerAccount: number;
	/** How long an account rests after YouTube said that it has uploaded enough, or after too many failures. */
	cooldownUntil: 'hours' | 'pacificMidnight';
	/** Its length when it is counted in hours. */
	cooldownHours: number;
	/** Failures one after another after which an account rests. */
	failureLimit: number;
	/** Calls that all workers together may make to a project in a minute, uploads apart. */
	requestsPerMinute: number;
}

/** The owner's rules (January 2025) on the costs of June 2026. */
export const DEFAULT_POLICY: QuotaPolicy = {
	profile: 'june-2026',
	limits: {},
	safeShare: 0.9,
	videosPerAccount: 5,
	cooldownUntil: 'hours',
	cooldownHours: 24,
	failureLimit: 3,
	requestsPerMinute: defaultPerMinute('youtube'),
};

interface Profile {
	buckets: Partial<Record<Bucket, number>>;
	invalid_request_cost: number;
	methods: Record<Method, { bucket: Bucket; cost: number }>;
}

const PROFILES = profiles as unknown as Record<ProfileName, Profile>;

export interface MethodCost {
	bucket: Bucket;
	/** Units of that bucket for one call. */
	cost: number;
	/** Units that may be used in a day: the allowance times the safe share. */
	limit: number;
}

export function costOf(policy: QuotaPolicy, method: Method): MethodCost {
	const profile = PROFILES[policy.profile];
	const { bucket, cost } = profile.methods[method];
	const allowance = policy.limits[bucket] ?? profile.buckets[bucket] ?? 0;
	return { bucket, cost, limit: Math.floor(allowance * policy.safeShare) };
}

/** The allowances of the price list in force, each with the units that may be used in a day. */
export function bucketsOf(policy: QuotaPolicy): Array<{ bucket: Bucket; limit: number }> {
	const { buckets } = PROFILES[policy.profile];
	return BUCKETS.flatMap((bucket) => {
		const allowance = policy.limits[bucket] ?? buckets[bucket];
		return buckets[bucket] === undefined || allowance === undefined
			? []
			: [{ bucket, limit: Math.floor(allowance * policy.safeShare) }];
	});
}

/** Units that YouTube takes for a request that it rejects, at most the call's own cost. */
export function rejectedCost(policy: QuotaPolicy, method: Method): number {
	const profile = PROFILES[policy.profile];
	return Math.min(profile.methods[method].cost, profile.invalid_request_cost);
}
