/** What can be done with prices. */
import type { Resource } from '../../shared/operation';

import { lookUpPriceOperation } from './look-up.operation';

export const price: Resource = {
	name: 'Price',
	value: 'price',
	operations: [lookUpPriceOperation],
};
