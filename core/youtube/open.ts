/** Announces a video to YouTube: the call that costs the insert, tried again when the trouble may pass. */
import { contentHash } from '../hash';
import type { PoolAccount } from '../pool/accounts';
import type { Lease } from '../pool/lease';
import { markSent, setAside, settle, sweep, type Hold } from '../pool/ledger';
import { costOfFailure, videoSpends } from '../pool/spend';
import { retry } from '../retry';
import { seal } from '../seal';

import type { UploadContext } from './bring-up';
import type { Claim } from './claim';
import { tokenSource } from './oauth';
import { recordOpened, type UploadRow } from './records';
import { openSession, type Connection, type SessionState } from './session';
import type { UploadDeps } from './upload';

/** A session, and what the server has of the file. */
export interface Running {
	row: UploadRow;
	connection: Connection;
	address: string;
	state: SessionState;
}

/**
 * Opens a session. No byte of the video has left before, so that a session that nobody heard of is nothing.
 * Each try pays for itself, by what YouTube answered.
 */
export async function open(context: UploadContext, lease: Lease): Promise<Running> {
	const { plan, deps, claim } = context;
	const connection = await connect(deps, claim, lease.account);
	let refusal: unknown;
	const { address, holds } = await retry(
		async (attempt) => {
			const set = attempt === 1 ? lease.holds : await setAsideAgain(context, lease.account);
			// The day has no room for a further try
			if (!set) throw refusal;
			try {
				return await tryOnce(context, connection, set);
			} catch (error) {
				refusal = error;
				throw error;
			}
		},
		{ signal: claim.signal, onRetry: sayWhy(deps), ...deps.retry },
	);
	const opened = {
		account: lease.account,
		fileIdentity: plan.identity.text,
		bytes: plan.file.bytes,
		title: plan.insert.title,
		metadataHash: contentHash(plan.insert),
		sealedSession: await seal(address, secretOf(deps, lease.account), plan.key),
	};
	const row = await recordOpened(deps.store, claim, opened, holds);
	const [insertHold] = holds;
	await deps.onPaid?.({ [insertHold.bucket]: insertHold.cost });
	return { row, connection, address, state: { kind: 'active', confirmed: 0 } };
}

export async function connect(deps: UploadDeps, claim: Claim, account: PoolAccount): Promise<Connection> {
	return {
		baseUrl: deps.pool.baseUrl,
		tokens: await tokenSource(deps.pool, account),
		signal: claim.signal,
	};
}

/** What seals the session's address. */
export function secretOf({ pool }: UploadDeps, account: PoolAccount): string {
	return pool.encryptionKey || account.clientSecret;
}

/** The units of an insert, and the channel's place of the day. */
type VideoHolds = [insert: Hold, video: Hold];

/** The insert is paid when YouTube has answered, given back when it was never asked. */
async function tryOnce(
	{ plan, deps, claim }: UploadContext,
	connection: Connection,
	holds: Hold[],
): Promise<{ address: string; holds: VideoHolds }> {
	const { store, pool } = deps;
	const [insertHold, videoHold] = holds;
	if (!insertHold || !videoHold) throw new Error('An account was leased without the units of an insert');
	let cost = 0;
	try {
		await connection.tokens.get(claim.signal);
		await store.transaction(async (trx) => {
			await markSent(trx, holds);
		});
		cost = insertHold.cost;
		return { address: await openSession(connection, plan.insert, plan.file), holds: [insertHold, videoHold] };
	} catch (error) {
		if (cost > 0) cost = costOfFailure(pool.quota, 'videos.insert', error);
		await store.transaction(async (trx) => {
			await settle(trx, insertHold, cost);
			await settle(trx, videoHold, 0);
		});
		throw error;
	}
}

async function setAsideAgain({ deps }: UploadContext, account: PoolAccount): Promise<Hold[] | undefined> {
	const { store, pool } = deps;
	return await store.transaction(async (trx) => {
		const now = store.clock.now();
		await sweep(trx, now);
		return await setAside(trx, videoSpends(pool, account, now), now);
	});
}

function sayWhy({ log }: UploadDeps) {
	return ({ message }: Error, _attempt: number, waitMs: number) => {
		log?.(`The upload could not be begun (${message}); once more in ${Math.ceil(waitMs / 1000)} s`);
	};
}
