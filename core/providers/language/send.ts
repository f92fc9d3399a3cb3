/** One paid request to a language provider: what it may cost at most, and what it cost. */
import { assertAffordable } from '../../cost/ledger';
import { priceOf, type Priced } from '../../cost/prices';
import type { Cost } from '../../documents';
import { standingAnswer, type CallContext, type PaidRequest } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import type { Call } from '../../routing/route';

import type { LanguageProvider, StructuredAnswer, StructuredRequest } from './language';
import { mostOutputTokens } from './models';

/** A provider whose turn it is. */
export interface Turn {
	candidate: Candidate<LanguageProvider>;
	/** Makes one paid request to it. */
	call: Call;
	calls: CallContext;
}

export type Wanted = Omit<StructuredRequest, 'model' | 'signal'>;

export interface SendOptions {
	/** The answer may have to be asked for once more: it isn't begun where the budget has no room for both. */
	mayBeRepaired?: boolean;
	/** Whether a kept answer still stands. Default: always. */
	stillStands?(answer: StructuredAnswer): boolean;
}

/** @throws YtempireError of every class */
export async function send(
	wanted: Wanted,
	{ candidate, call, calls }: Turn,
	{ mayBeRepaired = false, stillStands = () => true }: SendOptions = {},
): Promise<StructuredAnswer> {
	const { provider, model } = candidate;
	const request: PaidRequest<StructuredAnswer> = {
		capability: 'language',
		content: wanted,
		estimate: mostItCosts(candidate, wanted),
		stillStands: async (answer) => stillStands(answer),
		async send(signal) {
			const answer = await provider.complete({ ...wanted, model, signal });
			const { cost, warnings } = answer.isUsageUntold ? priceOfUntold(candidate, wanted, answer) : priceOfAnswer(provider.id, answer);
			return { value: answer, cost, warnings: [...answer.warnings, ...warnings] };
		},
	};
	if (mayBeRepaired && !(await standingAnswer(calls, candidate, request))) {
		const both = request.estimate.micro_usd + mostARepairCosts(candidate, wanted).micro_usd;
		await assertAffordable(calls.store, calls, both);
	}
	return (await call(request)).value;
}

/** Of the roles and of what a service itself says to the model about the schema. */
const SERVICE_TOKENS = 1_000;

/**
 * Byte-level tokenizers, which all these services have, never make more tokens than a text has bytes in UTF-8.
 * English has about a quarter as many; other scripts come near to one.
 */
function mostInputTokens({ system, messages, schema }: Wanted): number {
	const texts = [system, JSON.stringify(schema), ...messages.map(({ content }) => content)];
	return SERVICE_TOKENS + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function mostItCosts(candidate: Candidate<LanguageProvider>, wanted: Wanted): Cost {
	return estimated(candidate, wanted, 0);
}

/** The answer is shown to the model again, with what is wrong. */
function mostARepairCosts(candidate: Candidate<LanguageProvider>, wanted: Wanted): Cost {
	return estimated(candidate, wanted, mostOutput(candidate, wanted) + SERVICE_TOKENS);
}

function mostOutput({ provider, model }: Candidate<LanguageProvider>, { maxOutputTokens }: Wanted): number {
	return mostOutputTokens(provider.id, model, maxOutputTokens);
}

function estimated(candidate: Candidate<LanguageProvider>, wanted: Wanted, moreInput: number): Cost {
	const { cost } = priceOf({
		capability: 'language',
		provider: candidate.provider.id,
		model: candidate.model,
		units: { input_tokens: mostInputTokens(wanted) + moreInput, output_tokens: mostOutput(candidate, wanted) },
		basis: 'estimated',
	});
	return cost;
}

/** By the texts, as if every byte were a token: counted too high rather than not at all. */
function priceOfUntold({ provider }: Candidate<LanguageProvider>, wanted: Wanted, { model, text }: StructuredAnswer): Priced {
	const units = { input_tokens: mostInputTokens(wanted), output_tokens: Buffer.byteLength(text) };
	const { cost, warnings } = priceOf({ capability: 'language', provider: provider.id, model, units, basis: 'estimated' });
	return { cost, warnings: [...warnings, `${provider.id} did not tell the tokens of its answer: its cost is estimated`] };
}

function priceOfAnswer(provider: string, { model, usage }: StructuredAnswer) {
	return priceOf({
		capability: 'language',
		provider,
		model,
		units: {
			input_tokens: usage.inputTokens,
			cached_input_tokens: usage.cachedInputTokens,
			output_tokens: usage.outputTokens,
		},
		basis: 'billed',
	});
}
