/** What events can be tracked. */
import type { Resource } from '../../shared/operation';
import type { TrackOperation } from '../batch';

import { trackEventOperation } from './track-event.operation';
import { trackRevenueOperation } from './track-revenue.operation';
import { trackVideoGeneratedOperation } from './track-video-generated.operation';

export const event: Resource<TrackOperation> = {
	name: 'Event',
	value: 'event',
	operations: [trackEventOperation, trackRevenueOperation, trackVideoGeneratedOperation],
};
