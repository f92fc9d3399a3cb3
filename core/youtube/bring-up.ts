/** Brings the file to YouTube: goes on with the session that is there, or opens one on the account that is next. */
import type { QuarantinedAccount } from '../documents';
import { isYtempireError, YtempireError } from '../errors';
import { contentHash } from '../hash';
import type { PoolAccount } from '../pool/accounts';
import type { PassedOver } from '../pool/choose';
import { recordFailure, recordSuccess } from '../pool/health';
import { acquire, type Lease } from '../pool/lease';
import { quarantinedBy, recordRefusal } from '../pool/outcome';
import { retry } from '../retry';
import { unseal } from '../seal';

import type { Claim } from './claim';
import { findVideo } from './find';
import { videoInsert } from './metadata';
import { tokenSource } from './oauth';
import { connect, open, secretOf, type Running } from './open';
import {
	loadUpload,
	recordConfirmed,
	recordDropped,
	recordTail,
	recordUploaded,
	type UploadRow,
} from './records';
import { isRefusal, sendFile } from './send';
import { askSession, type SessionState } from './session';
import type { UploadDeps, UploadPlan } from './upload';

export interface UploadContext {
	plan: UploadPlan;
	deps: UploadDeps & { waitMs: number };
	claim: Claim;
	/** Accounts that this upload has put into quarantine. */
	quarantined: QuarantinedAccount[];
	/** The video whose place this upload takes, because YouTube did not keep it. */
	replaces?: string;
}

export interface Uploaded {
	row: UploadRow;
	/** An upload that had been interrupted was continued. */
	resumed: boolean;
	passedOver: PassedOver[];
	/** Of what came before the look at the video. */
	warnings?: string[];
}

/** Sessions that may vanish before we give up; each new one costs an insert. */
const MOST_LOST_SESSIONS = 3;

export async function bringUp(context: UploadContext, kept: UploadRow | undefined): Promise<Uploaded> {
	const { plan, deps } = context;
	const tried: PassedOver[] = [];
	const refusals: unknown[] = [];
	if (kept) {
		const row = await onAccount(context, tried, refusals, async () => await goOn(context, kept));
		if (row) return { row, resumed: true, passedOver: [] };
	}
	for (let lost = 0; lost < MOST_LOST_SESSIONS; ) {
		// What was early enough for the last session may be too late for this one
		videoInsert(plan.metadata, deps.store.clock.now());
		const lease = await nextLease(context, tried, refusals);
		const before = tried.length;
		const row = await onAccount(context, tried, refusals, async () => await send(context, await open(context, lease)));
		if (row) return { row, resumed: false, passedOver: lease.passedOver };
		if (tried.length === before) lost += 1;
	}
	throw sessionsLost();
}

/**
 * Works with the leased account and gives it back. When YouTube refuses the account and nothing is
 * left of the upload there, the refusal is remembered and the next account may try.
 */
async function onAccount(
	context: UploadContext,
	tried: PassedOver[],
	refusals: unknown[],
	work: () => Promise<UploadRow | undefined>,
): Promise<UploadRow | undefined> {
	const { plan, deps, claim, quarantined } = context;
	try {
		const row = await work();
		if (row && claim.lease) await recordSuccess(deps.store, deps.pool, claim.lease.account);
		return row;
	} catch (error) {
		const account = claim.lease?.account;
		if (!account || !isYtempireError(error)) throw error;
		const refused = await recordRefusal(deps.store, deps.pool, account, 'videos.insert', error);
		const rests = await recordFailure(deps.store, deps.pool, account, error);
		const locked = quarantinedBy(error);
		if (locked) quarantined.push(locked);
		const anotherMayDoBetter = refused || rests;
		if (!anotherMayDoBetter || plan.asked || !(await nothingIsLeft(context, locked !== undefined))) throw error;
		const why = error.reason ?? error.errorClass;
		deps.log?.(`${account.accountId} can't take the video (${why}); the next account is asked`);
		tried.push({ account_id: account.accountId, why: `YouTube refused it: ${why}` });
		refusals.push(error);
		return undefined;
	} finally {
		await claim.giveBack();
	}
}

/**
 * Whether another account may begin. What an account in quarantine has of the video is given up, for nobody can
 * finish it there; once its last byte may have left, only the channel itself can tell whether the video exists.
 */
async function nothingIsLeft(context: UploadContext, inQuarantine: boolean): Promise<boolean> {
	const row = await loadUpload(context.deps.store, context.plan.key);
	if (!row || (row.youtube_id !== '' && row.youtube_id === context.replaces)) return true;
	if (row.state !== 'uploading' || !inQuarantine || row.tail_sent === 1) return false;
	await drop(context, row);
	return true;
}

