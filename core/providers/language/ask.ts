/** Asks a language provider for JSON by a schema, checks the answer, and has it repaired once. */
import { isYtempireError, YtempireError } from '../../errors';
import { excerpt } from '../../redact';

import type { Message, Sampling, StructuredAnswer } from './language';
import { send, type Turn } from './send';

/** What was made of an answer. Complaints ask for a better one, but what comes after them is taken. */
export type Reading<T> =
	| { valid: true; value: T; warnings: string[]; complaints?: string[] }
	| { valid: false; problems: string[] };

export interface Question<T> {
	/** What is asked for, for errors, e.g. `script`. */
	what: string;
	/** Instructions. Nothing from outside belongs here. */
	system: string;
	/** The first is the user's: what comes from outside stands in it as JSON. */
	messages: readonly Message[];
	schemaName: string;
	schema: Record<string, unknown>;
	sampling?: Sampling;
	maxOutputTokens: number;
	/** Checks the answer's value, which may be anything. */
	read(value: unknown): Reading<T>;
}

export interface Asked<T> {
	value: T;
	answer: StructuredAnswer;
	warnings: string[];
	/** The conversation with the answer at its end: what follows can be said to it. */
	messages: Message[];
}

interface Attempt<T> {
	answer: StructuredAnswer;
	reading: Reading<T>;
}

/** What of an unusable answer is shown to the model again, in characters. */
const LONGEST_QUOTE = 40_000;

const CUT_OFF: Reading<never> = {
	valid: false,
	problems: ['answer: it was cut off before its end; be shorter'],
};

const NOT_JSON = 'not JSON';

/**
 * @throws YtempireError `refused` when the model would not answer, `unavailable` with reason `invalid-output` when
 * the answer is unusable twice, and what the provider throws
 */
export async function ask<T>(question: Question<T>, turn: Turn): Promise<Asked<T>> {
	const messages = [...question.messages];
	let best = await attempt(question, messages, turn, 'first');
	const wishes = best.reading.valid ? (best.reading.complaints ?? []) : best.reading.problems;
	if (wishes.length > 0) {
		messages.push(said(best.answer), { role: 'user', content: repairMessage(wishes) });
		best = best.reading.valid
			? await betterOr(best, async () => await attempt(question, messages, turn, 'better'))
			: await attempt(question, messages, turn, 'last');
	}
	const { answer, reading } = best;
	if (!reading.valid) throw unusable(question.what, turn.candidate.provider.id, answer, reading.problems);
	return {
		value: reading.value,
		answer,
		warnings: [...reading.warnings, ...(reading.complaints ?? [])],
		messages: [...messages, said(answer)],
	};
}

/** What was paid for and can be used isn't given up because a better one can't be had. */
async function betterOr<T>(first: Attempt<T>, again: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
	try {
		const second = await again();
		return second.reading.valid ? second : first;
	} catch (error) {
		if (!mayBeDoneWithout(error)) throw error;
		return first;
	}
}

/** A better answer that can't be had is no failure; a cancelled execution, or a fault of our own, is one. */
export function mayBeDoneWithout(error: unknown): boolean {
	return isYtempireError(error) && error.errorClass !== 'cancelled';
}

/** `first` may be followed by a repair; after an unusable `last` one the work is left. */
async function attempt<T>(
	question: Question<T>,
	messages: readonly Message[],
	turn: Turn,
	which: 'better' | 'first' | 'last',
): Promise<Attempt<T>> {
	const { what, system, schemaName, schema, sampling, maxOutputTokens } = question;
	const read = (answer: StructuredAnswer) => (answer.cutOff ? CUT_OFF : question.read(answer.value ?? NOT_JSON));
	const answer = await send({ system, messages: [...messages], schemaName, schema, sampling, maxOutputTokens }, turn, {
		mayBeRepaired: which === 'first',
		// run again by a person, the work would else fail by the same words for as long as they are kept
		...(which === 'last' ? { stillStands: (kept) => kept.refusal !== undefined || read(kept).valid } : {}),
	});
	if (answer.refusal) throw refused(what, turn.candidate.provider.id, answer);
	return { answer, reading: read(answer) };
}

function said(answer: StructuredAnswer): Message {
	return { role: 'assistant', content: answer.text.slice(0, LONGEST_QUOTE) || '(empty)' };
}

function repairMessage(problems: readonly string[]): string {
	return [
		'Your answer can not be used as it is:',
		...problems.map((problem) => `- ${problem}`),
		'Answer again with the whole JSON object, corrected.',
	].join('\n');
}

function refused(what: string, provider: string, answer: StructuredAnswer): YtempireError {
	return new YtempireError('refused', `${provider} would not write this ${what}: ${excerpt(answer.refusal ?? '')}`, {
		provider,
		reason: 'refusal',
		requestId: answer.requestId,
		cure: 'Change the topic, or use another provider.',
	});
}

function unusable(what: string, provider: string, answer: StructuredAnswer, problems: readonly string[]): YtempireError {
	return new YtempireError(
		'unavailable',
		`${provider} gave no usable ${what}, also when asked again: ${excerpt(problems.join('; '))}`,
		{
			provider,
			reason: 'invalid-output',
			requestId: answer.requestId,
			cure: `Run it again, or choose a stronger model than ${answer.model}.`,
		},
	);
}
