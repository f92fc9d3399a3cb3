/** One line that says how a long set-up goes. Plain JavaScript without dependencies, on Node 20. */
import { statfsSync } from 'node:fs';

const ON_TERMINAL_MS = 1000;
/** A log shouldn't fill with it. */
const IN_LOG_MS = 15_000;

const MEBIBYTE = 1024 * 1024;

/**
 * Says the step, the time since the start, and what `detail` gives, until the work is done.
 * @template T
 * @param {string} step
 * @param {() => string} detail
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(step, detail, work) {
	const began = Date.now();
	const terminal = process.stderr.isTTY;
	/** @param {string} end */
	const say = (end) => {
		const line = [step, elapsed(Date.now() - began), detail()].filter(Boolean).join(' · ');
		process.stderr.write(terminal ? `\r\u001b[2K${line}${end}` : `${line}\n`);
	};
	say('');
	const timer = setInterval(() => say(''), terminal ? ON_TERMINAL_MS : IN_LOG_MS);
	try {
		return await work();
	} finally {
		clearInterval(timer);
		say('\n');
	}
}

/** @param {number} ms */
function elapsed(ms) {
	const seconds = Math.round(ms / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Measures what is written to the disk that holds a folder, other programs' files included.
 * @param {string} folder
 * @returns {() => string} e.g. `about 812 MB written`
 */
export function writtenSince(folder) {
	const before = freeBytes(folder);
	return () => {
		const written = Math.max(0, before - freeBytes(folder));
		return `about ${Math.round(written / MEBIBYTE)} MB written`;
	};
}

/** @param {string} folder */
export function freeBytes(folder) {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize;
}
