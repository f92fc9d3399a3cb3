/** What can be done with savings. */
import type { Resource } from '../../shared/operation';

import { identifySavingsOperation } from './identify.operation';

export const savings: Resource = { name: 'Savings', value: 'savings', operations: [identifySavingsOperation] };
