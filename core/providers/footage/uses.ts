/** Which footage went into which video, so that neither a video nor a channel shows the same twice. */
import type { Store } from '../../store/store';
import type { Transaction } from '../../vendor/kysely';
import type { Database } from '../../store/schema';

/** Videos of a channel whose footage is not used again, unless somebody wants another number. */
export const LAST_VIDEOS = 20;

export interface FootageHistory {
	store: Store;
	videoId: string;
	/** As the request names it; empty: all videos whose channel the pool chooses count as one. */
	channelId: string;
	/** Videos before this one whose footage is left out; 0 for none. */
	lastVideos: number;
	/** `provider:id` of what this video showed before it was made again for its footage. */
	avoided?: readonly string[];
}

export interface FootageUse {
	provider: string;
	id: string;
	/** Empty until the file is here. */
	sha256: string;
}

/** `provider:id` of all that the channel's last videos show, other than this one. */
export async function usedLately(history: FootageHistory): Promise<Set<string>> {
	return await history.store.transaction((trx) => usedBefore(trx, history));
}

/**
 * Takes footage for this video, all that is free. Two videos that are made at the same time don't both get it.
 * @returns `provider:id` of what another video has taken in the meantime
 */
export async function claimFootage(history: FootageHistory, uses: readonly FootageUse[]): Promise<Set<string>> {
	return await history.store.transaction(async (trx) => {
		const taken = await usedBefore(trx, history);
		await write(trx, history, uses.filter((use) => !taken.has(`${use.provider}:${use.id}`)));
		return taken;
	});
}

/** What the video shows in the end; what was claimed beside it is free again. */
export async function settleFootage(history: FootageHistory, uses: readonly FootageUse[]): Promise<void> {
	await history.store.transaction(async (trx) => {
		await trx.deleteFrom('footage_uses').where('video_id', '=', history.videoId).execute();
		await write(trx, history, uses);
	});
}

async function usedBefore(trx: Transaction<Database>, { videoId, channelId, lastVideos, avoided = [] }: FootageHistory): Promise<Set<string>> {
	const videos = await trx
		.selectFrom('footage_uses')
		.select(['video_id', ({ fn }) => fn.max('at').as('last')])
		.where('channel_id', '=', channelId)
		.where('video_id', '!=', videoId)
		.groupBy('video_id')
		.orderBy('last', 'desc')
		.orderBy('video_id')
		.limit(lastVideos)
		.execute();
	const rows = await trx
		.selectFrom('footage_uses')
		.select(['provider', 'footage_id'])
		.where('video_id', 'in', videos.map((video) => video.video_id))
		.execute();
	return new Set([...avoided, ...rows.map(({ provider, footage_id: id }) => `${provider}:${id}`)]);
}

async function write(trx: Transaction<Database>, { store, videoId, channelId }: FootageHistory, uses: readonly FootageUse[]): Promise<void> {
	for (const { provider, id, sha256 } of uses) {
		await trx
			.insertInto('footage_uses')
			.values({ video_id: videoId, channel_id: channelId, provider, footage_id: id, sha256, at: store.clock.now() })
			.onConflict((conflict) => conflict.columns(['video_id', 'provider', 'footage_id']).doUpdateSet({ sha256 }))
			.execute();
	}
}
