/** One paid request to one provider: never paid twice for the same stage, never over a budget, never faster than allowed. */
import { setCostAside, settleCost } from '../cost/ledger';
import { priceOf, type Capability, type Used } from '../cost/prices';
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
	signal?: AbortSignal;
	retry?: Omit<RetryOptions, 'signal'>;
}

/** What a provider's answer used; the model is the one that answered. */
export type Usage = Pick<Used, 'basis' | 'model' | 'units'>;

export interface PaidRequest<T> {
	capability: Capability;
	/** JSON of all that the answer depends on, provider and model apart. */
	content: unknown;
	/** Units that it takes at most. */
	estimate: Record<string, number>;
	/** Sends it once. The value is JSON. */
	send(signal: AbortSignal | undefined): Promise<{ value: T; used: Usage }>;
	/** Whether a kept answer still stands, e.g. its file is there. Default: always. */
	stillStands?(value: T): Promise<boolean>;
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
	const { store, videoId, stage, signal } = context;
	const { provider, model } = candidate;
	const asked = [videoId, stage, request.capability, provider.id, model, request.content];
	const id = videoId ? contentHash(asked) : '';
	const kept = id ? await keptAnswer<T>(store, id) : undefined;
	if (kept && (await (request.stillStands?.(kept.value) ?? true))) return { ...kept, kept: true };

	const answer = await retry(
		async () => await throughBreaker(candidate.account, provider.id, async () => await sendOnce(context, candidate, request)),
		{ ...context.retry, signal },
	);
	if (id) await keepAnswer(store, id, answer);
	return { ...answer, kept: false };
}

async function sendOnce<T>(
	{ store, videoId, stage, signal }: CallContext,
	{ provider, model, account, perMinute }: Candidate,
	{ capability, estimate, send }: PaidRequest<T>,
): Promise<KeptAnswer<T>> {
	await assertAwake(store, account, provider.id);
	await waitForTurn(store, account, perMinute, signal);
	const price = (used: Usage) => priceOf({ capability, provider: provider.id, ...used });
	const hold = await setCostAside(
		store,
		{ videoId, stage },
		capability,
		price({ model, units: estimate, basis: 'estimated' }).cost,
	);
	try {
		const { value, used } = await send(signal);
		const { cost, warnings } = price(used);
		await settleCost(store, hold, cost);
		return { value, cost, warnings };
	} catch (error) {
		if (!mayHaveBeenBilled(error)) await settleCost(store, hold, undefined);
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
