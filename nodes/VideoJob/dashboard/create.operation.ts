/** Dashboard: Create: how the factory stands, as data or as one page for a browser. */
import type { INodeProperties } from 'n8n-workflow';

import { accountsView } from '../../../core/dashboard/accounts';
import { dashboardOf, DEFAULT_DAYS } from '../../../core/dashboard/dashboard';
import { dashboardPage, readPageScript } from '../../../core/dashboard/page/page';
import { invalidRequest } from '../../../core/errors';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

const MIME = 'text/html; charset=utf-8';

const properties: INodeProperties[] = [
	{
		displayName: 'Accounts',
		name: 'accounts',
		type: 'json',
		default: '[]',
		description:
			'The accounts to show, as Account: Get Many of the node YouTube Pool lists them. Put that node before this one, switch Execute Once on here, and read all its items by an expression; the workflow Dashboard of this package shows how.',
	},
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 366 },
		default: DEFAULT_DAYS,
		description: 'How many days (UTC) to look back on, today included',
	},
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: [
			{ name: 'Data', value: 'json', description: 'The figures as fields of the item' },
			{ name: 'Page as File', value: 'file', description: 'An HTML file in a binary field' },
			{ name: 'Page as Text', value: 'html', description: 'HTML in the field html' },
		],
		default: 'json',
		description: 'What the item holds',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { format: ['file'] } },
	},
];

export const createDashboardOperation: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a dashboard',
	description: 'Sum up videos by state, accounts, cost by day and provider, quality, and the last failures with their cures',
	properties,
	async execute(context, itemIndex) {
		const accounts = accountsView(readList(context.getNodeParameter('accounts', itemIndex)));
		const days = Number(context.getNodeParameter('days', itemIndex));
		const dashboard = await dashboardOf(await storeOf(context), { days, accounts });
		const format = context.getNodeParameter('format', itemIndex);
		if (format === 'json') return [{ json: { ...dashboard } }];
		const html = dashboardPage(dashboard, await readPageScript());
		const about = { made_at: dashboard.made_at, days, content_type: MIME };
		if (format === 'html') return [{ json: { ...about, html } }];
		const field = textParameter(context, 'binaryPropertyName', itemIndex) || 'data';
		const file = await context.helpers.prepareBinaryData(Buffer.from(html), 'dashboard.html', MIME);
		return [{ json: about, binary: { [field]: file } }];
	},
};

function readList(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given || '[]');
	} catch {
		throw invalidRequest('The accounts are not JSON', {
			cure: 'Give a JSON list, e.g. by an expression, or an empty one: [].',
			reason: 'invalid-json',
			issues: [{ field: 'accounts', reason: 'not JSON' }],
		});
	}
}
