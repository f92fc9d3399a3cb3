/** The upload's row in the store, at each turn of its life. */
import type { UploadResult } from '../documents';
import type { PoolAccount } from '../pool/accounts';
import { addUsed, settle, type Hold } from '../pool/ledger';
import { pacificDay } from '../pool/pacific-day';
import type { Store } from '../store/store';
import type { Selectable } from '../vendor/kysely';

import type { Claim } from './claim';
import type { InsertedVideo } from './session';
import type { UploadTables } from './tables';

export type UploadRow = Selectable<UploadTables['uploads']>;

export async function loadUpload(store: Store, key: string): Promise<UploadRow | undefined> {
	return await store.db.selectFrom('uploads').selectAll().where('key', '=', key).executeTakeFirst();
}

export interface OpenedUpload {
	account: PoolAccount;
	fileIdentity: string;
	bytes: number;
	title: string;
	metadataHash: string;
	sealedSession: string;
}

/** The session is open: its insert is paid, and the channel's place of the day is the video's. */
export async function recordOpened(
	store: Store,
	claim: Claim,
	opened: OpenedUpload,
	holds: Hold[],
): Promise<UploadRow> {
	const now = store.clock.now();
	const row: UploadRow = {
		key: claim.key,
		state: 'uploading',
		account_id: opened.account.accountId,
		channel_id: opened.account.channelId,
		project: opened.account.project,
		file_identity: opened.fileIdentity,
		bytes: opened.bytes,
		title: opened.title,
		metadata_hash: opened.metadataHash,
		sealed_session: opened.sealedSession,
		confirmed_bytes: 0,
		tail_sent: 0,
		day: pacificDay(now),
		youtube_id: '',
		result: null,
		opened_at: now,
		updated_at: now,
	};
	await claim.write(async (trx) => {
		for (const hold of holds) await settle(trx, hold);
		await trx
			.insertInto('uploads')
			.values(row)
			.onConflict((conflict) => conflict.column('key').doUpdateSet(row))
			.execute();
	});
	return row;
}

/** The session led to no video: the channel's place of that day is free again. */
export async function recordDropped(claim: Claim, row: UploadRow): Promise<void> {
	await claim.write(async (trx) => {
		await trx.deleteFrom('uploads').where('key', '=', row.key).execute();
		await addUsed(trx, { scope: `channel:${row.channel_id}`, bucket: 'videos', day: row.day }, -1);
	});
}

export async function recordConfirmed(store: Store, claim: Claim, bytes: number): Promise<void> {
	await update(store, claim, { confirmed_bytes: bytes });
}

export async function recordTail(store: Store, claim: Claim): Promise<void> {
	await update(store, claim, { tail_sent: 1 });
}

/** The session's address opens nothing any more and is forgotten. */
export async function recordUploaded(
	store: Store,
	claim: Claim,
	row: UploadRow,
	video: InsertedVideo,
): Promise<UploadRow> {
	const change = {
		state: 'uploaded' as const,
		youtube_id: video.id,
		confirmed_bytes: row.bytes,
		sealed_session: '',
	};
	await update(store, claim, change);
	return { ...row, ...change };
}

export async function recordPublished(store: Store, claim: Claim, result: UploadResult): Promise<void> {
	await update(store, claim, { state: 'published', result: JSON.stringify(result) });
}

async function update(
	store: Store,
	claim: Claim,
	change: Partial<Omit<UploadRow, 'key'>>,
): Promise<void> {
	await claim.write(async (trx) => {
		await trx
			.updateTable('uploads')
			.set({ ...change, updated_at: store.clock.now() })
			.where('key', '=', claim.key)
			.execute();
	});
}
