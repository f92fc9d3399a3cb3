/** Lets so many through at a time, a number that may change while they work: the account's own limit is known only from an answer. */

export class Gate {
	private under = 0;

	private readonly waiting: Array<() => void> = [];

	constructor(private most: number) {}

	/** Waits for a place, and gives it back when the work is over. */
	async pass<T>(work: () => Promise<T>): Promise<T> {
		if (this.under >= this.most) await new Promise<void>((enter) => this.waiting.push(enter));
		else this.under += 1;
		try {
			return await work();
		} finally {
			this.under -= 1;
			this.letIn();
		}
	}

	/** From now on; who is inside stays. */
	setMost(most: number): void {
		this.most = Math.max(1, most);
		this.letIn();
	}

	private letIn(): void {
		while (this.under < this.most && this.waiting.length > 0) {
			this.under += 1;
			this.waiting.shift()?.();
		}
	}
}
