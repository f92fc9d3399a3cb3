/** Job: Validate: the request at the door, field by field. */
import { assertOneIsRight, listOf } from '../../../core/jobs/batch';
import type { Operation } from '../../shared/operation';

import { readJson, readRequest, requestField } from './fields';

export const validateJobOperation: Operation = {
	name: 'Validate',
	value: 'validate',
	action: 'Validate a request',
	description: 'Check a request, or a list of them, and fill in defaults; what is not right is listed by field',
	properties: [{ ...requestField, default: '={{ $json.body }}' }],
	async execute(context, itemIndex) {
		const body = readJson(context, 'request', itemIndex);
		const list = listOf(body);
		if (!list) return [{ json: { ...readRequest(body) } }];
		assertOneIsRight(list, Date.now());
		return [{ json: { videos: list } }];
	},
};
