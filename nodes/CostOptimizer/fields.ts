/** Fields that several operations of this node share, and how their values are read. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { JUDGE_LIMITS, type JudgeLimits } from '../../core/cost/judge';
import { LONGEST_PERIOD_DAYS } from '../../core/cost/period';
import { invalidRequest } from '../../core/errors';
import type { Authorship } from '../../core/routing/configuration';
import { textParameter } from '../shared/text';

export const daysField: INodeProperties = {
	displayName: 'Days',
	name: 'days',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: LONGEST_PERIOD_DAYS, numberPrecision: 0 },
	default: 30,
	description: 'How many days are looked at, today counted (UTC)',
};

/** @throws YtempireError `invalid-request` */
export function readDays(context: IExecuteFunctions, itemIndex: number): number {
	const days = Number(context.getNodeParameter('days', itemIndex));
	if (Number.isInteger(days) && days >= 1 && days <= LONGEST_PERIOD_DAYS) return days;
	throw notValid('days', `a whole number from 1 to ${LONGEST_PERIOD_DAYS}`);
}

/** @throws YtempireError `invalid-request` */
export function readNumber(given: unknown, name: string, { least = 0, most = Infinity, otherwise }: { least?: number; most?: number; otherwise: number }): number {
	if (given === undefined || given === null || given === '') return otherwise;
	const value = Number(given);
	if (Number.isFinite(value) && value >= least && value <= most) return value;
	throw notValid(name, most === Infinity ? `a number from ${least}` : `a number from ${least} to ${most}`);
}

export function notValid(field: string, reason: string) {
	return invalidRequest(`The value of ${field} is not valid`, {
		reason: 'invalid-parameter',
		cure: 'Correct the named field of the node, or what the request says for it.',
		issues: [{ field, reason }],
	});
}

/** Text, e.g. of an expression, or JSON already. @throws YtempireError `invalid-request` */
export function readJson(given: unknown, field: string): unknown {
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given);
	} catch {
		throw notValid(field, 'JSON');
	}
}

export const byField: INodeProperties = {
	displayName: 'By',
	name: 'by',
	type: 'string',
	default: "={{ 'workflow ' + $workflow.name + ', execution ' + $execution.id }}",
	description: 'Who makes the change, for the history',
};

export const reasonField: INodeProperties = {
	displayName: 'Reason',
	name: 'reason',
	type: 'string',
	default: '',
	placeholder: 'e.g. the voice was too dear',
	description: 'Why, for the history',
};

const LONGEST_NOTE = 500;

export function readAuthor(context: IExecuteFunctions, itemIndex: number, otherwise: string): Authorship {
	const text = (name: string) => textParameter(context, name, itemIndex).slice(0, LONGEST_NOTE);
	return { by: text('by') || 'unknown', reason: text('reason') || otherwise };
}

/** For the collection `options`. */
export const judgeFields: INodeProperties[] = [
	{
		displayName: 'Greatest Drop of Quality',
		name: 'qualityDrop',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 3 },
		default: JUDGE_LIMITS.qualityDrop,
		description: 'Of the mean score (0 to 1): a switch that worsens it by more is undone',
	},
	{
		displayName: 'Greatest Rise of Failures',
		name: 'moreFailures',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 3 },
		default: JUDGE_LIMITS.moreFailures,
		description: 'Share of videos (0 to 1) that may be flagged, fail or need another provider beyond the usual; a switch with more is undone',
	},
	{
		displayName: 'Least Videos to Undo',
		name: 'leastToUndo',
		type: 'number',
		typeOptions: { minValue: 2, numberPrecision: 0 },
		default: JUDGE_LIMITS.leastToUndo,
		description: 'How many videos on each side must have ended before quality or failures undo a switch',
	},
	{
		displayName: 'Least Videos to Widen',
		name: 'leastVideos',
		type: 'number',
		typeOptions: { minValue: 2, numberPrecision: 0 },
		default: JUDGE_LIMITS.leastVideos,
		description: 'How many videos on each side must have ended before a switch is widened, or undone for its cost',
	},
];

export function readJudgeLimits(options: IDataObject): JudgeLimits {
	const share = (name: 'moreFailures' | 'qualityDrop') => readNumber(options[name], name, { most: 1, otherwise: JUDGE_LIMITS[name] });
	const count = (name: 'leastToUndo' | 'leastVideos') => readNumber(options[name], name, { least: 2, otherwise: JUDGE_LIMITS[name] });
	return {
		qualityDrop: share('qualityDrop'),
		moreFailures: share('moreFailures'),
		leastToUndo: count('leastToUndo'),
		leastVideos: count('leastVideos'),
	};
}

export function collection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}
