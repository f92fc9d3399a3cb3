/** What can be done with the routing configuration. */
import type { Resource } from '../../shared/operation';

import { getConfigurationOperation } from './get.operation';
import { rollBackOperation } from './roll-back.operation';
import { updateConfigurationOperation } from './update.operation';

export const configuration: Resource = {
	name: 'Configuration',
	value: 'configuration',
	operations: [getConfigurationOperation, rollBackOperation, updateConfigurationOperation],
};
