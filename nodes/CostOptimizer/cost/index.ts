/** What can be asked of the costs. */
import type { Resource } from '../../shared/operation';

import { analyzeCostsOperation } from './analyze.operation';
import { validateOptimizationOperation } from './validate.operation';

export const cost: Resource = { name: 'Cost', value: 'cost', operations: [analyzeCostsOperation, validateOptimizationOperation] };
