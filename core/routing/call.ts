/** One paid request to one provider: never paid twice for the same stage, never over a budget, never faster than allowed. */
import { setCostAside, settleCost } from '../cost/ledger';
import { sumCosts, type Capability } from '../cost/prices';
import type { Cost } from '../documents';
import { isYtempireError } from '../errors';
import { contentHash } from '../hash';
import { retry, type RetryOptions } from '../retry';
import type { Store } from '../store/store';

import { throughBreaker } from './breaker';
import type { Candidate } from './candidate';
import { keepAnswer, keptAnswer, type KeptAnswer } from './kept';
import { waitForTurn } from './rate-limit';
import { assertAwake, restIfExhausted } from './rest';

/** Who calls: the stage of a job, or a stage without a job (`videoId` empty: then nothing is kept). */
export interface CallContext {
	store: Store;
	videoId: string;
	stage: string;
	/** How often the stage was sent to ask anew: answers of an earlier take don't stand. Default 0. */
	take?: number;
	signal?: AbortSignal;
	retry?: Omit<RetryOptions, 'signal'>;
}

export interface PaidRequest<T> {
	capability: Capability;
	/** JSON of all that the answer depends on, provider and model apart. */
	content: unknown;
	/** What it costs at most. */
	estimate: Cost;
	/** Sends it once. The value is JSON; `warnings` are the operator's to see. */
	send(signal: AbortSignal | undefined): Promise<KeptAnswer<T>>;
	/** Whether a kept answer still stands, e.g. its file is there. Default: always. */
	stillStands?(value: T): Promise<boolean>;
	/** Fires when the answer isn't wanted any more: it isn't sent then. What is under way goes on, since it is paid. */
	unwanted?: AbortSignal;
}

export interface PaidAnswer<T> extends KeptAnswer<T> {
	/** It was there already: nothing was paid now. */
	kept: boolean;
}

/**
 * @throws YtempireError of every class; reason `budget-exceeded`, `resting` or `circuit-open` when nothing was sent
 */
export async function callProvider<T>(
	context: CallContext,
	candidate: Candidate,
	request: PaidRequest<T>,
): Promise<PaidAnswer<T>> {
	const { signal } = context;
	const kept = await standingAnswer(context, candidate, request);
	if (kept) return { ...kept, kept: true };
	const waiting = request.unwanted ? AbortSignal.any([...(signal ? [signal] : []), request.unwanted]) : signal;
	const answer = await retry(
		async () =>
			await throughBreaker(candidate.account, candidate.provider.id, async () => await sendOnce(context, candidate, request, waiting)),
		{ ...context.retry, signal: waiting },
	);
	return { ...answer, kept: false };
}

/** The kept answer that `callProvider` would give without sending anything. */
export async function standingAnswer<T>(
	context: CallContext,
	candidate: Candidate,
	request: PaidRequest<T>,
): Promise<KeptAnswer<T> | undefined> {
	const id = idOf(context, candidate, request);
	const kept = id ? await keptAnswer<T>(context.store, id) : undefined;
	return kept && (await (request.stillStands?.(kept.value) ?? true)) ? kept : undefined;
}

/** Empty for work that belongs to no job. */
function idOf({ videoId, stage, take }: CallContext, { provider, model }: Candidate, { capability, content }: PaidRequest<unknown>): string {
	return videoId ? contentHash([videoId, stage, capability, provider.id, model, content, ...(take ? [take] : [])]) : '';
}

async function sendOnce<T>(
	context: CallContext,
	candidate: Candidate,
	request: PaidRequest<T>,
	waiting: AbortSignal | undefined,
): Promise<KeptAnswer<T>> {
	const { store, videoId, stage, signal } = context;
	const { provider, account, perMinute } = candidate;
	const { capability, estimate, send } = request;
	await assertAwake(store, account, provider.id);
	await waitForTurn(store, account, perMinute, waiting);
	const hold = await setCostAside(store, { videoId, stage }, capability, estimate);
	try {
		const answer = await send(signal);
		const id = idOf(context, candidate, request);
		await settleCost(store, hold, answer.cost, async (trx) => {
			if (id) await keepAnswer(trx, id, answer, store.clock.now());
		});
		return answer;
	} catch (error) {
		const billed = isYtempireError(error) ? sumCosts(error.costs)[0] : undefined;
		if (billed || !mayHaveBeenBilled(error)) await settleCost(store, hold, billed);
		await restIfExhausted(store, account, error);
		throw error;
	}
}

/** The connection was never made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH']);

/** A status other than success bills nothing; of a broken connection nobody knows. */
function mayHaveBeenBilled(error: unknown): boolean {
	if (!isYtempireError(error)) return true;
	return error.httpStatus === undefined && !NEVER_SENT.has(error.reason ?? '');
}
