/** How far an upload is: in the job at every turn, in n8n's log now and then. */
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Progress } from '../../../core/youtube/meter';

const MIB = 1024 * 1024;

/** Milliseconds between two lines of the log. */
const LOG_MS = 5_000;

/** @param tell takes the fraction and a note for people */
export function progressOf(
	context: IExecuteFunctions,
	videoId: string,
	tell: (fraction: number, note: string) => void,
): (progress: Progress) => void {
	let loggedAt = 0;
	let isWhole = false;
	return ({ sent, total, bytesPerSecond }) => {
		const secondsLeft = bytesPerSecond > 0 ? Math.ceil((total - sent) / bytesPerSecond) : undefined;
		const note = noteOf(sent, total, bytesPerSecond, secondsLeft);
		tell(sent / total, note);
		const now = Date.now();
		const isNews = sent === total ? !isWhole : now - loggedAt >= LOG_MS;
		if (bytesPerSecond === 0 || !isNews) return;
		loggedAt = now;
		isWhole = sent === total;
		context.logger.info(`Uploading: ${note}`, {
			videoId,
			bytesSent: sent,
			bytesTotal: total,
			bytesPerSecond,
			secondsLeft,
		});
	};
}

function noteOf(sent: number, total: number, bytesPerSecond: number, secondsLeft: number | undefined): string {
	const left = secondsLeft === undefined ? '' : `, ${secondsLeft} s left`;
	return `${mib(sent)} of ${mib(total)} MB, ${rateOf(bytesPerSecond)}${left}`;
}

function rateOf(bytesPerSecond: number): string {
	return bytesPerSecond < MIB ? `${Math.round(bytesPerSecond / 1024)} KB/s` : `${mib(bytesPerSecond)} MB/s`;
}

function mib(bytes: number): string {
	return (bytes / MIB).toFixed(1);
}
