/** Savings: Identify: what the same use would have cost elsewhere, over the quality floor. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { identifySavings, SAVING_LIMITS } from '../../../core/cost/savings';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { collection, daysField, readDays, readNumber } from '../fields';

const properties: INodeProperties[] = [
	daysField,
	{
		displayName: 'Quality Floor (0 to 1)',
		name: 'qualityFloor',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 3 },
		default: SAVING_LIMITS.qualityFloor,
		description: 'Nothing is proposed unless the mean score of the videos stays over it with 95 % certainty',
	},
	collection([
		{
			displayName: 'Greatest Rise of Failures',
			name: 'moreFailures',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 3 },
			default: SAVING_LIMITS.moreFailures,
			description: 'How much more of the videos may be flagged or fail, as a share from 0 to 1',
		},
		{
			displayName: 'Least Videos',
			name: 'leastVideos',
			type: 'number',
			typeOptions: { minValue: 2, numberPrecision: 0 },
			default: SAVING_LIMITS.leastVideos,
			description: 'How many measured videos a provider must have worked on before it is proposed',
		},
	]),
];

export const identifySavingsOperation: Operation = {
	name: 'Identify',
	value: 'identify',
	action: 'Identify savings',
	description:
		'Find what could be saved, each with amount, confidence, risk and evidence; adds the field savings. Nothing is changed.',
	properties,
	async execute(context, itemIndex) {
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const savings = await identifySavings(await storeOf(context), {
			days: readDays(context, itemIndex),
			qualityFloor: readNumber(context.getNodeParameter('qualityFloor', itemIndex), 'qualityFloor', { most: 1, otherwise: SAVING_LIMITS.qualityFloor }),
			leastVideos: readNumber(options.leastVideos, 'leastVideos', { least: 2, otherwise: SAVING_LIMITS.leastVideos }),
			moreFailures: readNumber(options.moreFailures, 'moreFailures', { most: 1, otherwise: SAVING_LIMITS.moreFailures }),
		});
		return [stageItem(context, itemIndex, { savings })];
	},
};
