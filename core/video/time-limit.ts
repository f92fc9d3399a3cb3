/** An end to work that doesn't end by itself. */
import { YtempireError } from '../errors';
import type { FrameSize } from './shot';

/** Seconds: so much for searches, downloads and sound, and so much for each second of 1080p30. A slow preset on one core takes about 20. */
const ALLOWED = { atLeastS: 900, perSecond: 60, pixelsPerSecond: 1920 * 1080 * 30 } as const;

/** A timer for longer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Seconds after which a video that isn't ready never will be. */
export function timeLimitS(durationS: number, { width, height, fps }: FrameSize): number {
	const size = Math.max(0.25, (width * height * fps) / ALLOWED.pixelsPerSecond);
	return Math.round(ALLOWED.atLeastS + ALLOWED.perSecond * durationS * size);
}

/** @throws YtempireError `unavailable`, reason `render-timeout`, when the time is up; else what `work` throws */
export async function within<T>(
	limitS: number,
	signal: AbortSignal | undefined,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const late = new AbortController();
	const timer = setTimeout(() => {
		late.abort();
	}, Math.min(limitS * 1000, LONGEST_TIMER_MS));
	try {
		return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
	} catch (error) {
		if (!late.signal.aborted || signal?.aborted) throw error;
		throw new YtempireError('unavailable', `The video was not ready after ${limitS} s, and was stopped`, {
			reason: 'render-timeout',
			cure: 'Run it again: finished scenes are kept. If it lasts, allow more time, or choose a faster preset or a smaller resolution.',
		});
	} finally {
		clearTimeout(timer);
	}
}
