/** Provider: Switch: begins proposed switches on a share of the videos; a dry run unless told otherwise. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readSavings } from '../../../core/cost/read-savings';
import { SWITCH_LIMITS, switchProviders } from '../../../core/cost/switch';
import { isSwitchable, SWITCHABLE_STAGES, type SwitchableStage } from '../../../core/routing/stages';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { byField, collection, notValid, readAuthor, readJson, readNumber, reasonField } from '../fields';
import { greatestShareField, readShare } from '../share-field';

const properties: INodeProperties[] = [
	{
		displayName: 'Savings',
		name: 'savings',
		type: 'json',
		required: true,
		default: '={{ $json.savings }}',
		description: 'What is proposed, as Savings: Identify gives it',
	},
	{
		displayName: 'Apply',
		name: 'apply',
		type: 'boolean',
		default: false,
		description: 'Whether to make the switches; otherwise only what would be done is told',
	},
	greatestShareField,
	byField,
	reasonField,
	collection([
		{
			displayName: 'Least Confidence',
			name: 'leastConfidence',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 3 },
			default: SWITCH_LIMITS.leastConfidence,
			description: 'How sure it must be that quality stays over the floor, from 0 to 1',
		},
		{
			displayName: 'Least Saving a Month (USD)',
			name: 'leastMonthlyUsd',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: SWITCH_LIMITS.leastMonthlyUsd,
			description: 'What a switch must save in 30 days',
		},
		{
			displayName: 'Stages',
			name: 'stages',
			type: 'multiOptions',
			options: SWITCHABLE_STAGES.map((stage) => ({ name: stage.charAt(0).toUpperCase() + stage.slice(1), value: stage })),
			default: [...SWITCHABLE_STAGES],
			description: 'Where a switch may be made',
		},
	]),
];

/** @throws YtempireError `invalid-request`: what isn't understood must not open all of them */
function readStages(given: unknown): readonly SwitchableStage[] {
	if (given === undefined) return SWITCHABLE_STAGES;
	const list: unknown[] = Array.isArray(given) ? given : [given];
	if (list.every((stage): stage is SwitchableStage => typeof stage === 'string' && isSwitchable(stage))) return list;
	throw notValid('stages', `a list of ${SWITCHABLE_STAGES.join(', ')}`);
}

export const switchProvidersOperation: Operation = {
	name: 'Switch',
	value: 'switch',
	action: 'Switch providers',
	description:
		'Begin the proposed switches on a share of the videos, within limits; a dry run unless Apply is on. Adds the field switching.',
	properties,
	async execute(context, itemIndex) {
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const savings = readSavings(readJson(context.getNodeParameter('savings', itemIndex), 'savings'));
		const limits = {
			stages: readStages(options.stages),
			greatestShare: readShare(context, itemIndex),
			leastConfidence: readNumber(options.leastConfidence, 'leastConfidence', { most: 1, otherwise: SWITCH_LIMITS.leastConfidence }),
			leastMonthlyUsd: readNumber(options.leastMonthlyUsd, 'leastMonthlyUsd', { otherwise: SWITCH_LIMITS.leastMonthlyUsd }),
		};
		// only a clear yes: what an expression gives may be a text
		const apply = context.getNodeParameter('apply', itemIndex) === true;
		const author = readAuthor(context, itemIndex, 'proposed by the savings that were found');
		const switching = await switchProviders(await storeOf(context), savings, limits, { ...author, apply });
		return [stageItem(context, itemIndex, { switching })];
	},
};
