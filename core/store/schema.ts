/** All tables of the store; each part of the product defines its own. */
import type { JobTables } from '../jobs/tables';

export interface Database extends JobTables {
	/** Which migrations have run. */
	migrations: { name: string; applied_at: number };
}
