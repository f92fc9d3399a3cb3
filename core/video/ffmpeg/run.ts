/** One run of ffmpeg: progress, cancel, timeout, and ffmpeg's own reason when it fails. */
import { invalidRequest, YtempireError } from '../../errors';
import type { FfmpegTools } from './find';
import { runProcess } from './process';

export interface FfmpegProgress {
	/** 0 to 1; stays 0 when `durationS` was not given. */
	fraction: number;
	/** Seconds of output written so far. */
	outTimeS: number;
	/** Seconds of output for each second of time; 0 while unknown. */
	speed: number;
}

export interface RunOptions {
	signal?: AbortSignal;
	/** Milliseconds; 30 minutes when left out, `Infinity` where the caller's signal ends it. */
	timeoutMs?: number;
	/** Expected length of the output in seconds, for `fraction`. */
	durationS?: number;
	/** Work folder: relative names in `args` are read there. */
	cwd?: string;
	onProgress?: (progress: FfmpegProgress) => void;
	onStderrLine?: (line: string) => void;
}

const DEFAULT_TIMEOUT_MS = 30 * 60_000;

/** Lines of stderr that are returned: enough for any filter's summary. */
const KEPT_LINES = 400;

/** A file that names others (playlists) must not reach the network or a device. */
const PROTOCOLS = 'file,pipe';

const ERROR_LINE = /\[(?:error|fatal|panic)\]/;

/**
 * Runs ffmpeg with `args` (inputs, filters, output) and returns the end of its log.
 * Log lines carry their level, e.g. `[info]`. An existing output file is overwritten.
 * @throws YtempireError `invalid-request` with ffmpeg's own reason; `unavailable` when it was killed, ran out of time or of disk; `cancelled`
 */
export async function runFfmpeg(
	tools: FfmpegTools,
	args: readonly string[],
	options: RunOptions = {},
): Promise<{ stderr: string }> {
	const lines: string[] = [];
	const progress = progressReader(options);
	const end = await runProcess(
		tools.ffmpeg,
		[
			'-hide_banner',
			'-nostdin',
			'-nostats',
			'-y',
			'-loglevel',
			'level+info',
			'-progress',
			'pipe:1',
			...args.flatMap((arg) => (arg === '-i' ? ['-protocol_whitelist', PROTOCOLS, arg] : [arg])),
		],
		{
			signal: options.signal,
			timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
			cwd: options.cwd,
			onStdoutLine: progress,
			onStderrLine: (line) => {
				lines.push(line);
				if (lines.length > KEPT_LINES) lines.shift();
				options.onStderrLine?.(line);
			},
		},
	);
	if (end.code !== 0) throw ffmpegFailure(lines, end.endedBy ?? end.code);
	return { stderr: lines.join('\n') };
}

function progressReader(options: RunOptions): (line: string) => void {
	const { onProgress, durationS } = options;
	let outTimeS = 0;
	let speed = 0;
	return (line) => {
		const [key, value = ''] = line.split('=', 2);
		// `out_time_ms` holds microseconds in every version; older ones have no `out_time_us`
		if (key === 'out_time_ms') outTimeS = Math.max(0, Number(value) / 1e6) || outTimeS;
		if (key === 'speed') speed = Number.parseFloat(value) || 0;
		if (key !== 'progress') return;
		const fraction = durationS ? Math.min(1, outTimeS / durationS) : 0;
		onProgress?.({ fraction, outTimeS, speed });
	};
}

function ffmpegFailure(lines: readonly string[], end: NodeJS.Signals | number | null): Error {
	const reason = lastMeaningfulLines(lines);
	if (typeof end === 'string') {
		return new YtempireError('unavailable', `ffmpeg was killed by ${end}. ${reason}`.trim(), {
			cure: 'Most often the machine ran out of memory: give it more, or render fewer segments at once.',
		});
	}
	if (/No space left on device/i.test(reason)) {
		return new YtempireError('unavailable', `ffmpeg could not write its output. ${reason}`, {
			reason,
			cure: 'Free disk space in the work folder, then run it again.',
		});
	}
	return invalidRequest(`ffmpeg failed: ${reason || `exit code ${end}`}`, {
		reason,
		cure: "Read ffmpeg's reason: most often an input is broken or this build lacks a feature.",
	});
}

/** What ffmpeg itself calls errors, else the last thing it said, without control characters. */
export function lastMeaningfulLines(lines: readonly string[]): string {
	const said = lines.filter((line) => line.trim() !== '');
	const errors = said.filter((line) => ERROR_LINE.test(line));
	return (errors.length > 0 ? errors : said)
		.slice(-3)
		.map((line) =>
			line
				.replaceAll(/\[\w+ @ 0x[0-9a-f]+\]|\[(?:error|fatal|panic|info|warning)\]/g, '')
				// eslint-disable-next-line no-control-regex -- file names inside the log may hold any byte
				.replaceAll(/[\u0000-\u001f\u007f]/g, ' ')
				.trim()
				.slice(0, 300),
		)
		.join(' | ');
}
