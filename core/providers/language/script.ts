/** Writes the script of a video: asks a language provider, checks the answer, has it repaired once. */
import { priceOf, sumCosts } from '../../cost/prices';
import type { Cost, ScriptResult } from '../../documents';
import { invalidRequest, YtempireError } from '../../errors';
import type { FieldIssue } from '../../errors';
import { excerpt } from '../../redact';
import { retry } from '../../retry';
import type { RetryOptions } from '../../retry';
import { characterCount, cleanText, languageTag, spokenSeconds, wordCount } from '../../text';
import { retirementWarning } from '../models';

import type { LanguageProvider, Message, Sampling, StructuredAnswer } from './language';
import { languageModel } from './models';
import { repairMessage, systemPrompt, userMessage, wordsFor } from './prompt';
import { readScript, SCRIPT_SCHEMA_NAME, scriptJsonSchema } from './script-schema';

export interface ScriptInput {
	/** At most 500 characters; data, never instructions. */
	topic: string;
	/** e.g. `professional` */
	style: string;
	/** Seconds, 5 to 3,600. */
	durationS: number;
	/** BCP 47, e.g. `en`. */
	language: string;
}

export interface ScriptDeps {
	provider: LanguageProvider;
	model: string;
	signal?: AbortSignal;
	retry?: Omit<RetryOptions, 'signal'>;
	/** Called after every paid answer, also those that could not be used. */
	recordCost?: (cost: Cost) => Promise<void>;
}

export const LONGEST_TOPIC = 500;
const LONGEST_STYLE = 100;
const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 3600;

/** Owner's values for lively scripts. */
const SAMPLING: Sampling = { temperature: 0.8, topP: 0.9, presencePenalty: 0.3, frequencyPenalty: 0.3 };

/** Share by which a script's length may miss the one asked for without a warning. */
const DURATION_TOLERANCE = 0.15;

/** What of an unusable answer is shown to the model again, in characters. */
const LONGEST_QUOTE = 40_000;

/**
 * @throws YtempireError `invalid-request` for input that is out of bounds, `refused` when the model would not
 * write it, `unavailable` with reason `invalid-output` when the answer is unusable twice, and what the provider throws
 */
export async function generateScript(input: ScriptInput, deps: ScriptDeps): Promise<ScriptResult> {
	const { topic, style, durationS, language } = checked(input);
	const messages: Message[] = [{ role: 'user', content: userMessage({ topic, style, durationS, language }) }];
	const costs: Cost[] = [];
	const warnings = new Set<string>();
	const known = languageModel(deps.provider.id, deps.model);
	const retirement = known && retirementWarning(known);
	if (retirement) warnings.add(retirement);

	const ask = async () => {
		const answer = await retry(
			() =>
				deps.provider.complete({
					model: deps.model,
					system: systemPrompt(durationS),
					messages,
					schemaName: SCRIPT_SCHEMA_NAME,
					schema: scriptJsonSchema,
					sampling: SAMPLING,
					maxOutputTokens: tokensFor(durationS),
					signal: deps.signal,
				}),
			{ ...deps.retry, signal: deps.signal },
		);
		const priced = priceOfAnswer(deps.provider.id, answer);
		costs.push(priced.cost);
		await deps.recordCost?.(priced.cost);
		for (const warning of [...answer.warnings, ...priced.warnings]) warnings.add(warning);
		if (answer.refusal) throw refused(deps.provider.id, answer);
		return { answer, reading: answer.cutOff ? cutOff : readScript(answer.value ?? NOT_JSON, language) };
	};

	let { answer, reading } = await ask();
	if (!reading.valid) {
		messages.push(
			{ role: 'assistant', content: answer.text.slice(0, LONGEST_QUOTE) || '(empty)' },
			{ role: 'user', content: repairMessage(reading.problems) },
		);
		({ answer, reading } = await ask());
	}
	if (!reading.valid) throw unusable(deps.provider.id, answer, reading.problems);

	const words = reading.script.scenes.reduce((sum, scene) => sum + wordCount(scene.narration, language), 0);
	const missed = durationWarning(spokenSeconds(words), durationS);
	return {
		script: reading.script,
		provider: deps.provider.id,
		model: answer.model,
		word_count: words,
		estimated_duration_s: spokenSeconds(words),
		warnings: [...warnings, ...reading.warnings, ...missed],
		costs: sumCosts(costs),
	};
}

const NOT_JSON = 'not JSON';

const cutOff = { valid: false, problems: ['answer: it was cut off before its end; be shorter'] } as const;

function checked(input: ScriptInput): ScriptInput {
	const issues: FieldIssue[] = [];
	// Measured before it is cleaned, so that an absurd length costs no work
	const tooLong = input.topic.length > LONGEST_TOPIC * 2 || characterCount(input.topic) > LONGEST_TOPIC;
	const topic = tooLong ? '' : cleanText(input.topic);
	if (tooLong) issues.push({ field: 'topic', reason: `at most ${LONGEST_TOPIC} characters` });
	else if (!/[\p{L}\p{N}]/u.test(topic)) issues.push({ field: 'topic', reason: 'has no words' });
	const style = cleanText(input.style.slice(0, LONGEST_STYLE + 1));
	if (style.length > LONGEST_STYLE) issues.push({ field: 'style', reason: `at most ${LONGEST_STYLE} characters` });
	const { durationS } = input;
	if (!(durationS >= SHORTEST_SECONDS && durationS <= LONGEST_SECONDS)) {
		issues.push({ field: 'duration', reason: `${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds` });
	}
	const language = languageTag(input.language);
	if (!language) issues.push({ field: 'language', reason: 'a language tag such as en or pt-BR' });
	if (issues.length > 0 || !language) {
		const list = issues.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
		throw invalidRequest(`The script can't be asked for: ${list}`, {
			issues,
			cure: 'Change the named fields and run it again.',
		});
	}
	return { topic, style, durationS, language };
}

/** Generous: narration, search words and JSON in scripts that take several tokens a word. */
function tokensFor(durationS: number): number {
	return 4_000 + 8 * wordsFor(durationS);
}

function priceOfAnswer(provider: string, answer: StructuredAnswer) {
	const { inputTokens, cachedInputTokens, outputTokens } = answer.usage;
	return priceOf({
		capability: 'language',
		provider,
		model: answer.model,
		units: {
			input_tokens: inputTokens,
			cached_input_tokens: cachedInputTokens,
			output_tokens: outputTokens,
		},
		basis: 'billed',
	});
}

function refused(provider: string, answer: StructuredAnswer): YtempireError {
	return new YtempireError('refused', `${provider} would not write this script: ${excerpt(answer.refusal ?? '')}`, {
		provider,
		reason: 'refusal',
		requestId: answer.requestId,
		cure: 'Change the topic, or use another provider.',
	});
}

function unusable(provider: string, answer: StructuredAnswer, problems: readonly string[]): YtempireError {
	return new YtempireError(
		'unavailable',
		`${provider} gave no usable script, also when asked again: ${excerpt(problems.join('; '))}`,
		{
			provider,
			reason: 'invalid-output',
			requestId: answer.requestId,
			cure: `Run it again, or choose a stronger model than ${answer.model}.`,
		},
	);
}

function durationWarning(estimatedS: number, askedS: number): string[] {
	if (Math.abs(estimatedS - askedS) <= askedS * DURATION_TOLERANCE) return [];
	return [`The script is about ${Math.round(estimatedS)} s long, ${Math.round(askedS)} s were asked for`];
}
