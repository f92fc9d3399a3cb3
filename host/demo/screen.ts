/** Progress of the demo: one line per step, redrawn in place on a terminal. */

const BAR_WIDTH = 24;

export class Screen {
	private open = false;

	private lastText = '';

	/** @param out standard output, or standard error when that is kept for JSON */
	constructor(private readonly out: NodeJS.WriteStream) {}

	/** A line that stays. */
	line(text = ''): void {
		this.close();
		this.out.write(`${text}\n`);
	}

	/** A line that the next `step` replaces; off a terminal it is printed when it says something new. */
	step(text: string): void {
		if (text === this.lastText) return;
		this.lastText = text;
		if (!this.out.isTTY) return;
		this.out.write(`\r\u001b[2K${text.slice(0, (this.out.columns || 80) - 1)}`);
		this.open = true;
	}

	private close(): void {
		if (!this.open) return;
		this.out.write('\r\u001b[2K');
		this.open = false;
		this.lastText = '';
	}
}

export function bar(fraction: number): string {
	const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
	return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** Columns as wide as their widest cell. */
export function table(rows: string[][]): string {
	const widths = rows.reduce<number[]>(
		(most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
		[],
	);
	return rows
		.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
		.join('\n');
}
