/** One paid request to one provider: never paid twice for the same stage, never over a budget, never faster than allowed. */
import { sleep as pause } from '../abort';
import { setCostAside, settleCost } from '../cost/ledger';
import { sumCosts, type Capability } from '../cost/prices';
import type { Cost } from '../documents';
import { cancelled, isYtempireError } from '../errors';
import { contentHash } from '../hash';
import { retry, type RetryOptions } from '../retry';
import type { Store } from '../store/store';

import { throughBreaker } from './breaker';
import type { Candidate } from './candidate';
import { forgetAnswer, keepAnswer, keptAnswer, type KeptAnswer } from './kept';
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
	/**
	 * Looks at an answer once it is paid and kept. An answer that turns out to be none (`unavailable`, with the provider's
	 * name) is forgotten, and asked for again; after any other error it stays kept, and is looked at again by the next run.
	 */
	check?(answer: KeptAnswer<T>): Promise<void>;
	/** Holds each sending up until there is a place for it; what waits to be sent again gives its place to others. */
	inPlace?<R>(sending: () => Promise<R>, signal: AbortSignal | undefined): Promise<R>;
	/** Fires when the answer isn't wanted any more: it isn't sent then. What is under way goes on, since it is paid. */
	unwanted?: AbortSignal;
}

export interface PaidAnswer<T> extends KeptAnswer<T> {
	/** It was there already: nothing was paid now. */
	kept: boolean;
}

/**
 * @param onCost told of each answer that is paid, the useless ones too, and of what may have been billed unheard
 * @throws YtempireError of every class; reason `budget-exceeded`, `resting` or `circuit-open` when nothing was sent
 */
export async function callProvider<T>(
	context: CallContext,
	candidate: Candidate,
	request: PaidRequest<T>,
	onCost: (cost: Cost) => void = () => undefined,
): Promise<PaidAnswer<T>> {
	const { signal } = context;
	const { account, provider } = candidate;
	const kept = await keptAndChecked(context, candidate, request, onCost);
	if (kept) return { ...kept, kept: true };
	const waiting = request.unwanted ? AbortSignal.any([...(signal ? [signal] : []), request.unwanted]) : signal;
	const sending = async () =>
		await throughBreaker(
			account,
			provider.id,
			async () => {
				const paid = await sendOnce(context, candidate, request, waiting, onCost);
				await checked(context, candidate, request, paid);
				return paid;
			},
			waiting,
		);
	const answer = await retry(
		async () => await (request.inPlace?.(sending, waiting) ?? sending()),
		// our own trouble isn't mended by another paid answer
		{ ...context.retry, signal: waiting, isWorthIt: (error) => error.provider !== undefined },
	);
	return { ...answer, kept: false };
}

async function keptAndChecked<T>(
	context: CallContext,
	candidate: Candidate,
	request: PaidRequest<T>,
	onCost: (cost: Cost) => void,
): Promise<KeptAnswer<T> | undefined> {
	const kept = await standingAnswer(context, candidate, request);
	if (!kept) return undefined;
	onCost(kept.cost);
	try {
		await checked(context, candidate, request, kept);
		return kept;
	} catch (error) {
		if (isNoAnswer(error)) return undefined;
		throw error;
	}
}

async function checked<T>(context: CallContext, candidate: Candidate, request: PaidRequest<T>, answer: KeptAnswer<T>): Promise<void> {
	try {
		await request.check?.(answer);
	} catch (error) {
		const id = idOf(context, candidate, request);
		if (id && isNoAnswer(error)) await forgetAnswer(context.store, id);
		throw error;
	}
}

function isNoAnswer(error: unknown): boolean {
	return isYtempireError(error) && error.errorClass === 'unavailable' && error.provider !== undefined;
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
	onCost: (cost: Cost) => void,
): Promise<KeptAnswer<T>> {
	const { store, videoId, stage, signal } = context;
	const { provider, account, perMinute } = candidate;
	const { capability, estimate, send } = request;
	await assertAwake(store, account, provider.id);
	await waitForTurn(store, account, perMinute, waiting);
	const hold = await setCostAside(store, { videoId, stage }, capability, estimate);
	let answer: KeptAnswer<T>;
	try {
		if (waiting?.aborted) throw cancelled(waiting.reason, { unsent: true });
		answer = await send(signal);
	} catch (error) {
		const billed = isYtempireError(error) ? sumCosts(error.costs)[0] : undefined;
		const isUnheard = !billed && mayHaveBeenBilled(error);
		if (!isUnheard) await persistently(context, async () => { await settleCost(store, hold, billed); });
		if (billed ?? isUnheard) onCost(billed ?? estimate);
		await restIfExhausted(store, account, error);
		throw error;
	}
	onCost(answer.cost);
	const id = idOf(context, candidate, request);
	const isWritten = await persistently(context, async () => {
		await settleCost(store, hold, answer.cost, async (trx) => {
			if (id) await keepAnswer(trx, id, answer, store.clock.now());
		});
	});
	return isWritten ? answer : { ...answer, warnings: [...answer.warnings, NOT_WRITTEN] };
}

const NOT_WRITTEN =
	'The store could not be written to: an answer that was paid is used, but not kept, and counted at the most that it may have cost';

/** Beside the half minute that the store itself waits for other writers. */
const WRITINGS = 3;
const WRITE_AGAIN_MS = 1_000;

/** Writes down what became of a call; false when the store won't have it. What is paid isn't lost by that, nor paid again. */
async function persistently({ retry: { sleep = pause } = {} }: CallContext, write: () => Promise<void>): Promise<boolean> {
	for (let attempt = 1; ; attempt++) {
		try {
			await write();
			return true;
		} catch {
			if (attempt === WRITINGS) return false;
			await sleep(WRITE_AGAIN_MS * attempt);
		}
	}
}

/** The connection was never made: nobody there, no address, or a certificate that isn't trusted (names of Node and OpenSSL). */
const NEVER_SENT = new Set([
	...['ECONNREFUSED', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL'],
	...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
	...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID'],
]);

/** A status other than success bills nothing; of a broken connection nobody knows. */
function mayHaveBeenBilled(error: unknown): boolean {
	if (!isYtempireError(error)) return true;
	return !error.unsent && error.httpStatus === undefined && !NEVER_SENT.has(error.reason ?? '');
}
