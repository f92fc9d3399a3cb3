/** What can be asked of a channel. */
import type { Resource } from '../../shared/operation';

import { getAnalyticsOperation } from './getAnalytics.operation';

export const channel: Resource = {
	name: 'Channel',
	value: 'channel',
	operations: [getAnalyticsOperation],
};
