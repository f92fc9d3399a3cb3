/** Configuration: Update: changes by hand, and the judgement of switches on trial, which undoes bad ones. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { settleTrials } from '../../../core/cost/switch';
import { configurationOf, readChanges, updateConfiguration } from '../../../core/routing/configuration';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { byField, collection, judgeFields, readAuthor, readJson, readJudgeLimits, readNumber, reasonField } from '../fields';
import { greatestShareField, readShare } from '../share-field';

const properties: INodeProperties[] = [
	{
		displayName: 'Changes',
		name: 'changes',
		type: 'json',
		default: '{}',
		description:
			'By stage (script, metadata, voice, image, thumbnail): {"standard": {"provider", "model"}, "trial": {"provider", "model", "share"}}, or null so that the node chooses. Stages that aren\'t named stay as they are.',
	},
	{
		displayName: 'Judge Switches',
		name: 'judge',
		type: 'boolean',
		default: true,
		description: 'Whether to judge the switches on trial, and to undo those that worsen quality, failures or cost',
	},
	{
		displayName: 'Widen Good Switches',
		name: 'widen',
		type: 'boolean',
		default: false,
		description: 'Whether switches that were judged good grow by the greatest share at once, up to all videos',
	},
	greatestShareField,
	byField,
	reasonField,
	collection([
		...judgeFields,
		{
			displayName: 'Expected Version',
			name: 'expectedVersion',
			type: 'number',
			typeOptions: { minValue: -1, numberPrecision: 0 },
			default: -1,
			description: 'Refuse the changes when another version is in force by now; -1 for any',
		},
	]),
];

export const updateConfigurationOperation: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update the configuration',
	description:
		'Change the routing configuration as a new version, and judge switches on trial: bad ones are rolled back. Adds the fields configuration, judgements, rolled_back and widened.',
	properties,
	async execute(context, itemIndex) {
		const store = await storeOf(context);
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const flag = (name: string) => context.getNodeParameter(name, itemIndex, false) === true;
		const author = readAuthor(context, itemIndex, 'changed by hand');
		const limits = readJudgeLimits(options);
		const greatestShare = readShare(context, itemIndex);
		const changes = readChanges(readJson(context.getNodeParameter('changes', itemIndex), 'changes') ?? {});
		if (Object.keys(changes).length > 0) {
			const expected = readNumber(options.expectedVersion, 'expectedVersion', { least: -1, otherwise: -1 });
			await updateConfiguration(store, changes, author, expected < 0 ? {} : { expectedVersion: expected });
		}
		const settled = flag('judge')
			? await settleTrials(store, { by: author.by, greatestShare: flag('widen') ? greatestShare : 0, limits })
			: { configuration: await configurationOf(store.db), judgements: [], rolled_back: [], widened: [] };
		return [stageItem(context, itemIndex, settled)];
	},
};
