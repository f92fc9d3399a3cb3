/** What the doctor says about one thing: how it is, and what to do about it. */
import { isYtempireError } from '../errors';
import { redact } from '../redact';

/** `unknown`: it could not be looked at, for the reason in the message. */
export type Level = 'ok' | 'warning' | 'fault' | 'unknown';

/** Names of what is looked at. */
export const CHECKS = ['node', 'ffmpeg', 'disk', 'store', 'n8n', 'n8n-version', 'api-key', 'package', 'workflows', 'credentials', 'webhook-key'] as const;

export type CheckName = (typeof CHECKS)[number];

export interface Finding {
	check: CheckName;
	level: Level;
	message: string;
	/** Empty when there is nothing to do. */
	cure: string;
}

export function finding(check: CheckName, level: Level, message: string, cure = ''): Finding {
	return { check, level, message: redact(message), cure };
}

/** What an error says, with its cure. */
export function fromError(check: CheckName, error: unknown, level: Level = 'fault', cure?: string): Finding {
	const message = error instanceof Error ? error.message : String(error);
	return finding(check, level, message, cure ?? (isYtempireError(error) ? (error.cure ?? '') : ''));
}
