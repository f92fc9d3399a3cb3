/** What a Midjourney gateway says: codes when a task is handed in, words when it fails. Source: novicezk/midjourney-proxy 2.6.3. */
import { YtempireError } from '../../errors';
import type { ErrorClass } from '../../errors';
import { excerpt } from '../../redact';

interface Meaning {
	errorClass: Exclude<ErrorClass, 'cancelled'>;
	reason: string;
	happened: string;
	cure: string;
}

const BANNED: Meaning = {
	errorClass: 'refused',
	reason: 'banned-prompt',
	happened: 'refused the prompt',
	cure: 'Change the prompt, or use another provider.',
};

const QUEUE_FULL: Meaning = {
	errorClass: 'rate-limited',
	reason: 'queue-full',
	happened: 'has a full queue',
	cure: 'Wait a little and run it again, or lower how much runs at once.',
};

const FAILED: Meaning = {
	errorClass: 'unavailable',
	reason: 'failure',
	happened: 'could not make the picture',
	cure: "Run it again; if it lasts, look at the gateway's log.",
};

const INVALID: Meaning = {
	errorClass: 'invalid-request',
	reason: 'validation-error',
	happened: 'rejected the request',
	cure: 'Change the prompt or the size and run it again.',
};

const NO_HOURS: Meaning = {
	errorClass: 'quota-exhausted',
	reason: 'no-hours-left',
	happened: "has no hours left on the account's subscription",
	cure: 'Buy hours or a larger plan at midjourney.com, or wait for the next month of the subscription.',
};

const NO_ACCOUNT: Meaning = {
	errorClass: 'auth',
	reason: 'account-blocked',
	happened: 'can not use its Discord account',
	cure: 'Look at the account in the gateway: Discord or Midjourney has blocked it.',
};

const MEANING_BY_CODE: Record<number, Meaning> = { 4: INVALID, 23: QUEUE_FULL, 24: BANNED };

/** First match counts: the words of the gateway (English or Chinese) and those of Midjourney that it repeats. */
const MEANINGS: ReadonlyArray<readonly [words: RegExp, meaning: Meaning]> = [
	[/banned prompt|banned word|moderat|敏感词|content (?:policy|filter)|community (?:standards|guidelines)/i, BANNED],
	[/queue (?:is )?full|job queued|队列已满/i, QUEUE_FULL],
	[/credits? exhausted|fast hours|out of (?:hours|time)|subscription (?:required|expired)|gpu time/i, NO_HOURS],
	[/pending mod message|account (?:is )?(?:blocked|disabled|banned)|action (?:needed|required)/i, NO_ACCOUNT],
	[/invalid (?:parameter|link|argument)|unrecognized param/i, INVALID],
];

/** Of a task that was not taken in. */
export function errorOfCode(code: number, description: string): YtempireError {
	const meaning = MEANING_BY_CODE[code] ?? meaningOf(description);
	return failure(meaning, `code ${code}`, description);
}

/** Of a task that ended in FAILURE. */
export function errorOfFailure(failReason: string): YtempireError {
	return failure(meaningOf(failReason), 'FAILURE', failReason);
}

function meaningOf(words: string): Meaning {
	return MEANINGS.find(([pattern]) => pattern.test(words))?.[1] ?? FAILED;
}

function failure({ errorClass, reason, happened, cure }: Meaning, word: string, said: string): YtempireError {
	const detail = excerpt(said);
	return new YtempireError(errorClass, `midjourney ${happened} (${word})${detail ? `: ${detail}` : ''}`, {
		provider: 'midjourney',
		reason,
		// the gateway answered: nothing was made, and nothing is billed
		httpStatus: 200,
		cure,
	});
}
