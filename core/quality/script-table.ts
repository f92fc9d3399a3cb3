/** What of a script is measured, where the lines are, and how much each gate counts. Own policy, 2026-11-22. */
import type { GateRow, Graded } from './table';

/** A script passes from this score on, 0 to 1. */
export const SCRIPT_SCORE = 0.7;

export const SCRIPT_LINES = {
	/** Things that are wrong with the structure. */
	structure: { pass: 0, warn: 1, zero: 4 },
	/** Words of the first sentence. */
	hook: { pass: 20, warn: 30, zero: 60 },
	/** Share of the wanted length that it may be off (owner's rule: 15 %). */
	length: { pass: 0.15, warn: 0.25, zero: 0.6 },
	/** Points of reading ease below 60, which is plain language. */
	readingEase: { pass: 0, warn: 15, zero: 60 },
	/** Share of the words that stand in a phrase of five words or more that was there before. */
	repeated: { pass: 0.03, warn: 0.1, zero: 0.4 },
	/** Forbidden claims. */
	forbidden: { pass: 0, warn: 0, zero: 1 },
	/** Share of runs of three words that an earlier script has too. */
	likeness: { pass: 0.25, warn: 0.4, zero: 0.8 },
	/** What the judge's score lacks of 1. */
	rubric: { pass: 0.3, warn: 0.5, zero: 1 },
} as const satisfies Record<string, Graded>;

export const PLAIN_LANGUAGE = 60;

/** The weights add up to 1. What can't be measured is left out and the rest counts for the whole. */
export const SCRIPT_GATES = {
	structure: { weight: 0.15, hard: 'never', blame: 'script' },
	hook: { weight: 0.15, hard: 'never', blame: 'script' },
	length: { weight: 0.15, hard: 'when total', blame: 'script' },
	reading_ease: { weight: 0.1, hard: 'never', blame: 'script' },
	repeated_phrases: { weight: 0.1, hard: 'never', blame: 'script' },
	forbidden_claims: { weight: 0.1, hard: 'always', blame: 'script' },
	likeness: { weight: 0.1, hard: 'always', blame: 'script' },
	rubric: { weight: 0.15, hard: 'never', blame: 'script' },
} as const satisfies Record<string, GateRow>;

export type ScriptGateName = keyof typeof SCRIPT_GATES;
