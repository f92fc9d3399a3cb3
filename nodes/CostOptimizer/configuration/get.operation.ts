/** Configuration: Get: who does which stage at present, and how it came to that. */
import { configurationHistory, configurationOf } from '../../../core/routing/configuration';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { readNumber } from '../fields';

export const getConfigurationOperation: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get the configuration',
	description: 'Get the routing configuration in force and its last versions; adds the fields configuration and versions',
	properties: [
		{
			displayName: 'Versions',
			name: 'versions',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
			default: 10,
			description: 'How many of the last versions are listed, the newest first',
		},
	],
	async execute(context, itemIndex) {
		const { db } = await storeOf(context);
		const limit = readNumber(context.getNodeParameter('versions', itemIndex), 'versions', { most: 1000, otherwise: 10 });
		const [configuration, versions] = [await configurationOf(db), await configurationHistory(db, Math.trunc(limit))];
		return [stageItem(context, itemIndex, { configuration, versions })];
	},
};
