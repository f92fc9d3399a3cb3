/** Tables of the routing configuration: its versions, which one each video keeps, and who takes part in a trial. */
import type { Migration } from '../store/migrations';

export interface ConfigurationTables {
	/** Never changed: what was in force when, by whom and why. */
	routing_configurations: {
		version: number;
		/** JSON: a Configuration's stages. */
		stages: string;
		/** One of CONFIGURATION_ACTIONS. */
		action: string;
		made_at: number;
		made_by: string;
		reason: string;
		/** The version whose content this one has; null unless it is a roll back. */
		restores: number | null;
	};
	/** A video keeps the version under which it began: a rerun asks the same providers, and finished stages stand. */
	configuration_pins: { video_id: string; version: number; pinned_at: number };
	/** Videos that have asked the configuration for a stage; not those whose request or node names somebody itself. */
	configuration_trials: {
		video_id: string;
		stage: string;
		/** Version in which the stage's trial began; 0 when it had none. */
		since: number;
		/** `trial` or `standard` */
		arm: string;
	};
	/** Providers that a roll back has taken out of a stage: not proposed again until then. */
	configuration_rests: { stage: string; provider: string; model: string; rests_until: number; reason: string };
}

export const createConfigurationTables: Migration = {
	name: '2026-11-24-configuration',
	async up(db) {
		await db.schema
			.createTable('routing_configurations')
			.addColumn('version', 'integer', (column) => column.primaryKey())
			.addColumn('stages', 'text', (column) => column.notNull())
			.addColumn('action', 'text', (column) => column.notNull())
			.addColumn('made_at', 'bigint', (column) => column.notNull())
			.addColumn('made_by', 'text', (column) => column.notNull())
			.addColumn('reason', 'text', (column) => column.notNull())
			.addColumn('restores', 'integer')
			.execute();
		await db.schema
			.createTable('configuration_pins')
			.addColumn('video_id', 'text', (column) => column.primaryKey())
			.addColumn('version', 'integer', (column) => column.notNull())
			.addColumn('pinned_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('configuration_pins_by_age').on('configuration_pins').column('pinned_at').execute();
		await db.schema
			.createTable('configuration_trials')
			.addColumn('video_id', 'text', (column) => column.notNull())
			.addColumn('stage', 'text', (column) => column.notNull())
			.addColumn('since', 'integer', (column) => column.notNull())
			.addColumn('arm', 'text', (column) => column.notNull())
			.addPrimaryKeyConstraint('configuration_trials_key', ['stage', 'since', 'video_id'])
			.execute();
		await db.schema
			.createTable('configuration_rests')
			.addColumn('stage', 'text', (column) => column.notNull())
			.addColumn('provider', 'text', (column) => column.notNull())
			.addColumn('model', 'text', (column) => column.notNull())
			.addColumn('rests_until', 'bigint', (column) => column.notNull())
			.addColumn('reason', 'text', (column) => column.notNull())
			.addPrimaryKeyConstraint('configuration_rests_key', ['stage', 'provider', 'model'])
			.execute();
		// the month of an analysis, however many years are kept
		await db.schema.createIndex('jobs_by_age').on('jobs').column('created_at').execute();
	},
};
