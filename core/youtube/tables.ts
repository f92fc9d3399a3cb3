/** What is on its way to YouTube, so that another process can go on with it, and what was done to a video besides. */
import type { Migration } from '../store/migrations';

export interface UploadTables {
	uploads: {
		/** Names the video: its job, or its content and the account that was asked for. */
		key: string;
		/** uploading: a session is open. uploaded: the video is there. published: all else is done too. */
		state: 'uploading' | 'uploaded' | 'published';
		account_id: string;
		channel_id: string;
		project: string;
		/** What tells this file from another, see `fileIdentity`. */
		file_identity: string;
		bytes: number;
		title: string;
		/** Hash of all that YouTube was told with the session: what it was opened with can't be changed in it. */
		metadata_hash: string;
		/** The session's address, encrypted: whoever has it can write the video. */
		sealed_session: string;
		/** Bytes that YouTube is known to have. */
		confirmed_bytes: number;
		/** 1 once the last byte may have left: from then on the video may be there. */
		tail_sent: number;
		/** The Pacific day whose video of the channel it is. */
		day: string;
		/** Empty until uploaded. */
		youtube_id: string;
		/** JSON of the UploadResult; null until published. */
		result: string | null;
		opened_at: number;
		updated_at: number;
	};
	/** Who works on the upload of a key, believed alive until `lease_until`. */
	upload_claims: { key: string; holder: string; lease_until: number };
	/** Thumbnail, playlists and captions of a video, see `once`. */
	video_steps: {
		youtube_id: string;
		/** e.g. `thumbnail`, `playlist PL…`, `captions en`. */
		step: string;
		/** Who asked for it: an upload, or a call about a video that is there. */
		origin: 'upload' | 'call';
		/** Hash of all that was sent. */
		content_hash: string;
		/** begun: it may have arrived, nobody has heard. */
		state: 'begun' | 'done';
		/** JSON of what the last one that ended gave; null before. */
		result: string | null;
		updated_at: number;
	};
}

export const createUploadTables: Migration = {
	name: '2026-11-22-uploads',
	async up(db) {
		await db.schema
			.createTable('uploads')
			.addColumn('key', 'text', (column) => column.primaryKey())
			.addColumn('state', 'text', (column) => column.notNull())
			.addColumn('account_id', 'text', (column) => column.notNull())
			.addColumn('channel_id', 'text', (column) => column.notNull())
			.addColumn('project', 'text', (column) => column.notNull())
			.addColumn('file_identity', 'text', (column) => column.notNull())
			.addColumn('bytes', 'bigint', (column) => column.notNull())
			.addColumn('title', 'text', (column) => column.notNull())
			.addColumn('metadata_hash', 'text', (column) => column.notNull())
			.addColumn('sealed_session', 'text', (column) => column.notNull())
			.addColumn('confirmed_bytes', 'bigint', (column) => column.notNull())
			.addColumn('tail_sent', 'integer', (column) => column.notNull())
			.addColumn('day', 'text', (column) => column.notNull())
			.addColumn('youtube_id', 'text', (column) => column.notNull())
			.addColumn('result', 'text')
			.addColumn('opened_at', 'bigint', (column) => column.notNull())
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.execute();
		await db.schema
			.createTable('upload_claims')
			.addColumn('key', 'text', (column) => column.primaryKey())
			.addColumn('holder', 'text', (column) => column.notNull())
			.addColumn('lease_until', 'bigint', (column) => column.notNull())
			.execute();
	},
};

export const createVideoSteps: Migration = {
	name: '2026-11-22-video-steps',
	async up(db) {
		await db.schema
			.createTable('video_steps')
			.addColumn('youtube_id', 'text', (column) => column.notNull())
			.addColumn('step', 'text', (column) => column.notNull())
			.addColumn('origin', 'text', (column) => column.notNull())
			.addColumn('content_hash', 'text', (column) => column.notNull())
			.addColumn('state', 'text', (column) => column.notNull())
			.addColumn('result', 'text')
			.addColumn('updated_at', 'bigint', (column) => column.notNull())
			.addPrimaryKeyConstraint('video_steps_key', ['youtube_id', 'step', 'origin'])
			.execute();
	},
};
