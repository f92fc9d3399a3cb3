/** What can be done with an image. */
import type { Resource } from '../../shared/operation';

import { generateImageOperation } from './generate.operation';

export const image: Resource = {
	name: 'Image',
	value: 'image',
	operations: [generateImageOperation],
};
