/** The pool as the credential describes it: accounts, where YouTube is, and the rules for its quota. */
import { invalidRequest, type FieldIssue } from '../errors';
import { contentHash } from '../hash';
import { z } from '../vendor/zod';

import { DEFAULT_POLICY, PROFILE_NAMES, type Bucket, type QuotaPolicy } from './quota';

export interface PoolAccount {
	/** The operator's name for it, e.g. `account-03`. */
	accountId: string;
	email: string;
	/** A reserve account serves only when no active one can. */
	role: 'active' | 'reserve';
	clientId: string;
	clientSecret: string;
	refreshToken: string;
	/** The channel that it uploads to, `UC…`. State is kept by channel. */
	channelId: string;
	/** The Google project whose quota it uses. */
	project: string;
}

export interface YouTubePool {
	/** Names the pool's place in the rotation; the same list of channels has the same ID. */
	id: string;
	accounts: PoolAccount[];
	/** Without a slash at its end. */
	baseUrl: string;
	oauthTokenUrl: string;
	/** Of the YouTube Analytics API, without a slash at its end. */
	analyticsBaseUrl: string;
	quota: QuotaPolicy;
	/** Seals upload addresses in the store; empty: each account's client secret does. */
	encryptionKey: string;
}

export const YOUTUBE_BASE_URL = 'https://youtube.googleapis.com';

export const YOUTUBE_ANALYTICS_BASE_URL = 'https://youtubeanalytics.googleapis.com';

export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';

const httpUrl = z
	.string()
	.trim()
	.refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'an http or https address')
	.transform((text) => text.replace(/\/+$/, ''));

const filled = z.string().trim().min(1, 'must be filled in').max(4096, 'too long');

const accountSchema = z.object({
	accountId: filled,
	email: z.string().trim().default(''),
	role: z.enum(['active', 'reserve'], 'active or reserve').default('active'),
	clientId: filled,
	clientSecret: filled,
	refreshToken: filled,
	channelId: filled,
});

/** n8n stores an untouched number field as its default, a cleared one as an empty string or null. */
const optionalNumber = (low: number, high: number) =>
	z.preprocess(
		(value) => (value === '' || value === null ? undefined : value),
		z.coerce.number(`a number from ${low} to ${high}`).min(low, `at least ${low}`).max(high, `at most ${high}`).optional(),
	);

const credentialSchema = z.object({
	accounts: z.object({ account: z.array(accountSchema).min(1, 'at least one account') }),
	baseUrl: httpUrl.default(YOUTUBE_BASE_URL),
	oauthTokenUrl: httpUrl.default(GOOGLE_TOKEN_URL),
	analyticsBaseUrl: httpUrl.default(YOUTUBE_ANALYTICS_BASE_URL),
	encryptionKey: z.string().default(''),
	quotaProfile: z.enum(PROFILE_NAMES, `one of ${PROFILE_NAMES.join(', ')}`).default(DEFAULT_POLICY.profile),
	safePercent: optionalNumber(1, 100),
	videosPerAccount: optionalNumber(1, 1000),
	cooldownUntil: z.enum(['hours', 'pacificMidnight'], 'hours or pacificMidnight').default(DEFAULT_POLICY.cooldownUntil),
	cooldownHours: optionalNumber(0, 240),
	failureLimit: optionalNumber(1, 100),
	requestsPerMinute: optionalNumber(1, 100_000),
	videoUploadsLimit: optionalNumber(0, 10_000_000),
	generalLimit: optionalNumber(0, 100_000_000),
});

/** What is read of the credential, and of each of its accounts: each is a field of it. */
export const CREDENTIAL_FIELDS = { credential: Object.keys(credentialSchema.shape), account: Object.keys(accountSchema.shape) };

/**
 * Reads the YouTube Pool credential.
 * @throws YtempireError `invalid-request` with one issue per field that isn't right; no values are shown
 */
