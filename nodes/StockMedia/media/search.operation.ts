/** Search: all chosen libraries at once, one list, best first. */
import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { orientationOf, type FootageCandidate, type FootageKind, type Orientation } from '../../../core/providers/footage/footage';
import { Libraries } from '../../../core/providers/footage/library';
import { scoreOf } from '../../../core/providers/footage/rank';
import { footageAccounts } from '../../shared/footage';
import { ffmpegOf } from '../../shared/ffmpeg';
import type { Operation } from '../../shared/operation';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';

import { mediaItem } from './item';

const ALL = Number.MAX_SAFE_INTEGER;

const HOUR = 3600;

/** Pixels of the short side that the score wants when nothing is said. */
const USUAL_SIDE = 1080;

function properties(kind: FootageKind): INodeProperties[] {
	return [
		{
			displayName: 'Query',
			name: 'query',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. volcano at night',
			description: 'Words that say what is to be seen',
		},
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			hint: 'At most 500 of each library; every page takes one request of its allowance',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { returnAll: [false] } },
		},
		{
			displayName: 'Orientation',
			name: 'orientation',
			type: 'options',
			options: [
				{ name: 'Any', value: 'any' },
				{ name: 'Landscape', value: 'landscape' },
				{ name: 'Portrait', value: 'portrait' },
				{ name: 'Square', value: 'square' },
			],
			default: 'any',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Minimum Width (Pixels)',
					name: 'minWidth',
					type: 'number',
					typeOptions: { minValue: 0, maxValue: 8192, numberPrecision: 0 },
					default: 0,
					description: 'Leaves out what has no file of at least this width',
				},
				...(kind === 'video'
					? [
							{
								displayName: 'Wanted Length (Seconds)',
								name: 'durationS',
								type: 'number' as const,
								typeOptions: { minValue: 0, maxValue: HOUR },
								default: 0,
								description: 'Videos shorter than this come further down; 0 when any length will do',
							},
						]
					: []),
			],
		},
	];
}

export function searchOperation(kind: FootageKind): Operation {
	return {
		name: 'Search',
		value: 'search',
		action: `Search for ${kind}s`,
		description: `Find ${kind}s in all libraries whose credentials are chosen, ranked by one score`,
		properties: properties(kind),
		async execute(context, itemIndex) {
			const query = textParameter(context, 'query', itemIndex);
			const limit = context.getNodeParameter('returnAll', itemIndex, false)
				? ALL
				: context.getNodeParameter('limit', itemIndex, 50);
			const asked = textParameter(context, 'orientation', itemIndex);
			const orientation = asked === 'any' || asked === '' ? undefined : (asked as Orientation);
			const option = (name: string) => Number(context.getNodeParameter(`options.${name}`, itemIndex, 0)) || 0;
			const libraries = await librariesOf(context, itemIndex);
			const { candidates, warnings } = await libraries.search({
				...{ kind, query, orientation, limit },
				minWidth: option('minWidth'),
				signal: context.getExecutionCancelSignal(),
			});
			const need = (candidate: FootageCandidate) => ({
				query,
				durationS: option('durationS'),
				...shapeOf(orientation ?? orientationOf(candidate.width, candidate.height)),
			});
			const scored = candidates
				.map((candidate) => ({ candidate, score: scoreOf(candidate, need(candidate)) }))
				.sort((a, b) => b.score - a.score || a.candidate.rank - b.candidate.rank)
				.slice(0, limit);
			return scored.map(
				({ candidate, score }): INodeExecutionData => ({
					json: {
						...mediaItem(candidate),
						score: Math.round(score * 1000) / 1000,
						...(warnings.length > 0 ? { warnings } : {}),
					},
				}),
			);
		},
	};
}

async function librariesOf(context: IExecuteFunctions, itemIndex: number): Promise<Libraries> {
	return new Libraries(await footageAccounts(context, itemIndex), {
		store: await storeOf(context),
		tools: async () => await ffmpegOf(context, itemIndex),
	});
}

function shapeOf(orientation: Orientation): { width: number; height: number } {
	const long = Math.round((USUAL_SIDE * 16) / 9);
	if (orientation === 'square') return { width: USUAL_SIDE, height: USUAL_SIDE };
	return orientation === 'landscape' ? { width: long, height: USUAL_SIDE } : { width: USUAL_SIDE, height: long };
}
