/** What can be done with what stands around a video. */
import type { Resource } from '../../shared/operation';

import { generateMetadataOperation } from './generate.operation';

export const metadata: Resource = {
	name: 'Metadata',
	value: 'metadata',
	operations: [generateMetadataOperation],
};
