/** Job: Queue: takes a request in once, however often it is sent. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { CUSTOMERS_WITHOUT_PLAN, type CustomersWithoutPlan } from '../../../core/billing/plan-gate';
import type { Budget } from '../../../core/cost/budget';
import { listOf, queueBatch } from '../../../core/jobs/batch';
import { queueJob } from '../../../core/jobs/queue';
import { microUsd } from '../../../core/money';
import type { Operation } from '../../shared/operation';
import { holderOf, storeOf } from '../../shared/store';

import { atOnceField, readJson, readRequest, requestField } from './fields';
import { batchItem, jobItem } from './item';

const properties: INodeProperties[] = [
	requestField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			atOnceField,
			budgetField('Budget per Customer and Day', 'customerDay', 'all videos with the same customer_id on one day (UTC), where no plan of the customer says it,'),
			budgetField('Budget per Day', 'day', 'all videos together on one day (UTC)'),
			budgetField('Budget per Video', 'video', 'this video'),
			{
				displayName: 'Customers Without a Plan',
				name: 'customersWithoutPlan',
				type: 'options',
				options: [
					{ name: 'Allowed', value: 'allowed', description: 'They may queue as many videos as they like' },
					{ name: 'Refused', value: 'refused', description: 'Requests without a customer_id are refused, too' },
				],
				default: 'allowed',
				description:
					'Whether a customer of whom no subscription is known may queue a video. One with a subscription may queue as many a day as its plan allows, and none when the plan has ended or was not paid.',
			},
		],
	},
];

function budgetField(displayName: string, name: keyof Budget, what: string): INodeProperties {
	return {
		displayName: `${displayName} (USD)`,
		name,
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: `What ${what} may cost; a stage that would take more is refused before it spends. 0 for no limit.`,
	};
}

function budgetOf(options: IDataObject): Budget {
	const names = ['video', 'day', 'customerDay'] as const;
	return Object.fromEntries(
		names.filter((name) => Number(options[name]) > 0).map((name) => [name, microUsd(Number(options[name]))]),
	);
}

function withoutPlan({ customersWithoutPlan }: IDataObject): CustomersWithoutPlan {
	return CUSTOMERS_WITHOUT_PLAN.find((one) => one === customersWithoutPlan) ?? 'allowed';
}

export const queueJobOperation: Operation = {
	name: 'Queue',
	value: 'queue',
	action: 'Queue a job',
	description:
		'Take a request in: a new video ID makes a job, a failed or interrupted one goes on, any other gives its state. A list gives an item for each, and all of them wait for their turn.',
	properties,
	async execute(context, itemIndex) {
		const body = readJson(context, 'request', itemIndex);
		const options: IDataObject = context.getNodeParameter('options', itemIndex, {});
		const store = await storeOf(context);
		const list = listOf(body);
		const rules = { customersWithoutPlan: withoutPlan(options) };
		if (list) return (await queueBatch(store, list, holderOf(context), budgetOf(options), rules)).map(batchItem);
		const turn = { atOnce: Number(options.atOnce ?? 0) };
		const { job, disposition } = await queueJob(store, readRequest(body), holderOf(context), budgetOf(options), { ...rules, ...turn });
		return [{ json: { ...jobItem(job), disposition } }];
	},
};
