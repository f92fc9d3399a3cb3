/** What events can be tracked. */
import type { Resource } from '../../shared/operation';

import { trackEventOperation } from './track-event.operation';
import { trackVideoGeneratedOperation } from './track-video-generated.operation';

export const event: Resource = {
	name: 'Event',
	value: 'event',
	operations: [trackEventOperation, trackVideoGeneratedOperation],
};
