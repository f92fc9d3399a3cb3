/** The accounts as the store knows them at this moment: leases, rests, quarantine, and what is used of their day. */
import type { Database } from '../store/schema';
import type { Kysely, Transaction } from '../vendor/kysely';

import { connectionOf, type PoolAccount, type YouTubePool } from './accounts';
import type { Candidate } from './choose';
import { usageOf } from './ledger';
import { videoSpends } from './spend';

export interface Asking {
	/** Its own lease is not in its way. */
	holder: string;
	/** Going on with an upload that has been paid for: quota and rests don't matter. */
	resume?: boolean;
}

/** One candidate for each account, in the same order. */
export async function candidatesOf(
	db: Kysely<Database> | Transaction<Database>,
	pool: YouTubePool,
	accounts: PoolAccount[],
	{ holder, resume = false }: Asking,
	now: number,
): Promise<Candidate[]> {
	if (accounts.length === 0) return [];
	const found = await db
		.selectFrom('pool_accounts')
		.selectAll()
		.where('channel_id', 'in', accounts.map(({ channelId }) => channelId))
		.execute();
	const rows = new Map(found.map((row) => [row.channel_id, row]));
	const projects = resume ? new Map<string, never>() : await restingProjects(db, accounts);
	const spends = accounts.map((account) => (resume ? [] : videoSpends(pool, account, now)));
	const usages = await usageOf(db, spends.flat(), now);
	let next = 0;
	return accounts.map((account, index) => {
		const row = rows.get(account.channelId);
		const project = projects.get(account.project);
		const spoken = row?.quarantine_connection ?? '';
		return {
			account,
			leasedUntil: row && row.lease_holder !== holder ? row.lease_until : 0,
			restsUntil: resume ? 0 : (row?.rests_until ?? 0),
			restReason: row?.rest_reason ?? '',
			failures: row?.failures ?? 0,
			projectRestsUntil: project?.rests_until ?? 0,
			projectRestReason: project?.rest_reason ?? '',
			quarantineReason: row && (spoken === '' || spoken === connectionOf(account)) ? row.quarantine_reason : '',
			spends: (spends[index] ?? []).map((spend) => ({
				spend,
				usage: usages[next++] ?? { used: 0, exhausted: false },
			})),
		};
	});
}

async function restingProjects(db: Kysely<Database> | Transaction<Database>, accounts: PoolAccount[]) {
	const names = [...new Set(accounts.map(({ project }) => project))];
	const rows = await db.selectFrom('pool_projects').selectAll().where('project', 'in', names).execute();
	return new Map(rows.map((row) => [row.project, row]));
}
