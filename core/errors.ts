/** Failures by class: the class decides what happens next, the message tells a person, the cure tells what to do. */

import type { Cost, QuarantinedAccount } from './documents';

export const ERROR_CLASSES = [
	'quota-exhausted',
	'rate-limited',
	'unavailable',
	'auth',
	'refused',
	'invalid-request',
	'cancelled',
] as const;

export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** What a resource's owner does about each class. */
export const ACTION_BY_CLASS = {
	'quota-exhausted': 'cool down',
	'rate-limited': 'wait',
	unavailable: 'retry',
	auth: 'quarantine',
	refused: 'next provider',
	'invalid-request': 'give up',
	cancelled: 'give up',
} as const satisfies Record<ErrorClass, string>;

export interface FieldIssue {
	/** Path of the field in the caller's own words, e.g. `options.format`. */
	field: string;
	reason: string;
}

export interface YtempireErrorOptions {
	/** What the person who reads it can do. */
	cure?: string;
	/** The service that answered, e.g. `openai`. */
	provider?: string;
	/** The service's own word for the cause, e.g. `quotaExceeded`. */
	reason?: string;
	httpStatus?: number;
	requestId?: string;
	/** Milliseconds the service asked to wait. */
	retryAfterMs?: number;
	/** When an exhausted allowance is full again. */
	resetsAt?: Date;
	issues?: FieldIssue[];
	/** Accounts that were put into quarantine before it came to this. */
	quarantined?: QuarantinedAccount[];
	/** What was billed all the same, e.g. for an answer that the provider withheld. */
	costs?: Cost[];
	/** This provider lacks what is asked for, e.g. a voice or a model: another one may have it. */
	elsewhere?: boolean;
	/** It failed before anything was sent: nothing can have been billed. */
	unsent?: boolean;
	cause?: unknown;
}

export class YtempireError extends Error {
	override readonly name = 'YtempireError';

	readonly cure: string | undefined;

	readonly provider: string | undefined;

	readonly reason: string | undefined;

	readonly httpStatus: number | undefined;

	readonly requestId: string | undefined;

	readonly retryAfterMs: number | undefined;

	readonly resetsAt: Date | undefined;

	readonly issues: FieldIssue[];

	readonly quarantined: QuarantinedAccount[];

	readonly costs: Cost[];

	readonly elsewhere: boolean;

	readonly unsent: boolean;

	constructor(
		readonly errorClass: ErrorClass,
		message: string,
		options: YtempireErrorOptions = {},
	) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.cure = options.cure;
		this.provider = options.provider;
		this.reason = options.reason;
		this.httpStatus = options.httpStatus;
		this.requestId = options.requestId;
		this.retryAfterMs = options.retryAfterMs;
		this.resetsAt = options.resetsAt;
		this.issues = options.issues ?? [];
		this.quarantined = options.quarantined ?? [];
		this.costs = options.costs ?? [];
		this.elsewhere = options.elsewhere ?? false;
		this.unsent = options.unsent ?? false;
	}
}

/** The same error, with the accounts that were lost on the way to it. */
export function withQuarantined(error: YtempireError, quarantined: QuarantinedAccount[]): YtempireError {
	return quarantined.length === 0
		? error
		: new YtempireError(error.errorClass, error.message, { ...error, quarantined, cause: error.cause ?? error });
}

/** True for our own errors, also those of a second loaded copy of this module. */
export function isYtempireError(error: unknown): error is YtempireError {
	return error instanceof Error && error.name === 'YtempireError' && 'errorClass' in error;
}

export function cancelled(cause?: unknown, options: Pick<YtempireErrorOptions, 'unsent'> = {}): YtempireError {
	return new YtempireError('cancelled', 'The execution was cancelled', {
		cure: 'Run it again when you want it to go on; what was finished is kept.',
		cause,
		...options,
	});
}

export function invalidRequest(
	message: string,
	options: YtempireErrorOptions = {},
): YtempireError {
	return new YtempireError('invalid-request', message, options);
}
