/** What the stand-in model says: a value of the asked schema, JSON, or plain text, and what it counts for. */
import type { Fault } from '../faults';
import type { Random } from '../random';
import { readBrief } from './brief';
import type { Format } from './schema';
import { Instance, narrationOf } from './schema';
import { countTokens, cutToTokens, REASONING_TOKENS } from './tokens';
import { writeScript } from './script';
import { stretchedScript } from './stretch';
import { perform, readTask } from './tasks';

export interface Answer {
	text: string;
	/** True when the allowed tokens did not suffice. */
	cut: boolean;
	/** True when `text` says why it isn't written. */
	refused: boolean;
	tokens: { input: number; output: number; reasoning: number };
}

export interface Question {
	/** Everything that was said, for counting. */
	whole: string;
	/** What the user said. */
	prompt: string;
	/** The last message. */
	last: string;
	format: Format;
	effort: string;
	/** Output tokens allowed, those of reasoning included. */
	maxTokens?: number;
	/** What a person set that goes wrong with this request. */
	fault?: Fault;
}

const REFUSAL = "I'm sorry, but I can't help with that.";

export function answer(question: Question, random: Random): Answer {
	const { effort, maxTokens = Infinity } = question;
	const refused = question.fault?.kind === 'refusal';
	const whole = refused ? REFUSAL : write(question, random);
	const thought = Math.min(REASONING_TOKENS[effort] ?? 0, maxTokens);
	const room = maxTokens - thought;
	const cut = countTokens(whole) > room;
	const text = cut ? cutToTokens(whole, room) : whole;
	return {
		text,
		cut,
		refused,
		tokens: { input: countTokens(question.whole), output: countTokens(text) + thought, reasoning: thought },
	};
}

function write({ prompt, last, format, fault }: Question, random: Random): string {
	const brief = readBrief(prompt);
	const wanted = wantedWords(last);
	const factor = fault?.kind === 'wrong-length' ? (fault.factor ?? 1) : 1;
	const seconds = wanted === undefined ? brief.seconds : (wanted * 60) / 150;
	const task = readTask(prompt, format.schema);
	if (task && format.schema) return JSON.stringify(perform(task, format.schema, factor, random));
	const script = stretchedScript(writeScript({ ...brief, seconds }, random), factor);
	if (format.schema) return JSON.stringify(new Instance(format.schema, script, random).make());
	return format.kind === 'json' ? JSON.stringify(script) : narrationOf(script);
}

/** Of a request for another length: `has 120 words, 144 are wanted`. */
function wantedWords(last: string): number | undefined {
	const wanted = /has \d+ words, (\d+) are wanted/.exec(last)?.[1];
	return wanted === undefined ? undefined : Number(wanted);
}

/** The text of a message's content: a string, or parts of which those with text count. */
export function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return '';
	return content
		.map((part: unknown) => (typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : ''))
		.filter(Boolean)
		.join('\n');
}
