/** What can be done with a script. */
import type { Resource } from '../../shared/operation';

import { generateScriptOperation } from './generate.operation';

export const script: Resource = {
	name: 'Script',
	value: 'script',
	operations: [generateScriptOperation],
};
