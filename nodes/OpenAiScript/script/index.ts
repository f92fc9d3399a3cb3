/** What can be done with a script. */
import type { Resource } from '../../shared/operation';

import { generateScriptOperation } from './generate.operation';
import { improveScriptOperation } from './improve.operation';
import { reviewScriptOperation } from './review.operation';

export const script: Resource = {
	name: 'Script',
	value: 'script',
	operations: [generateScriptOperation, improveScriptOperation, reviewScriptOperation],
};
