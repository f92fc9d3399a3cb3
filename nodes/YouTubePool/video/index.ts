/** What can be done with a video on YouTube. */
import type { Resource } from '../../shared/operation';

import { uploadVideoOperation } from './upload.operation';

export const video: Resource = {
	name: 'Video',
	value: 'video',
	operations: [uploadVideoOperation],
};
