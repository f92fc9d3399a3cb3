/** What can be done with a thumbnail. */
import type { Resource } from '../../shared/operation';

import { createThumbnailOperation } from './create.operation';

export const thumbnail: Resource = {
	name: 'Thumbnail',
	value: 'thumbnail',
	operations: [createThumbnailOperation],
};