/** The next account; when none is left, what YouTube said to the last one says more than that none is left. */
async function nextLease(
	{ plan, deps, claim }: UploadContext,
	tried: PassedOver[],
	refusals: unknown[],
): Promise<Lease> {
	try {
		claim.lease = await acquire(deps.store, deps.pool, {
			holder: plan.key,
			asked: plan.asked,
			tried,
			waitMs: deps.waitMs,
			signal: claim.signal,
		});
		deps.log?.(`Uploading on ${claim.lease.account.accountId}`);
		return claim.lease;
	} catch (error) {
		if (claim.signal.aborted) throw error;
		throw refusals.at(-1) ?? error;
	}
}

/** Sends the file; undefined when the session is gone and the video surely isn't there. */
async function send(context: UploadContext, running: Running): Promise<UploadRow | undefined> {
	const { plan, deps, claim } = context;
	let { row } = running;
	const hooks = {
		onConfirmed: async (bytes: number) => {
			await recordConfirmed(deps.store, claim, bytes);
		},
		onTail: async () => {
			if (row.tail_sent === 0) await recordTail(deps.store, claim);
			row = { ...row, tail_sent: 1 };
		},
	};
	try {
		const result = await sendFile(running.connection, running.address, plan.file, running.state, hooks, deps);
		if (result.kind === 'complete') return await recordUploaded(deps.store, claim, row, result.video);
	} catch (error) {
		// Refused, or not even complete: there is no video, and no use in this session
		if (isRefusal(error)) await recordDropped(claim, row);
		throw error;
	}
	return await afterLoss(context, row);
}

/** Goes on with an upload that was interrupted; undefined when it has to be begun anew. */
async function goOn(context: UploadContext, row: UploadRow): Promise<UploadRow | undefined> {
	const { plan, deps, claim } = context;
	const account = deps.pool.accounts.find(({ channelId }) => channelId === row.channel_id);
	const sameVideo = row.file_identity === plan.identity.text && row.metadata_hash === contentHash(plan.insert);
	const usable = sameVideo && account !== undefined && isAsked(account, plan.asked);
	if (!usable && row.tail_sent === 0) {
		await drop(context, row);
		return undefined;
	}
	if (!account) throw accountMissing(row);
	try {
		claim.lease = await acquire(deps.store, deps.pool, {
			holder: plan.key,
			asked: account.channelId,
			resume: true,
			waitMs: deps.waitMs,
			signal: claim.signal,
		});
	} catch (error) {
		const inQuarantine = isYtempireError(error) && error.errorClass === 'auth';
		if (inQuarantine && row.tail_sent === 0) {
			await drop(context, row);
			return undefined;
		}
		throw error;
	}
	const connection = await connect(deps, claim, account);
	const address = await unseal(row.sealed_session, secretOf(deps, account), plan.key);
	const state: SessionState = address
		? await retry(async () => await askSession(connection, address, row.bytes), { signal: claim.signal, ...deps.retry })
		: { kind: 'gone' };
	if (state.kind === 'complete') return await recordUploaded(deps.store, claim, row, state.video);
	if (state.kind === 'gone' || !address) return await afterLoss(context, row);
	if (!usable) {
		await drop(context, row);
		return undefined;
	}
	deps.log?.(`Going on with the upload on ${account.accountId} at ${state.confirmed} of ${row.bytes} bytes`);
	return await send(context, { row, connection, address, state });
}

/** The session is gone. When its last byte may have arrived, the channel is looked through before anything new. */
async function afterLoss(context: UploadContext, row: UploadRow): Promise<UploadRow | undefined> {
	const { deps, claim } = context;
	const account = claim.lease?.account;
	if (row.tail_sent === 1 && account) {
		const api = { ...deps, account, tokens: await tokenSource(deps.pool, account), signal: claim.signal };
		const sought = { title: row.title, bytes: row.bytes, openedAt: row.opened_at };
		const found = await findVideo(api, sought, deps.looksMs);
		if (found) return await recordUploaded(deps.store, claim, row, found);
	}
	await drop(context, row);
	return undefined;
}

async function drop({ claim, deps }: UploadContext, row: UploadRow): Promise<void> {
	deps.log?.('The upload session is of no use any more; the upload begins anew');
	await recordDropped(claim, row);
}

function isAsked(account: PoolAccount, asked: string | undefined): boolean {
	return asked === undefined || account.accountId === asked || account.channelId === asked;
}

function accountMissing(row: UploadRow): YtempireError {
	return new YtempireError(
		'invalid-request',
		`The upload of this video was finished or nearly so on ${row.account_id}, which is no longer in the pool`,
		{
			reason: 'account-missing',
			cure: 'Put the account back into the YouTube Pool credential so that its channel can be looked at, or give the video a new video ID.',
		},
	);
}

function sessionsLost(): YtempireError {
	return new YtempireError('unavailable', `YouTube has dropped ${MOST_LOST_SESSIONS} upload sessions of this video one after another`, {
		provider: 'youtube',
		reason: 'sessions-lost',
		cure: 'Run it again later; nothing of the video is on the channel.',
	});
}
