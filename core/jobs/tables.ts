/** Tables of jobs: a video from request to published, and what each stage produced and cost. */
import type { Migration } from '../store/migrations';
import type { Generated } from '../vendor/kysely';

export interface JobTables {
	jobs: {
		video_id: string;
		/** One of JOB_STATUSES. */
		status: string;
		/** The stage that runs or ran last; empty before the first. */
		stage: string;
		/** JSON of the validated request. */
		request: string;
		/** JSON of a JobFailure; null unless something went wrong. */
		failure: string | null;
		/** Who makes it: instance and execution; empty when nobody does. */
		holder: string;
		/** Milliseconds since 1970 until which the holder is believed alive. */
		lease_until: number;
		/** How many executions have worked on it. */
		attempt: number;
		created_at: number;
		updated_at: number;
		/** JSON of a Budget; empty for none. */
		budget: Generated<string>;
		/** Whose video it is; empty for nobody's. */
		customer: Generated<string>;
		/** Executions that had worked on it when it was last queued again after an end of its own: they didn't die of it. */
		attempts_before: Generated<number>;
	};
	regenerations: {
		video_id: string;
		/** 1 for the first time that the video is made again. */
		round: number;
		/** What was to blame: a Blame. */
		part: string;
		/** The stage that is run anew. */
		stage: string;
		/** What was wrong, in words. */
		instruction: string;
		/** JSON of what the stage had produced before; null when it had produced nothing. */
		before: string | null;
		at: number;
	};
	reviews: {
		video_id: string;
		/** Who looks at the video: instance and execution. */
		holder: string;
		/** Milliseconds since 1970 until which nobody else takes it. */
		claim_until: number;
		/** Why a person has to look at it; empty when none has to. */
		person: string;
		person_at: number;
		/** When it was decided about by its viewers' figures; 0: not yet. */
		viewers_at: number;
		/** Runs that have taken it since the last decision. */
		looks: Generated<number>;
	};
	/** Of published videos, the newest figures. */
	viewers: {
		video_id: string;
		channel_id: string;
		/** Share of the video that is watched on average, 0 to 1. */
		retention: number;
		views: number;
		at: number;
	};
	stages: {
		video_id: string;
		stage: string;
		/** Hash of everything that the result depends on. */
		input_hash: string;
		/** running, done or failed */
		status: string;
		/** 0 to 1 */
		progress: number;
		note: string;
		/** JSON of the stage's result; null until done. */
		result: string | null;
		started_at: number;
		finished_at: number | null;
		/** Who runs it where no lease of the job says so (beside the main line, or without a job); empty when nobody does. */
		holder: Generated<string>;
		/** Milliseconds since 1970 until which that holder is believed alive. */
		lease_until: Generated<number>;
	};
}

export const createJobTables: Migration = {
	name: '2026-11-22-jobs',
	async up(db) {
		await db.schema
			.createTable('jobs')
			.addColumn('video_id', 'text', (column) => column.primaryKey())
			.addColumn('status', 'text', (column) => column.notNull())
			.addColumn('stage', 'text', (column) => column.notNull())
			.addColumn('request', 'text', (column) => column.notNull())
			.addColumn('failure', 'text')
			.addColumn('holder', 'text', (column) => column.notNull())
			.addColumn('lease_until', 'bigint', (column) => column.notNull())
			.addColumn('attempt', 'integer', (column) => column.notNull())
			.addColumn('created_at', 'bigint', (column) => column.notNull())
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema
			.createIndex('jobs_by_status')
			.on('jobs')
			.columns(['status', 'lease_until'])
			.execute();
		await db.schema
			.createTable('stages')
			.addColumn('video_id', 'text', (column) => column.notNull())
			.addColumn('stage', 'text', (column) => column.notNull())
			.addColumn('input_hash', 'text', (column) => column.notNull())
			.addColumn('status', 'text', (column) => column.notNull())
			.addColumn('progress', 'real', (column) => column.notNull())
			.addColumn('note', 'text', (column) => column.notNull())
			.addColumn('result', 'text')
			.addColumn('started_at', 'bigint', (column) => column.notNull())
			.addColumn('finished_at', 'bigint')
			.addPrimaryKeyConstraint('stages_key', ['video_id', 'stage'])
			.execute();
		await db.schema
			.createTable('costs')
			.addColumn('id', 'text', (column) => column.primaryKey())
			.addColumn('video_id', 'text', (column) => column.notNull())
			.addColumn('stage', 'text', (column) => column.notNull())
			.addColumn('provider', 'text', (column) => column.notNull())
			.addColumn('model', 'text', (column) => column.notNull())
			.addColumn('units', 'text', (column) => column.notNull())
			.addColumn('micro_usd', 'bigint', (column) => column.notNull())
			.addColumn('basis', 'text', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema.createIndex('costs_by_video').on('costs').column('video_id').execute();
	},
};

export const addRegeneration: Migration = {
	name: '2026-11-24-regeneration',
	async up(db) {
		await db.schema
			.alterTable('jobs')
			.addColumn('attempts_before', 'integer', (column) => column.notNull().defaultTo(0))
			.execute();
		await db.schema
			.createTable('regenerations')
			.addColumn('video_id', 'text', (column) => column.notNull())
			.addColumn('round', 'integer', (column) => column.notNull())
			.addColumn('part', 'text', (column) => column.notNull())
			.addColumn('stage', 'text', (column) => column.notNull())
			.addColumn('instruction', 'text', (column) => column.notNull())
			.addColumn('before', 'text')
			.addColumn('at', 'bigint', (column) => column.notNull())
			.addPrimaryKeyConstraint('regenerations_key', ['video_id', 'round', 'part'])
			.execute();
		await db.schema
			.createTable('reviews')
			.addColumn('video_id', 'text', (column) => column.primaryKey())
			.addColumn('holder', 'text', (column) => column.notNull())
			.addColumn('claim_until', 'bigint', (column) => column.notNull())
			.addColumn('person', 'text', (column) => column.notNull())
			.addColumn('person_at', 'bigint', (column) => column.notNull())
			.addColumn('viewers_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema
			.createTable('viewers')
			.addColumn('video_id', 'text', (column) => column.primaryKey())
			.addColumn('channel_id', 'text', (column) => column.notNull())
			.addColumn('retention', 'double precision', (column) => column.notNull())
			.addColumn('views', 'bigint', (column) => column.notNull())
			.addColumn('at', 'bigint', (column) => column.notNull())
			.execute();
	},
};

export const countLooks: Migration = {
	name: '2026-11-29-looks',
	async up(db) {
		await db.schema
			.alterTable('reviews')
			.addColumn('looks', 'integer', (column) => column.notNull().defaultTo(0))
			.execute();
	},
};

export const addStageLeases: Migration = {
	name: '2026-11-29-stage-leases',
	async up(db) {
		await db.schema.alterTable('stages').addColumn('holder', 'text', (column) => column.notNull().defaultTo('')).execute();
		await db.schema.alterTable('stages').addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0)).execute();
	},
};
