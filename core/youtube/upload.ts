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
import { complete, completeAgain, wasRejected } from './complete';
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
	/** Milliseconds to wait for the end of YouTube's processing; 0: it is looked at once. Default 60,000. */
	processingMs?: number;
	/** Told of every turn: which account, why another one, where it goes on. */
	log?: (message: string) => void;
	/** Told of each insert that was paid, by bucket. */
	onPaid?: (units: Record<string, number>) => Promise<void>;
}

/** An upload with all checks behind it. */
export interface UploadPlan {
	key: string;
	file: { path: string; bytes: number; mime: string };
	/** Its text is empty when the file of a video that is up is gone. */
	identity: FileIdentity;
	metadata: MetadataInput;
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
	refuseWrong(input.metadata, store.clock.now());
	const content = input.videoId ? undefined : await identify(input.file, false, signal);
	const key = uploadKey(input.videoId || undefined, content, input.asked || undefined);
	return await withClaim(store, key, { holder: randomUUID(), waitMs, signal }, async (claim) => {
		const kept = await loadUpload(store, key);
		const plan = await planOf(input, deps, key, kept, content);
		const context: UploadContext = { plan, deps: { ...deps, waitMs }, claim, quarantined: [] };
		try {
			return await carryOut(context, kept);
		} catch (error) {
			throw isYtempireError(error) ? withQuarantined(error, context.quarantined) : error;
		}
	});
}

/** Before the file is read for its name: what is wrong at any time, and then all that is wrong now. */
function refuseWrong(metadata: MetadataInput, now: number): void {
	try {
		videoInsert(metadata);
	} catch {
		videoInsert(metadata, now);
	}
}

/** Goes on from where the upload is; a video that YouTube didn't keep makes room for another file. */
async function carryOut(context: UploadContext, kept: UploadRow | undefined): Promise<UploadResult> {
	if (!isUp(kept)) return await complete(context, await bringUp(context, kept));
	const another = isAnother(context.plan.identity, kept);
	if (another && (await wasRejected(context, kept))) {
		context.deps.log?.(`YouTube has not kept ${kept.youtube_id}; the file given now is uploaded in its place`);
		return await complete(context, await bringUp({ ...context, replaces: kept.youtube_id }, undefined));
	}
	if (kept.state === 'published') return await completeAgain(context, kept, keptResult(kept, context.plan));
	const warnings = another ? ['Another file had been uploaded under this video ID; the one given now was not looked at'] : [];
	return await complete(context, { row: kept, resumed: true, passedOver: [], warnings });
}

/**
 * What has to be right depends on what YouTube has been told: a time that has come, or a file that is gone, is in
 * nobody's way once the video is there.
 */
async function planOf(
	input: UploadInput,
	{ pool, store, signal }: UploadDeps,
	key: string,
	kept: UploadRow | undefined,
	content: FileIdentity | undefined,
): Promise<UploadPlan> {
	const insert = videoInsert(input.metadata, kept ? undefined : store.clock.now());
	const after = await afterSteps(input, pool, isUp(kept));
	const identity = content ?? (await identify(input.file, true, signal).catch((error: unknown) => {
		if (isUp(kept)) return { text: '', bytes: kept.bytes };
		throw error;
	}));
	return {
		key,
		file: { path: input.file.path, bytes: identity.bytes, mime: uploadType(input.file.mime) },
		identity,
		metadata: input.metadata,
		insert,
		asked: input.asked || undefined,
		after,
	};
}

function isUp(row: UploadRow | undefined): row is UploadRow {
	return row !== undefined && row.state !== 'uploading';
}

/** Surely not the file that was uploaded. */
function isAnother({ text, bytes }: FileIdentity, row: UploadRow): boolean {
	if (text === row.file_identity) return false;
	return bytes !== row.bytes || [text, row.file_identity].every((one) => one.startsWith('sha256:'));
}

/** YouTube takes `video/*` and bytes of no named type, and looks at the file itself in either case. */
function uploadType(mime = 'video/mp4'): string {
	return /^video\/[\w.+-]+$/.test(mime) ? mime : 'application/octet-stream';
}

/** What was published under this key stays; a file that is surely another one is refused. */
function keptResult(row: UploadRow, { identity }: UploadPlan): UploadResult {
	const result = JSON.parse(row.result ?? '{}') as UploadResult;
	if (isAnother(identity, row)) {
		throw invalidRequest(`Another file has already been published under this video ID (${result.youtube_url})`, {
			reason: 'already-published',
			cure: 'Give the new file a video ID of its own.',
		});
	}
	if (identity.text === row.file_identity) return result;
	return {
		...result,
		warnings: [...result.warnings, 'The video had been published before; the file given now was not looked at'],
	};
}
