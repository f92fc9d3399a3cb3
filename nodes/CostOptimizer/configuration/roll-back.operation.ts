/** Configuration: Roll Back: an earlier version's content in force again, as a new version. */
import { rollBack } from '../../../core/routing/configuration';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { byField, readAuthor, readNumber, reasonField } from '../fields';

export const rollBackOperation: Operation = {
	name: 'Roll Back',
	value: 'rollBack',
	action: 'Roll back the configuration',
	description: 'Put an earlier version of the routing configuration in force again; adds the field configuration',
	properties: [
		{
			displayName: 'Version',
			name: 'version',
			type: 'number',
			typeOptions: { minValue: -1, numberPrecision: 0 },
			default: -1,
			description: 'Which one; -1 for the one before, 0 for none, so that the nodes choose by themselves',
		},
		byField,
		reasonField,
	],
	async execute(context, itemIndex) {
		const to = Math.trunc(readNumber(context.getNodeParameter('version', itemIndex), 'version', { least: -1, otherwise: -1 }));
		const author = readAuthor(context, itemIndex, 'rolled back by hand');
		const configuration = await rollBack(await storeOf(context), author, to < 0 ? undefined : to);
		return [stageItem(context, itemIndex, { configuration })];
	},
};
