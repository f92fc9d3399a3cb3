/** Cost: Analyze: what videos cost, by everything that people ask for. */
import type { IDataObject } from 'n8n-workflow';

import { analyzeCosts } from '../../../core/cost/analyze';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { collection, daysField, judgeFields, readDays, readJudgeLimits } from '../fields';

export const analyzeCostsOperation: Operation = {
	name: 'Analyze',
	value: 'analyze',
	action: 'Analyze costs',
	description:
		'Sum up costs by stage, provider, model, channel and day, with cost per published video, waste, trend, forecast of the month, and how switches on trial stand; adds the field analysis',
	properties: [daysField, collection(judgeFields)],
	async execute(context, itemIndex) {
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const analysis = await analyzeCosts(await storeOf(context), readDays(context, itemIndex), readJudgeLimits(options));
		return [stageItem(context, itemIndex, { analysis })];
	},
};
