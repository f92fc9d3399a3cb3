/** Lets so many through at a time, a number that may change while they work: the account's own limit is known only from an answer. */
import { throwIfCancelled } from '../abort';
import { cancelled } from '../errors';

export class Gate {
	private under = 0;

	private readonly waiting: Array<() => void> = [];

	constructor(private most: number) {}

	/**
	 * Waits for a place, and gives it back when the work is over.
	 * @throws YtempireError `cancelled` when the signal fires while it waits
	 */
	async pass<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		throwIfCancelled(signal);
		if (this.under >= this.most) await this.turn(signal);
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

	private async turn(signal: AbortSignal | undefined): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const enter = () => {
				signal?.removeEventListener('abort', leave);
				resolve();
			};
			const leave = () => {
				this.waiting.splice(this.waiting.indexOf(enter), 1);
				reject(cancelled(signal?.reason));
			};
			this.waiting.push(enter);
			signal?.addEventListener('abort', leave, { once: true });
		});
	}

	private letIn(): void {
		while (this.under < this.most && this.waiting.length > 0) {
			this.under += 1;
			this.waiting.shift()?.();
		}
	}
}
