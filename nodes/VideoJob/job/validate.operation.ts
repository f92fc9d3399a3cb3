/** Job: Validate: the request at the door, field by field. */
import type { Operation } from '../../shared/operation';

import { readRequest, requestField } from './fields';

export const validateJobOperation: Operation = {
	name: 'Validate',
	value: 'validate',
	action: 'Validate a request',
	description: 'Check a request and fill in defaults; what is not right is listed by field',
	properties: [{ ...requestField, default: '={{ $json.body }}' }],
	async execute(context, itemIndex) {
		return [{ json: { ...readRequest(context, itemIndex) } }];
	},
};
