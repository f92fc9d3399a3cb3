/** What can be shown of all jobs together. */
import type { Resource } from '../../shared/operation';

import { createDashboardOperation } from './create.operation';

export const dashboard: Resource = {
	name: 'Dashboard',
	value: 'dashboard',
	operations: [createDashboardOperation],
};
