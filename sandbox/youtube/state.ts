/** What the YouTube stand-in knows: accounts, tokens, uploads under way, videos, settings. */
import { KEYS } from '../keys';
import type { ServiceContext } from '../service';
import type { UploadSession } from './session';

export const STANDINGS = ['good', 'revoked', 'suspended', 'closed', 'no-channel'] as const;

/** `revoked`: its refresh token is dead; `no-channel`: signed in, but without a channel. */
export type Standing = (typeof STANDINGS)[number];

export interface Account {
	id: string;
	email: string;
	channelId: string;
	channelTitle: string;
	refreshToken: string;
	/** The OAuth client that its refresh token belongs to: its Google project, and so its quota. */
	clientId: string;
	standing: Standing;
	/** Milliseconds since 1970 when its refresh token ends, where consent was given for a time. */
	signInEnds?: number;
	/** Videos that its channel may take within 24 hours. */
	uploadsPerDay: number;
}

export interface AccessToken {
	accountId: string;
	/** Milliseconds since 1970. */
	expiresAt: number;
}

/** What a person allowed, until its code is traded for tokens. */
export interface ConsentCode {
	accountId: string;
	clientId: string;
	redirectUri: string;
	/** PKCE, S256. */
	challenge: string | undefined;
	/** Granted scopes, separated by spaces. */
	scope: string;
	/** A refresh token was asked for. */
	isOffline: boolean;
	/** Milliseconds since 1970; 0 when it was used. */
	expiresAt: number;
}

/** The writable parts of a video, as the API takes them. */
export interface VideoMetadata {
	snippet?: Record<string, unknown>;
	status?: Record<string, unknown>;
	recordingDetails?: Record<string, unknown>;
	localizations?: Record<string, unknown>;
	paidProductPlacementDetails?: Record<string, unknown>;
}

export interface StoredFile {
	path: string;
	bytes: number;
	sha256: string;
	contentType: string;
}

/** What the file says of itself; absent when it can't be read. */
export interface FileFacts {
	seconds: number;
	width: number;
	height: number;
}

export interface Video {
	id: string;
	accountId: string;
	file: StoredFile;
	metadata: VideoMetadata;
	notifySubscribers: boolean;
	/** Milliseconds since 1970. */
	uploadedAt: number;
	/** How often its owner has asked for it. */
	polls: number;
	/** False for what is no video: its processing fails. */
	readable: boolean;
	facts?: FileFacts;
	thumbnail?: StoredFile;
}

/** A caption track with its text. */
export interface CaptionTrack {
	id: string;
	videoId: string;
	language: string;
	name: string;
	isDraft: boolean;
	text: string;
	contentType: string;
	/** Milliseconds since 1970. */
	updatedAt: number;
}

/** A video's place in a playlist that was made by hand. */
export interface PlaylistEntry {
	id: string;
	playlistId: string;
	videoId: string;
	/** Milliseconds since 1970. */
	addedAt: number;
}

export interface Settings {
	/** Requests that see a video `processing` before it is `succeeded`. */
	processingPolls: number;
	/** A day's allowance of a project, by bucket. */
	limits: Record<Bucket, number>;
}

/** Since 2026-06-01 (developers.google.com/youtube/v3/determine_quota_cost): calls for the first two, units for the third. */
export const BUCKETS = ['inserts', 'searches', 'units'] as const;

export type Bucket = (typeof BUCKETS)[number];

export interface YouTubeState {
	context: ServiceContext;
	accounts(): Map<string, Account>;
	tokens: Map<string, AccessToken>;
	/** By code. */
	codes: Map<string, ConsentCode>;
	sessions: Map<string, UploadSession>;
	videos: Map<string, Video>;
	captions: Map<string, CaptionTrack>;
	playlistEntries: Map<string, PlaylistEntry>;
	/** By project, bucket and day. */
	usage: Map<string, Usage>;
	settings(): Settings;
}

export interface Usage {
	project: string;
	bucket: Bucket;
	/** Of the Pacific time zone, `yyyy-mm-dd`. */
	day: string;
	used: number;
}

const CHANNEL_TITLES = [
	...['Atlas Minutes', 'Bright Harbor', 'Clever Fox', 'Daily Orbit', 'Everyday Science'],
	...['Field Notes', 'Golden Hour', 'History Lane', 'Inside Machines', 'Just Curious'],
	...['Kitchen Physics', 'Long View', 'Money Basics', 'Night Sky', 'Open Water'],
];

/** A channel that has not been verified takes fewer; this one never gets in the way. */
const UPLOADS_PER_DAY = 1000;

function seedAccounts(): Account[] {
	return KEYS.youtube.accounts.map(({ id, channelId, refreshToken }, index) => ({
		id,
		channelId,
		refreshToken,
		email: `${id}@sandbox.example`,
		channelTitle: CHANNEL_TITLES[index] ?? id,
		clientId: KEYS.youtube.clientId,
		standing: 'good',
		uploadsPerDay: UPLOADS_PER_DAY,
	}));
}

/** The tables may be emptied at any time (reset): what is seeded comes back by itself. */
export function youtubeState(context: ServiceContext): YouTubeState {
	const accounts = context.table<Account>('accounts');
	const settings = context.table<Settings>('settings');
	return {
		context,
		tokens: context.table('tokens'),
		codes: context.table('codes'),
		sessions: context.table('sessions'),
		videos: context.table('videos'),
		captions: context.table('captions'),
		playlistEntries: context.table('playlist-entries'),
		usage: context.table('usage'),
		accounts: () => {
			if (accounts.size === 0) for (const account of seedAccounts()) accounts.set(account.id, account);
			return accounts;
		},
		settings: () => {
			const found = settings.get('all') ?? {
				processingPolls: 1,
				limits: { inserts: 100, searches: 100, units: 10_000 },
			};
			settings.set('all', found);
			return found;
		},
	};
}

/** A text like YouTube's own ids, the same for the same seed and place in the row. */
export function nextId(state: YouTubeState, kind: string, count: number, length: number): string {
	const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
	return state.context.random(`${kind}:${count}`).id(length, alphabet);
}
