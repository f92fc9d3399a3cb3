/** How far a render is, and how long it will still take. */

/** Frames a second are only told when so much has been seen. Seconds. */
const SETTLED_S = 3;

/** Says for how long it still goes on, roughly, as people do; empty while unknown. */
export class TimeLeft {
	private readonly begun: number;

	private done = 0;

	/**
	 * @param total frames that are still to be rendered
	 * @param now milliseconds
	 */
	constructor(
		private total: number,
		private readonly now: () => number = Date.now,
	) {
		this.begun = now();
	}

	/** Frames that needn't be rendered, as they were kept. */
	skip(frames: number): void {
		this.total -= frames;
	}

	/** @param done frames that were rendered */
	set(done: number): void {
		this.done = done;
	}

	/** Seconds; undefined while unknown. */
	get seconds(): number | undefined {
		const passedS = (this.now() - this.begun) / 1000;
		if (this.done <= 0 || passedS < SETTLED_S) return undefined;
		return Math.max(0, ((this.total - this.done) * passedS) / this.done);
	}

	/** e.g. `about 40 s left`, `about 3 min left` */
	get words(): string {
		const { seconds } = this;
		if (seconds === undefined) return '';
		if (seconds < 90) return `about ${Math.max(5, 5 * Math.round(seconds / 5))} s left`;
		return `about ${Math.round(seconds / 60)} min left`;
	}
}
