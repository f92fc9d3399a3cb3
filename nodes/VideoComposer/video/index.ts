/** What can be done with a video. */
import type { Resource } from '../../shared/operation';

import { createVideoOperation } from './create.operation';
import { probeVideoOperation } from './probe.operation';

export const video: Resource = {
	name: 'Video',
	value: 'video',
	operations: [createVideoOperation, probeVideoOperation],
};
