/** What can be done with payment intents. */
import type { Resource } from '../../shared/operation';

import { cancelPaymentOperation } from './cancel.operation';
import { confirmPaymentOperation } from './confirm.operation';
import { createPaymentOperation } from './create.operation';
import { getPaymentOperation } from './get.operation';

export const payment: Resource = {
	name: 'Payment Intent',
	value: 'paymentIntent',
	operations: [cancelPaymentOperation, confirmPaymentOperation, createPaymentOperation, getPaymentOperation],
};
