/** What can be checked of a video. */
import type { Resource } from '../../shared/operation';

import { checkVideoOperation } from './check.operation';

export const video: Resource = {
	name: 'Video',
	value: 'video',
	operations: [checkVideoOperation],
};
