/** All tables of the store; each part of the product defines its own. */
import type { JobTables } from '../jobs/tables';
import type { PoolTables } from '../pool/tables';
import type { UploadTables } from '../youtube/tables';

export interface Database extends JobTables, PoolTables, UploadTables {
	/** Which migrations have run. */
	migrations: { name: string; applied_at: number };
}
