/** What is done to a video that is there, kept: a second run neither pays for it nor does it twice. */
import { contentHash } from '../hash';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { Transaction } from '../vendor/kysely';

export interface Step {
	youtubeId: string;
	/** e.g. `captions en`; of one name there is one on the video. */
	name: string;
	/** Whatever tells one content from another; JSON. */
	content: unknown;
	/** An upload looks at what uploads have done, a call at what is there by all that is known. */
	origin: 'upload' | 'call';
	/** Do it although it was done: somebody else may have changed it. */
	again?: boolean;
}

/** What is known of earlier tries. */
export interface Earlier<T> {
	/** A try has begun and its end was never heard: it may have arrived. */
	unsure: boolean;
	/** What the last one that ended gave, whatever its content. */
	result: T | undefined;
}

export interface StepOptions {
	store: Store;
	/** A transaction that fails when the caller may write no more. Default: any. */
	write?: <R>(work: (trx: Transaction<Database>) => Promise<R>) => Promise<R>;
}

/** Does the step, or gives what it gave before when its content is the same. */
export async function once<T extends object>(
	{ youtubeId, name, content, origin, again = false }: Step,
	{ store, write = store.transaction.bind(store) }: StepOptions,
	work: (earlier: Earlier<T>) => Promise<T>,
): Promise<T> {
	const hash = contentHash(content);
	const rows = await store.db
		.selectFrom('video_steps')
		.selectAll()
		.where('youtube_id', '=', youtubeId)
		.where('step', '=', name)
		.orderBy('updated_at', 'desc')
		.execute();
	const ended = rows.filter(({ state }) => state === 'done');
	const own = origin === 'upload' ? ended.find((row) => row.origin === origin) : undefined;
	const same = [own, ended[0]].find((row) => row?.content_hash === hash);
	if (same?.result && !again) return JSON.parse(same.result) as T;

	const last = rows.find(({ result }) => result !== null)?.result;
	const fresh = { content_hash: hash, state: 'begun' as const, updated_at: store.clock.now() };
	await write(async (trx) => {
		await trx
			.insertInto('video_steps')
			.values({ youtube_id: youtubeId, step: name, origin, result: null, ...fresh })
			.onConflict((conflict) => conflict.columns(['youtube_id', 'step', 'origin']).doUpdateSet(fresh))
			.execute();
	});
	const result = await work({
		unsure: rows.some(({ state }) => state === 'begun'),
		result: last ? (JSON.parse(last) as T) : undefined,
	});
	await write(async (trx) => {
		await trx
			.updateTable('video_steps')
			.set({ state: 'done', result: JSON.stringify(result), updated_at: store.clock.now() })
			.where('youtube_id', '=', youtubeId)
			.where('step', '=', name)
			.where('origin', '=', origin)
			.execute();
	});
	return result;
}
