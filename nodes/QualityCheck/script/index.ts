/** What can be checked of a script. */
import type { Resource } from '../../shared/operation';

import { checkScriptOperation } from './check.operation';

export const script: Resource = {
	name: 'Script',
	value: 'script',
	operations: [checkScriptOperation],
};
