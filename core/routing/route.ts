/** Tries providers in order until one has done the work; says of each why it was left and what it cost. */
import { throwIfCancelled } from '../abort';
import { sumCosts } from '../cost/prices';
import type { Cost, Tried } from '../documents';
import { isYtempireError, YtempireError, type ErrorClass } from '../errors';

import { callProvider, type CallContext, type PaidAnswer, type PaidRequest } from './call';
import type { Candidate } from './candidate';

/** Makes one paid request to the provider whose turn it is. */
export type Call = <T>(request: PaidRequest<T>) => Promise<PaidAnswer<T>>;

export interface Routed<T> {
	result: T;
	/** In the order of trying; the last one did the work. */
	tried: Tried[];
	/** Of all that were tried, summed by provider and model. */
	costs: Cost[];
	/** What the operator should know: why it wasn't the first one, and prices that aren't known. */
	warnings: string[];
}

/**
 * A mistake of our own request, or trouble of our own machine, stops at once: no provider would help. All else goes on
 * to the next, also what one provider lacks and another may have (`elsewhere`).
 * @throws YtempireError the only provider's own error; with several, one that names each and why
 */
export async function route<P extends { id: string }, T>(
	candidates: ReadonlyArray<Candidate<P>>,
	context: CallContext,
	work: (candidate: Candidate<P>, call: Call) => Promise<T>,
): Promise<Routed<T>> {
	const tried: Tried[] = [];
	const costs: Cost[] = [];
	const warnings = new Set<string>();
	const errors: YtempireError[] = [];
	for (const candidate of candidates) {
		throwIfCancelled(context.signal);
		const own: Cost[] = [];
		const call: Call = async (request) => {
			const answer = await callProvider(context, candidate, request, (cost) => own.push(cost));
			for (const warning of answer.warnings) warnings.add(warning);
			return answer;
		};
		const about = () => ({
			provider: candidate.provider.id,
			model: candidate.model,
			cost_usd: own.reduce((sum, { micro_usd }) => sum + micro_usd, 0) / 1_000_000,
		});
		try {
			const result = await work(candidate, call);
			costs.push(...own);
			tried.push({ ...about(), outcome: 'used' });
			const left = errors.map((error, index) => `${tried[index]?.provider ?? ''} could not be used: ${error.message}`);
			return { result, tried, costs: sumCosts(costs), warnings: [...left, ...warnings] };
		} catch (error) {
			costs.push(...own);
			if (!isYtempireError(error) || !anotherMayDoBetter(error)) throw error;
			errors.push(error);
			tried.push({
				...about(),
				outcome: 'failed',
				error_class: error.errorClass,
				...(error.reason ? { reason: error.reason } : {}),
				message: error.message,
			});
		}
	}
	throw errors.length === 1 ? (errors[0] as YtempireError) : allFailed(tried, errors);
}

function anotherMayDoBetter(error: YtempireError): boolean {
	if (error.errorClass === 'cancelled') return false;
	// our own trouble, e.g. a full disk: another provider would be paid for nothing
	if (error.errorClass === 'unavailable' && error.provider === undefined) return false;
	return error.errorClass !== 'invalid-request' || error.elsewhere;
}

/** The class that says most of what to do next comes first. */
const BY_HOPE: readonly ErrorClass[] = ['rate-limited', 'unavailable', 'quota-exhausted', 'auth', 'refused', 'invalid-request'];

function allFailed(tried: readonly Tried[], errors: readonly YtempireError[]): YtempireError {
	if (errors.length === 0) {
		return new YtempireError('invalid-request', 'No provider is there to ask', {
			reason: 'no-provider',
			cure: "Choose a credential of at least one of the node's providers.",
		});
	}
	const hope = [...errors].sort((a, b) => BY_HOPE.indexOf(a.errorClass) - BY_HOPE.indexOf(b.errorClass));
	const first = hope[0] as YtempireError;
	const said = errors.map((error, index) => `${tried[index]?.provider ?? ''}: ${error.message}`).join('; ');
	return new YtempireError(first.errorClass, `No provider could do it. ${said}`, {
		provider: tried.map(({ provider }) => provider).join(', '),
		reason: 'all-providers-failed',
		cure: first.cure,
		retryAfterMs: first.retryAfterMs,
		resetsAt: first.resetsAt,
		issues: errors.map((error, index) => ({
			field: tried[index]?.provider ?? '',
			reason: error.cure ? `${error.message} ${error.cure}` : error.message,
		})),
		cause: first,
	});
}
