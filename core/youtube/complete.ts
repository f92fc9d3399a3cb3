/** What comes after the bytes: thumbnail, a look at what YouTube made of it, the result. */
import type { UploadResult } from '../documents';
import { isYtempireError } from '../errors';
import { usageOf } from '../pool/ledger';
import { quarantinedBy } from '../pool/outcome';
import { nextPacificMidnight } from '../pool/pacific-day';
import { costOf } from '../pool/quota';

import type { ApiContext } from './api';
import type { UploadContext, Uploaded } from './bring-up';
import { tokenSource } from './oauth';
import { recordPublished, type UploadRow } from './records';
import { setThumbnail } from './thumbnail';
import { verifyVideo, type VideoState } from './verify';

/** @throws YtempireError `refused` when YouTube doesn't keep the video; all else becomes a warning */
export async function complete(
	{ plan, deps, claim, quarantined }: UploadContext,
	{ row, resumed, passedOver }: Uploaded,
): Promise<UploadResult> {
	const { store, pool } = deps;
	const account = pool.accounts.find(({ channelId }) => channelId === row.channel_id);
	const warnings: string[] = [];
	let state: VideoState | undefined;
	if (account) {
		const tokens = await tokenSource(pool, account);
		const api: ApiContext = { store, pool, account, tokens, signal: claim.signal, retry: deps.retry };
		const { thumbnail } = plan;
		if (thumbnail) {
			await orWarn({ warnings, quarantined }, 'The thumbnail was not set', async () => {
				await setThumbnail(api, row.youtube_id, thumbnail);
			});
		}
		await orWarn({ warnings, quarantined }, 'The video was not looked at after the upload', async () => {
			const seen = await verifyVideo(api, row.youtube_id, { privacy: plan.insert.privacyStatus, channelId: row.channel_id });
			state = seen.state;
			warnings.push(...seen.warnings);
		});
	}
	const result: UploadResult = {
		youtube_id: row.youtube_id,
		youtube_url: `https://www.youtube.com/watch?v=${row.youtube_id}`,
		published_at: state?.publishedAt || new Date(store.clock.now()).toISOString(),
		account_id: row.account_id,
		channel_id: row.channel_id,
		privacy_status: state?.privacyStatus || plan.insert.privacyStatus,
		quota: await quotaOf(deps, row),
		passed_over: passedOver,
		quarantined,
		resumed,
		warnings,
	};
	await recordPublished(store, claim, result);
	return result;
}

async function orWarn(
	{ warnings, quarantined }: Pick<UploadResult, 'quarantined' | 'warnings'>,
	what: string,
	work: () => Promise<void>,
): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (!isYtempireError(error) || error.errorClass === 'cancelled' || error.errorClass === 'refused') throw error;
		const locked = quarantinedBy(error);
		if (locked && !quarantined.some(({ account_id: id }) => id === locked.account_id)) quarantined.push(locked);
		warnings.push([`${what}: ${error.message}`, error.cure].filter(Boolean).join('. '));
	}
}

async function quotaOf(
	{ store, pool }: UploadContext['deps'],
	row: UploadRow,
): Promise<UploadResult['quota']> {
	const now = store.clock.now();
	const { bucket, cost, limit } = costOf(pool.quota, 'videos.insert');
	const spend = { scope: `project:${row.project}`, bucket, day: row.day, cost, limit };
	const [usage] = await usageOf(store.db, [spend], now);
	return {
		project: row.project,
		bucket,
		cost,
		used: usage?.used ?? 0,
		limit,
		resets_at: nextPacificMidnight(row.opened_at).toISOString(),
	};
}
