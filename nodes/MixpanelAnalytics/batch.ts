/** Tracks all items of a run together, in few requests; what happened to each is said at each. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { MIXPANEL_HOSTS, type MixpanelConnection, type MixpanelRegion } from '../../core/analytics/connection';
import { insertIdOf } from '../../core/analytics/mixpanel';
import { trackOnce, type Tracked, type TrackOutcome } from '../../core/analytics/once';
import { isYtempireError, YtempireError } from '../../core/errors';
import { errorItem, toNodeError } from '../shared/errors';
import type { OperationWords, Resource } from '../shared/operation';
import { stageItem } from '../shared/stage';
import { storeOf } from '../shared/store';

export interface TrackOperation extends OperationWords {
	/** What this item asks for. */
	read(context: IExecuteFunctions, itemIndex: number): Promise<Tracked>;
	/** What the job is to know of it. */
	keep?(context: IExecuteFunctions, itemIndex: number, tracked: Tracked, outcome: TrackOutcome): Promise<void>;
}

interface Item {
	itemIndex: number;
	tracked?: Tracked;
	outcome?: TrackOutcome;
	error?: unknown;
}

/**
 * Without Continue On Fail nothing is sent when an item isn't right. When Mixpanel rejects some, the error
 * names them all; the others are in, and running it again doesn't send those again.
 */
export async function runTogether(
	context: IExecuteFunctions,
	{ operations }: Resource<TrackOperation>,
): Promise<INodeExecutionData[][]> {
	const chosen = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ value }) => value === chosen);
	if (!operation) throw new Error(`The operation ${chosen} is not known to this node`);
	const goOn = context.continueOnFail();
	const items: Item[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		items.push({ itemIndex, ...(await attempt(async () => ({ tracked: await operation.read(context, itemIndex) }))) });
	}
	if (goOn || items.every(({ error }) => error === undefined)) await track(context, operation, items);
	const failed = items.filter(({ error }) => error !== undefined);
	const [first] = failed;
	if (first && (!goOn || context.getExecutionCancelSignal()?.aborted)) {
		throw toNodeError(context.getNode(), withOthers(failed, items.length), first.itemIndex);
	}
	return [items.map((item) => outputOf(context, item))];
}

async function track(context: IExecuteFunctions, operation: TrackOperation, items: Item[]): Promise<void> {
	const ready = items.flatMap((item) => (item.tracked ? [{ item, tracked: item.tracked }] : []));
	const sent = await attempt(async () => {
		const connection = await connectionOf(context);
		const events = ready.map(({ tracked }) => tracked);
		return { outcomes: await trackOnce(await storeOf(context), connection, events, context.getExecutionCancelSignal()) };
	});
	for (const [index, { item, tracked }] of ready.entries()) {
		const outcome = sent.outcomes?.[index] ?? { error: sent.error as YtempireError, kept: false, warnings: [] };
		item.outcome = outcome;
		item.error = outcome.error ?? (await attempt(async () => await operation.keep?.(context, item.itemIndex, tracked, outcome) ?? {})).error;
	}
}

async function attempt<T extends object>(work: () => Promise<T>): Promise<Partial<T> & { error?: unknown }> {
	try {
		return await work();
	} catch (error) {
		return { error } as Partial<T> & { error: unknown };
	}
}

function outputOf(context: IExecuteFunctions, { itemIndex, tracked, outcome, error }: Item): INodeExecutionData {
	if (error !== undefined || !tracked || !outcome) {
		return errorItem(error, toNodeError(context.getNode(), error, itemIndex), itemIndex);
	}
	const { name, distinctId, key } = tracked.event;
	const fields = {
		event: {
			name,
			distinct_id: distinctId,
			insert_id: insertIdOf(key),
			kept: outcome.kept,
			...(tracked.totals ? { added: outcome.added ?? {} } : {}),
			...(outcome.warnings.length > 0 ? { warnings: outcome.warnings } : {}),
		},
	};
	return { ...stageItem(context, itemIndex, fields), pairedItem: { item: itemIndex } };
}

/** Rows named in one error: more would bury the first. */
const MOST_ROWS = 20;

/** The first item's error with what is wrong with the others. */
function withOthers(failed: Item[], count: number): unknown {
	const first = failed[0]?.error;
	if (failed.length < 2 || !isYtempireError(first)) return first;
	const issues = failed.slice(0, MOST_ROWS).flatMap(({ itemIndex, error }) => {
		const known = isYtempireError(error) ? error : undefined;
		const own = known && known.issues.length > 0 ? known.issues : [{ field: '', reason: known?.message ?? String(error) }];
		return own.map(({ field, reason }) => ({ field: [`item ${itemIndex}`, field].filter(Boolean).join(' '), reason }));
	});
	const { cure, provider, reason, httpStatus } = first;
	const message = `${first.message}; ${failed.length} of ${count} items failed`;
	return new YtempireError(first.errorClass, message, { cure, provider, reason, httpStatus, issues });
}

async function connectionOf(context: IExecuteFunctions): Promise<MixpanelConnection> {
	const credential = await context.getCredentials('ytempireMixpanelApi', 0);
	const text = (name: string) => String(credential[name] ?? '').trim();
	const region = text('region');
	return {
		projectId: text('projectId'),
		username: text('username'),
		secret: text('secret'),
		projectToken: text('projectToken'),
		region: region in MIXPANEL_HOSTS ? (region as MixpanelRegion) : 'us',
		baseUrl: text('baseUrl'),
	};
}
