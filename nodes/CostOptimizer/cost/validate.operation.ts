/** Cost: Validate: the request at the door, field by field. */
import { readOptimization } from '../../../core/cost/request';
import type { Operation } from '../../shared/operation';
import { readJson } from '../fields';

export const validateOptimizationOperation: Operation = {
	name: 'Validate',
	value: 'validate',
	action: 'Validate a request for savings',
	description: 'Check what is asked of the cost optimization and fill in defaults; what is not right is listed by field',
	properties: [
		{
			displayName: 'Request',
			name: 'request',
			type: 'json',
			required: true,
			default: '={{ $json.body }}',
			description: 'With apply, days, quality_floor, greatest_share, stages, by and reason, each of which may be left out',
		},
	],
	async execute(context, itemIndex) {
		const request = readOptimization(readJson(context.getNodeParameter('request', itemIndex), 'request'));
		return await Promise.resolve([{ json: { ...request } }]);
	},
};
