/** Where the command writes, and how it says what went wrong. */
import { isYtempireError } from '../core/errors';
import { redact } from '../core/redact';
import { cleanText } from '../core/text';

export interface Terminal {
	/** The result. */
	out: (text: string) => void;
	/** Progress and errors, a line each. */
	say: (line: string) => void;
	/** Fires when the person ends the command. */
	signal: AbortSignal;
}

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 3 } as const;

export class UsageError extends Error {}

/** Lines from anywhere can't steer the terminal. */
export function plain(text: string): string {
	return cleanText(redact(text));
}

/** Says the error, its fields and its cure. */
export function sayError({ say }: Terminal, error: unknown): void {
	say(plain(error instanceof Error ? error.message : String(error)));
	if (!isYtempireError(error)) return;
	for (const { field, reason } of error.issues) say(plain(`  ${field}: ${reason}`));
	if (error.cure) say(cleanText(error.cure));
}
