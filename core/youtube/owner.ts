/** Which account serves a call about a video. */
import { invalidRequest } from '../errors';
import { accountNamed, type PoolAccount, type YouTubePool } from '../pool/accounts';
import type { RetryOptions } from '../retry';
import type { Store } from '../store/store';

import type { ApiContext } from './api';
import { tokenSource } from './oauth';

export interface PoolDeps {
	store: Store;
	pool: YouTubePool;
	signal?: AbortSignal;
	retry?: RetryOptions;
}

/**
 * The account that a video is on: by the store's own records, else the one that is asked for.
 * @throws YtempireError `invalid-request` when neither says, or the account has left the pool
 */
export async function ownerOf(
	{ store, pool }: PoolDeps,
	youtubeId: string,
	asked?: string,
): Promise<PoolAccount> {
	if (!/^[\w-]{11}$/.test(youtubeId)) {
		throw invalidRequest('This is not the ID of a YouTube video', {
			cure: 'Give the 11 characters after "v=" in its address, e.g. dQw4w9WgXcQ.',
			reason: 'youtube-id',
			issues: [{ field: 'youtube_id', reason: 'must be 11 letters, digits, - or _' }],
		});
	}
	const record = await store.db
		.selectFrom('uploads')
		.select(['account_id', 'channel_id'])
		.where('youtube_id', '=', youtubeId)
		.executeTakeFirst();
	if (!record) {
		if (asked) return accountNamed(pool, asked);
		throw invalidRequest(`Nothing is known of who uploaded the video ${youtubeId}`, {
			cure: 'It was not uploaded with this store: name the account or channel that it is on.',
			reason: 'owner-unknown',
			issues: [{ field: 'account', reason: 'is needed for a video that the store does not know' }],
		});
	}
	const owner = pool.accounts.find(({ channelId }) => channelId === record.channel_id);
	if (owner) return owner;
	throw invalidRequest(`The video ${youtubeId} is on ${record.account_id}, which is no longer in the pool`, {
		cure: 'Put the account back into the YouTube Pool credential.',
		reason: 'account-missing',
	});
}

/** What a call as that account needs. */
export async function contextFor(
	{ store, pool, signal, retry }: PoolDeps,
	account: PoolAccount,
): Promise<ApiContext> {
	return { store, pool, account, tokens: await tokenSource(pool, account), signal, retry };
}

/** @throws YtempireError always: the account that serves doesn't see the video */
export function videoMissing(youtubeId: string, { accountId }: PoolAccount): never {
	throw invalidRequest(`YouTube shows no video ${youtubeId} to ${accountId}`, {
		cure: 'The video was deleted, or is on another account: check its ID and the account.',
		provider: 'youtube',
		reason: 'videoNotFound',
	});
}
