/** Watches bytes move: tells progress twice a second, and notices when nothing has moved for too long. */

export interface Progress {
	/** Bytes that have left, at most; `confirmed` of them are known to have arrived. */
	sent: number;
	confirmed: number;
	total: number;
	bytesPerSecond: number;
}

/** Milliseconds between two looks. */
const LOOK_MS = 500;

export class Meter {
	private readonly began = Date.now();

	private first: number | undefined;

	private known = 0;

	constructor(
		private readonly total: number,
		private readonly onProgress?: (progress: Progress) => void,
	) {}

	confirmed(bytes: number): void {
		this.first ??= bytes;
		this.known = bytes;
		this.tell(bytes);
	}

	/** Looks at `position` until stopped; `onStall` after `stallMs` without a change. */
	watch(position: () => number, stallMs: number, onStall: () => void): { stop(): void } {
		let last = position();
		let movedAt = Date.now();
		const timer = setInterval(() => {
			const now = position();
			if (now !== last) movedAt = Date.now();
			else if (Date.now() - movedAt >= stallMs) onStall();
			last = now;
			this.tell(now);
		}, Math.min(LOOK_MS, stallMs / 2));
		return {
			stop: () => {
				clearInterval(timer);
			},
		};
	}

	private tell(sent: number): void {
		const seconds = (Date.now() - this.began) / 1000;
		const gained = Math.max(0, sent - (this.first ?? 0));
		this.onProgress?.({
			sent,
			confirmed: this.known,
			total: this.total,
			bytesPerSecond: seconds > 0 ? Math.round(gained / seconds) : 0,
		});
	}
}
