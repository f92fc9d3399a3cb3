/**
 * Uploads a video on one account of the pool: checked before anything is spent, streamed, resumed
 * after a crash by whoever comes next, and never there twice.
 */
import { randomUUID } from 'node:crypto';

import type { UploadResult } from '../documents';
import { invalidRequest, isYtempireError, withQuarantined } from '../errors';
import type { YouTubePool } from '../pool/accounts';
import type { Store } from '../store/store';
import type { RetryOptions } from '../retry';

import { afterSteps, type AfterInput, type AfterStep } from './after';
import { bringUp, type UploadContext } from './bring-up';
import { withClaim } from './claim';
import { complete, completeAgain } from './complete';
import { identify, uploadKey, type FileIdentity } from './identity';
import { videoInsert, type MetadataInput, type VideoInsert } from './metadata';
import { loadUpload, type UploadRow } from './records';
import type { SendOptions } from './send';

export interface UploadInput extends AfterInput {
	/** Names the video: the same ID is the same video, whatever happens between two calls. */
	videoId?: string;
	file: {
		path: string;
		/** Hex, when it is known: then the file isn't read for it. */
		sha256?: string;
		/** Default `video/mp4`. */
		mime?: string;
	};
	metadata: MetadataInput;
	/** Account ID or channel ID; empty: the pool chooses. */
	asked?: string;
}

export interface UploadDeps extends SendOptions {
	store: Store;
	pool: YouTubePool;
	signal?: AbortSignal;
	/** Milliseconds to wait for a free account or for another execution with the same video. Default 10 minutes. */
	waitMs?: number;
	/** For the calls beside the upload itself. */
	retry?: RetryOptions;
	/** Milliseconds before each look for a video whose upload's end was not heard. */
	looksMs?: readonly number[];
	/** Told of every turn: which account, why another one, where it goes on. */
	log?: (message: string) => void;
	/** Told of each insert that was paid, by bucket. */
	onPaid?: (units: Record<string, number>) => Promise<void>;
}

/** An upload with all checks behind it. */
export interface UploadPlan {
	key: string;
	file: { path: string; bytes: number; mime: string };
	identity: FileIdentity;
	insert: VideoInsert;
	asked: string | undefined;
	/** What follows, once the video is there. */
	after: AfterStep[];
}

const DEFAULT_WAIT_MS = 600_000;

/**
 * @throws YtempireError of every class: `invalid-request` before anything is spent; `quota-exhausted`
 * with when an account is free again; `unavailable` and `cancelled` keep the upload for the next call
 */
export async function uploadVideo(input: UploadInput, deps: UploadDeps): Promise<UploadResult> {
	const { store, signal, waitMs = DEFAULT_WAIT_MS } = deps;
	const plan = await planOf(input, deps.pool, store.clock.now());
	return await withClaim(store, plan.key, { holder: randomUUID(), waitMs, signal }, async (claim) => {
		const context: UploadContext = { plan, deps: { ...deps, waitMs }, claim, quarantined: [] };
		const kept = await loadUpload(store, plan.key);
		try {
			if (kept?.state === 'published') return await completeAgain(context, kept, keptResult(kept, plan));
			const uploaded = kept?.state === 'uploaded' ? { row: kept, resumed: true, passedOver: [] } : await bringUp(context, kept);
			return await complete(context, uploaded);
		} catch (error) {
			throw isYtempireError(error) ? withQuarantined(error, context.quarantined) : error;
		}
	});
}

async function planOf(input: UploadInput, pool: YouTubePool, now: number): Promise<UploadPlan> {
	const insert = videoInsert(input.metadata, now);
	const after = await afterSteps(input, pool);
	const videoId = input.videoId || undefined;
	const asked = input.asked || undefined;
	const identity = await identify(input.file, videoId !== undefined);
	return {
		key: uploadKey(videoId, identity, asked),
		file: { path: input.file.path, bytes: identity.bytes, mime: uploadType(input.file.mime) },
		identity,
		insert,
		asked,
		after,
	};
}

/** YouTube takes `video/*` and bytes of no named type, and looks at the file itself in either case. */
function uploadType(mime = 'video/mp4'): string {
	return /^video\/[\w.+-]+$/.test(mime) ? mime : 'application/octet-stream';
}

/** What was published under this key stays; a file that is surely another one is refused. */
function keptResult(row: UploadRow, plan: UploadPlan): UploadResult {
	const result = JSON.parse(row.result ?? '{}') as UploadResult;
	const { text } = plan.identity;
	if (text === row.file_identity) return result;
	if (text.startsWith('sha256:') && row.file_identity.startsWith('sha256:')) {
		throw invalidRequest(`Another file has already been published under this video ID (${result.youtube_url})`, {
			reason: 'already-published',
			cure: 'Give the new file a video ID of its own.',
		});
	}
	return {
		...result,
		warnings: [...result.warnings, 'The video had been published before; the file given now was not looked at'],
	};
}
