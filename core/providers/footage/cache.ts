/** The footage on this machine: each file once, named by its content, the longest unused removed when there is too much. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { MediaFile } from '../../documents';
import { mediaFile, mediaStands } from '../../hash';
import type { Database } from '../../store/schema';
import type { Store } from '../../store/store';
import type { Transaction } from '../../vendor/kysely';

/** Bytes of all files together; files in use are kept beyond it. */
export const CACHE_LIMIT_BYTES = 10_000_000_000;

/** Whoever works without a job may still need a file that was used so lately. */
const IN_USE_MS = 60 * 60_000;

export class FootageCache {
	readonly folder: string;

	constructor(
		private readonly store: Store,
		private readonly limitBytes = CACHE_LIMIT_BYTES,
	) {
		this.folder = join(store.mediaFolder, 'footage');
	}

	/** The file that was kept under this key, if it is still whole; it counts as used now. */
	async kept(key: string): Promise<MediaFile | undefined> {
		const used_at = this.store.clock.now();
		const row = await this.store.transaction(async (trx) => {
			await trx.updateTable('footage_files').set({ used_at }).where('id', '=', key).execute();
			return await trx.selectFrom('footage_files').selectAll().where('id', '=', key).executeTakeFirst();
		});
		if (!row) return undefined;
		const file = { path: join(this.folder, row.name), sha256: row.sha256, bytes: row.bytes, mime: row.mime };
		return (await mediaStands(file)) ? file : undefined;
	}

	/** Takes a whole file over, and makes room for it. */
	async keep(key: string, arrived: string, { mime, extension }: { mime: string; extension: string }): Promise<MediaFile> {
		await mkdir(this.folder, { recursive: true });
		const { sha256, bytes } = await mediaFile(arrived, mime);
		const name = `${sha256}${extension}`;
		const path = join(this.folder, name);
		await this.store.transaction(async (trx) => {
			const row = { sha256, name, mime, bytes, used_at: this.store.clock.now() };
			await trx
				.insertInto('footage_files')
				.values({ id: key, ...row })
				.onConflict((conflict) => conflict.column('id').doUpdateSet(row))
				.execute();
			await rename(arrived, path);
			// inside the transaction: nobody takes a file over while it is removed
			await this.shrink(trx);
		});
		return { path, sha256, bytes, mime };
	}

	/** Of a content all keys go together, by the one that was used last. */
	private async shrink(trx: Transaction<Database>): Promise<void> {
		const rows = await trx.selectFrom('footage_files').select(['sha256', 'name', 'bytes', 'used_at']).orderBy('used_at').execute();
		// in this order the last use of a content is the one that stays
		const lastUses = new Map(rows.map((row) => [row.sha256, row]));
		let total = [...lastUses.values()].reduce((sum, { bytes }) => sum + bytes, 0);
		if (total <= this.limitBytes) return;
		const needed = await neededByJobs(trx);
		for (const { sha256, name, bytes, used_at: usedAt } of [...lastUses.values()].sort((a, b) => a.used_at - b.used_at)) {
			if (total <= this.limitBytes) return;
			if (needed.has(sha256) || usedAt > this.store.clock.now() - IN_USE_MS) continue;
			await trx.deleteFrom('footage_files').where('sha256', '=', sha256).execute();
			await rm(join(this.folder, name), { force: true });
			total -= bytes;
		}
	}
}

async function neededByJobs(trx: Transaction<Database>): Promise<Set<string>> {
	const rows = await trx
		.selectFrom('footage_uses')
		.innerJoin('jobs', 'jobs.video_id', 'footage_uses.video_id')
		.select('footage_uses.sha256')
		.where('jobs.status', 'in', ['queued', 'running'])
		.execute();
	return new Set(rows.map(({ sha256 }) => sha256));
}
