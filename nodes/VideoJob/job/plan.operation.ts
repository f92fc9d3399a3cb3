/** Job: Plan: gives videos their channel and the time at which they become public. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { planPublication, type Planned } from '../../../core/jobs/plan';
import type { Operation } from '../../shared/operation';
import { textParameter } from '../../shared/text';

import { readJson } from './fields';

export const planJobsOperation: Operation = {
	name: 'Plan',
	value: 'plan',
	action: 'Plan publications',
	description: 'Spread a list of requests over channels and days: one item for each, with its channel_id and publish_at',
	properties: [
		{
			displayName: 'Requests',
			name: 'requests',
			type: 'json',
			required: true,
			default: '={{ $json.videos }}',
			description: 'A list. What a request names itself (channel_id or publish_at) is kept.',
		},
		{
			displayName: 'First Date',
			name: 'firstDate',
			type: 'dateTime',
			required: true,
			default: '={{ $now.plus({ days: 1 }).toISODate() }}',
			description: 'Day of the first publication, in the time zone of the workflow',
		},
		{
			displayName: 'Hours',
			name: 'hours',
			type: 'string',
			required: true,
			default: '18:00',
			placeholder: 'e.g. 09:00, 18:00',
			description: 'When videos become public, separated by commas',
		},
		{
			displayName: 'Per Day',
			name: 'perDay',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			description: 'Videos of each channel a day; 0 for as many as there are hours',
		},
		{
			displayName: 'Channels',
			name: 'channels',
			type: 'string',
			default: '',
			placeholder: 'e.g. account-01, account-02',
			description: 'Account or channel IDs that take turns, separated by commas. When empty, the pool chooses.',
		},
	],
	async execute(context, itemIndex): Promise<INodeExecutionData[]> {
		const text = (name: string) => textParameter(context, name, itemIndex);
		const list = (name: string) => text(name).split(',').map((one) => one.trim()).filter(Boolean);
		const perDay = Number(context.getNodeParameter('perDay', itemIndex, 0));
		const requests = readJson(context, 'requests', itemIndex);
		const planned = planPublication(
			(Array.isArray(requests) ? requests : [requests]) as Array<Planned & IDataObject>,
			{
				firstDate: text('firstDate').slice(0, 10),
				hours: list('hours'),
				perDay: perDay > 0 ? perDay : undefined,
				channels: list('channels'),
				zone: context.getTimezone(),
			},
			Date.now(),
		);
		return planned.map((json) => ({ json }));
	},
};
