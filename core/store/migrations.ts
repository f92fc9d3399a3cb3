/** Brings a store's tables up to date: each migration runs once, all in one transaction. */
import { addPlanOwners, createBillingMade, createBillingTables } from '../billing/tables';
import { widenCosts } from '../cost/tables';
import { createDeliveryTables } from '../deliveries/tables';
import { createMailTables } from '../email/tables';
import { addRegeneration, addStageLeases, countLooks, createJobTables } from '../jobs/tables';
import { addPoolHealth, addPoolSeats, createPoolTables } from '../pool/tables';
import { addFootageAllowances, createFootageTables } from '../providers/footage/tables';
import { createConfigurationTables } from '../routing/configuration-tables';
import { createAccountPlaces, createRoutingTables } from '../routing/tables';
import type { Kysely, Transaction } from '../vendor/kysely';
import { createUploadTables, createVideoSteps } from '../youtube/tables';

import type { Database } from './schema';

export interface Migration {
	/** Sorts by date; never changes once released. */
	name: string;
	up(db: Kysely<Database>): Promise<void>;
}

const MIGRATIONS: Migration[] = [
	createJobTables,
	createPoolTables,
	createUploadTables,
	addPoolHealth,
	addPoolSeats,
	createVideoSteps,
	widenCosts,
	createRoutingTables,
	createFootageTables,
	createBillingTables,
	createDeliveryTables,
	createConfigurationTables,
	addRegeneration,
	createMailTables,
	createAccountPlaces,
	addFootageAllowances,
	createBillingMade,
	addPlanOwners,
	countLooks,
	addStageLeases,
];

/** Runs what hasn't run yet, inside the caller's transaction. */
export async function migrate(trx: Transaction<Database>, now: number): Promise<void> {
	await trx.schema
		.createTable('migrations')
		.ifNotExists()
		.addColumn('name', 'text', (column) => column.primaryKey())
		.addColumn('applied_at', 'bigint', (column) => column.notNull())
		.execute();
	const rows = await trx.selectFrom('migrations').select('name').execute();
	const applied = new Set(rows.map((row) => row.name));
	for (const migration of MIGRATIONS) {
		if (applied.has(migration.name)) continue;
		await migration.up(trx);
		await trx.insertInto('migrations').values({ name: migration.name, applied_at: now }).execute();
	}
}

/** Names of those that have not run in this store, in their order. */
export async function pendingMigrations(db: Kysely<Database>): Promise<string[]> {
	const rows = await db.selectFrom('migrations').select('name').execute();
	const applied = new Set(rows.map((row) => row.name));
	return MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
}
