/** The sandbox's time: the machine's own, moved as a test asks (a new quota day, an expired token). */

export class SandboxClock {
	private offsetMs = 0;

	/** Milliseconds since 1970. */
	now(): number {
		return Date.now() + this.offsetMs;
	}

	advance(ms: number): void {
		this.offsetMs += ms;
	}

	/** From now on it is this time, and time goes on from there. */
	set(epochMs: number): void {
		this.offsetMs = epochMs - Date.now();
	}

	reset(): void {
		this.offsetMs = 0;
	}
}
