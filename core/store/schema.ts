/** All tables of the store; each part of the product defines its own. */
import type { BillingTables } from '../billing/tables';
import type { CostTables } from '../cost/tables';
import type { DeliveryTables } from '../deliveries/tables';
import type { MailTables } from '../email/tables';
import type { JobTables } from '../jobs/tables';
import type { PoolTables } from '../pool/tables';
import type { FootageTables } from '../providers/footage/tables';
import type { ConfigurationTables } from '../routing/configuration-tables';
import type { RoutingTables } from '../routing/tables';
import type { UploadTables } from '../youtube/tables';

export interface Database
	extends BillingTables, ConfigurationTables, CostTables, DeliveryTables, FootageTables, JobTables, MailTables, PoolTables, RoutingTables,
		UploadTables {
	/** Which migrations have run. */
	migrations: { name: string; applied_at: number };
}
