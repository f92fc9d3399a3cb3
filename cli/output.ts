/** Where the command writes, how it says what went wrong, and how it shows figures. */
import { isYtempireError } from '../core/errors';
import { redact } from '../core/redact';
import { cleanText, cutAtWord } from '../core/text';

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

/** What there is, in one line. */
export function inLine(...parts: Array<string | null | undefined | false>): string {
	return parts.map((part) => plain(part || '')).filter(Boolean).join('  ');
}

/** Says the error, its fields and its cure. */
export function sayError({ say }: Terminal, error: unknown): void {
	say(plain(error instanceof Error ? error.message : String(error)));
	if (!isYtempireError(error)) return;
	for (const { field, reason } of error.issues) say(`  ${plain(`${field}: ${reason}`)}`);
	if (error.cure) say(cleanText(error.cure));
}

/** The same as an object. */
export function errorJson(error: unknown): Record<string, unknown> {
	const message = plain(error instanceof Error ? error.message : String(error));
	if (!isYtempireError(error)) return { error_class: error instanceof UsageError ? 'usage' : 'unknown', message };
	return {
		error_class: error.errorClass,
		...(error.reason === undefined ? {} : { reason: plain(error.reason) }),
		message,
		issues: error.issues.map(({ field, reason }) => ({ field: plain(field), reason: plain(reason) })),
		cure: error.cure === undefined ? null : cleanText(error.cure),
	};
}

/** JSON writes control characters as escapes; those that steer a terminal beyond ASCII are written so, too. */
export function printJson({ out }: Terminal, value: unknown): void {
	const text = JSON.stringify(value).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (one) =>
		[...Array(one.length).keys()].map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
	);
	out(`${text}\n`);
}

/** Rows under their headings; the last column is not padded. */
export function printTable({ out }: Terminal, headings: string[], rows: string[][]): void {
	const cells = rows.map((row) => row.map((text) => plain(text)));
	const widths = headings.map((heading, at) => Math.max(heading.length, ...cells.map((row) => [...(row[at] ?? '')].length)));
	const line = (row: string[]) => row.map((text, at) => (at === row.length - 1 ? text : text + ' '.repeat((widths[at] ?? 0) - [...text].length))).join('  ');
	out(`${[headings, ...cells].map(line).join('\n').trimEnd()}\n`);
}

export function money(usd: number): string {
	return `$${usd.toFixed(usd >= 1 || usd === 0 ? 2 : 4)}`;
}

export function seconds(value: number | null): string {
	return value === null ? '' : `${value.toFixed(1)} s`;
}

export function short(text: string, limit: number): string {
	return cutAtWord(plain(text), limit);
}

/** e.g. `2026-11-22 18:04` (UTC). */
export function moment(iso: string): string {
	return iso.slice(0, 16).replace('T', ' ');
}
