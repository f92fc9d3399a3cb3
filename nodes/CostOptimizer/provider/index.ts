/** What can be done with providers. */
import type { Resource } from '../../shared/operation';

import { switchProvidersOperation } from './switch.operation';

export const provider: Resource = { name: 'Provider', value: 'provider', operations: [switchProvidersOperation] };
