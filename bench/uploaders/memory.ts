/** Memory of a process over time, sampled from outside; Linux tells it. */
import { readFileSync } from 'node:fs';

const SAMPLE_MS = 20;

interface Sample {
	at: number;
	megabytes: number;
}

export class MemoryWatch {
	private readonly samples: Sample[] = [];

	private readonly timer: NodeJS.Timeout;

	constructor(private readonly pid: number) {
		this.look();
		this.timer = setInterval(() => this.look(), SAMPLE_MS);
	}

	stop(): void {
		clearInterval(this.timer);
	}

	/**
	 * Megabytes by which the process was larger than at the beginning, at most.
	 * @param from milliseconds since 1970
	 */
	growth(from: number, to: number): number {
		const before = this.samples.findLast(({ at }) => at <= from) ?? this.samples[0];
		const during = this.samples.filter(({ at }) => at >= from && at <= to);
		const most = Math.max(...during.map(({ megabytes }) => megabytes));
		return Math.max(0, most - (before?.megabytes ?? 0));
	}

	private look(): void {
		const [, pages = '0'] = readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ');
		this.samples.push({ at: Date.now(), megabytes: (Number(pages) * 4096) / 1e6 });
	}
}
