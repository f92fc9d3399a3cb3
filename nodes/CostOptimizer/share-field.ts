/** How many more of the videos a change may touch at once. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { SWITCH_LIMITS } from '../../core/cost/switch';

import { readNumber } from './fields';

export const greatestShareField: INodeProperties = {
	displayName: 'Greatest Share at Once',
	name: 'greatestShare',
	type: 'number',
	typeOptions: { minValue: 0.01, maxValue: 1, numberPrecision: 2 },
	default: SWITCH_LIMITS.greatestShare,
	description: 'How many of the videos a switch begins on, and by how many it grows, as a share up to 1',
};

export function readShare(context: IExecuteFunctions, itemIndex: number): number {
	const given = context.getNodeParameter('greatestShare', itemIndex);
	return readNumber(given, 'greatestShare', { least: 0.01, most: 1, otherwise: SWITCH_LIMITS.greatestShare });
}
