/** A finished video, measured and judged: every gate with its line, its value and the stage to blame. */
import type { Blame, QualityGate, QualityResult } from '../documents';
import { invalidRequest } from '../errors';
import type { FfmpegTools } from '../video/ffmpeg';
import { captionGates } from './caption-gates';
import { formatGates } from './format-gates';
import { round, type Expected } from './gate';
import { measure, type Measurements } from './measure';
import { pictureGates } from './picture-gates';
import { soundGates } from './sound-gates';
import { HARD_CAP, THRESHOLDS, type Thresholds } from './table';

export interface CheckInput {
	path: string;
	expected: Expected;
	/** Each left out keeps its default. */
	thresholds?: Partial<Thresholds>;
	tools: FfmpegTools;
	signal?: AbortSignal;
	onProgress?: (fraction: number) => void;
}

/** @throws YtempireError `invalid-request` when the file can't be read as media, or nothing sensible is expected of it */
export async function checkVideo(input: CheckInput): Promise<QualityResult> {
	const { expected, tools, path, signal, onProgress } = input;
	if (!(expected.durationS > 0)) {
		throw invalidRequest('The expected length is not more than 0 seconds', {
			cure: 'Give the length that was asked for, in seconds.',
			issues: [{ field: 'expected.durationS', reason: 'more than 0' }],
		});
	}
	return judge(await measure(tools, path, { signal, onProgress }), expected, input.thresholds);
}

/** What measurements mean for a video of which this was expected. */
export function judge(measured: Measurements, expected: Expected, given: Partial<Thresholds> = {}): QualityResult {
	const thresholds = { ...THRESHOLDS, ...given };
	const context = { measured, expected, thresholds };
	return verdictOf(
		[...formatGates(context), ...soundGates(context), ...pictureGates(context), ...captionGates(context)],
		thresholds.score,
	);
}

/**
 * The weighted mean of the gates' scores; a failed hard gate caps it at `HARD_CAP`.
 * @param threshold score from which it passes
 */
export function verdictOf(gates: QualityGate[], threshold: number): QualityResult {
	const weights = gates.reduce((sum, { weight }) => sum + weight, 0);
	const mean = gates.reduce((sum, { score, weight }) => sum + score * weight, 0) / (weights || 1);
	const hasFailedHard = gates.some(({ hard, verdict }) => hard && verdict === 'fail');
	const score = round(hasFailedHard ? Math.min(mean, HARD_CAP) : mean, 3);
	const faults = gates.filter(({ verdict }) => verdict !== 'pass');
	const failed = gates.filter(({ verdict }) => verdict === 'fail');
	const passed = score >= threshold && !hasFailedHard;
	// many warnings can sink it too: then their stages are to blame
	const guilty = failed.length > 0 || passed ? failed : faults;
	return {
		score,
		threshold,
		passed,
		reasons: faults.map(reasonOf),
		blame: [...new Set(guilty.map(({ blame }): Blame => blame))],
		gates,
	};
}

function reasonOf({ name, threshold, measured, unit, verdict, blame, at }: QualityGate): string {
	const places = at.map(({ start_s, end_s }) => `${start_s}–${end_s} s`).join(', ');
	const fault = verdict === 'fail' ? 'Failed' : 'Warning';
	const where = places && ` at ${places}`;
	return `${fault}: ${name.replaceAll('_', ' ')} is ${[measured, unit].join(' ').trim()}, wanted: ${threshold}${where} (${blame}).`;
}
