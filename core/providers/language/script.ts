/** Writes the script of a video. */
import type { ScriptResult } from '../../documents';
import { invalidRequest } from '../../errors';
import type { FieldIssue } from '../../errors';
import { characterCount, cleanText, languageTag } from '../../text';

import type { Sampling } from './language';
import { askForScript } from './length';
import { systemPrompt, userMessage, wordsFor } from './prompt';
import { readScript, SCRIPT_SCHEMA_NAME, scriptJsonSchema } from './script-schema';
import type { LanguageDeps } from './work';

export interface ScriptInput {
	/** At most 500 characters; data, never instructions. */
	topic: string;
	/** e.g. `professional` */
	style: string;
	/** Beside the style, in the asker's own words; at most 100 characters, data too. */
	tone?: string;
	/** Seconds, 5 to 3,600. */
	durationS: number;
	/** BCP 47, e.g. `en`. */
	language: string;
	/** What was wrong with an earlier script of the same video; at most 2,000 characters, data too. */
	feedback?: string;
}

export const LONGEST_TOPIC = 500;
const LONGEST_STYLE = 100;
const LONGEST_FEEDBACK = 2000;
const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 3600;

/** Owner's values for lively scripts. */
export const WRITER_SAMPLING: Sampling = { temperature: 0.8, topP: 0.9, presencePenalty: 0.3, frequencyPenalty: 0.3 };

/**
 * A script that misses the asked length by more than 15 % is corrected by the model, at most twice.
 * @throws YtempireError `invalid-request` for input that is out of bounds, and as `ask` does
 */
export async function generateScript(input: ScriptInput, deps: LanguageDeps): Promise<ScriptResult> {
	const data = checked(input);
	const { durationS, language } = data;
	return await askForScript(
		{
			what: 'script',
			system: systemPrompt(durationS, data.feedback !== undefined),
			messages: [{ role: 'user', content: userMessage(data) }],
			schemaName: SCRIPT_SCHEMA_NAME,
			schema: scriptJsonSchema,
			sampling: WRITER_SAMPLING,
			maxOutputTokens: tokensFor(wordsFor(durationS)),
			read: (value) => readScript(value, language, durationS),
		},
		durationS,
		deps,
	);
}

/** Generous: narration, search words and JSON in scripts that take several tokens a word. */
export function tokensFor(words: number): number {
	return 4_000 + 8 * words;
}

function checked(input: ScriptInput): ScriptInput {
	const issues: FieldIssue[] = [];
	// Measured before it is cleaned, so that an absurd length costs no work
	const tooLong = input.topic.length > LONGEST_TOPIC * 2 || characterCount(input.topic) > LONGEST_TOPIC;
	const topic = tooLong ? '' : cleanText(input.topic);
	if (tooLong) issues.push({ field: 'topic', reason: `at most ${LONGEST_TOPIC} characters` });
	else if (!/[\p{L}\p{N}]/u.test(topic)) issues.push({ field: 'topic', reason: 'has no words' });
	const short = (field: 'style' | 'tone') => {
		const text = cleanText((input[field] ?? '').slice(0, LONGEST_STYLE + 1));
		if (text.length > LONGEST_STYLE) issues.push({ field, reason: `at most ${LONGEST_STYLE} characters` });
		return text;
	};
	const style = short('style');
	const tone = short('tone');
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
	// our own words mostly, and never a reason to refuse a script: what doesn't fit is cut off
	const feedback = cleanText((input.feedback ?? '').slice(0, LONGEST_FEEDBACK));
	return { topic, style, tone, durationS, language, ...(feedback ? { feedback } : {}) };
}