export function poolFromCredential(data: unknown): YouTubePool {
	const parsed = credentialSchema.safeParse(data);
	if (!parsed.success) {
		throw badCredential(
			parsed.error.issues.map((issue) => ({ field: fieldName(issue.path), reason: issue.message })),
		);
	}
	const { accounts, baseUrl, oauthTokenUrl, analyticsBaseUrl, encryptionKey, ...rules } = parsed.data;
	const list = accounts.account.map((account) => ({ ...account, project: projectOf(account.clientId) }));
	const doubled = [...repeated(list, 'accountId'), ...repeated(list, 'channelId')];
	if (doubled.length > 0) throw badCredential(doubled);
	const limits: Partial<Record<Bucket, number>> = {};
	if (rules.videoUploadsLimit) limits.video_uploads = rules.videoUploadsLimit;
	if (rules.generalLimit) limits.general = rules.generalLimit;
	return {
		id: contentHash(list.map(({ channelId }) => channelId)).slice(0, 16),
		accounts: list,
		baseUrl,
		oauthTokenUrl,
		analyticsBaseUrl,
		encryptionKey,
		quota: {
			profile: rules.quotaProfile,
			limits,
			safeShare: rules.safePercent === undefined ? DEFAULT_POLICY.safeShare : rules.safePercent / 100,
			videosPerAccount: rules.videosPerAccount ?? DEFAULT_POLICY.videosPerAccount,
			cooldownUntil: rules.cooldownUntil,
			cooldownHours: rules.cooldownHours ?? DEFAULT_POLICY.cooldownHours,
			failureLimit: rules.failureLimit ?? DEFAULT_POLICY.failureLimit,
			requestsPerMinute: rules.requestsPerMinute ?? DEFAULT_POLICY.requestsPerMinute,
		},
	};
}

/**
 * The project behind an OAuth client. Google's client IDs begin with the project's number, so two
 * clients of one project share its quota; any other form of ID counts as a project of its own.
 */
export function projectOf(clientId: string): string {
	return /^(\d{6,})-[\w-]+\.apps\.googleusercontent\.com$/.exec(clientId)?.[1] ?? clientId;
}

/** Names the sign-in that a quarantine was spoken over: an account with another client, secret or token is free of it. */
export function connectionOf({ clientId, clientSecret, refreshToken }: PoolAccount): string {
	return contentHash([clientId, clientSecret, refreshToken]).slice(0, 16);
}

/**
 * The account of that ID or channel.
 * @throws YtempireError `invalid-request` when the pool has none
 */
export function accountNamed(pool: YouTubePool, name: string): PoolAccount {
	const account = pool.accounts.find(({ accountId, channelId }) => accountId === name || channelId === name);
	if (account) return account;
	throw invalidRequest('The account that was asked for is not in the YouTube pool', {
		cure: 'Name an account ID or channel ID of the credential.',
		reason: 'account-unknown',
		issues: [{ field: 'channel_id', reason: 'no such account or channel in the pool' }],
	});
}

function fieldName(path: PropertyKey[]): string {
	const [first, , index, field] = path;
	if (first === 'accounts' && typeof index === 'number') {
		return `Accounts, row ${index + 1}${field === undefined ? '' : `, ${String(field)}`}`;
	}
	return String(first ?? 'credential');
}

function repeated(accounts: PoolAccount[], field: 'accountId' | 'channelId'): FieldIssue[] {
	const seen = new Set<string>();
	return accounts.flatMap((account, index) => {
		if (!seen.has(account[field])) {
			seen.add(account[field]);
			return [];
		}
		return [{ field: `Accounts, row ${index + 1}, ${field}`, reason: 'stands twice in the list' }];
	});
}

function badCredential(issues: FieldIssue[]) {
	return invalidRequest('The YouTube Pool credential is not complete', {
		cure: 'Open the credential and correct the named fields.',
		reason: 'pool-credential',
		issues,
	});
}
