/** Time as something that is handed in, so that tests can set it. */

export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
