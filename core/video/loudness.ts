/** Loudness of the narration: measured in a first pass, set in the second. */
import { invalidRequest } from '../errors';
import { runFfmpeg, type FfmpegTools } from './ffmpeg';

/**
 * YouTube's player turns louder videos down to about -14 LUFS and leaves quieter ones as they are
 * (observed, not published). The peak leaves 0.5 dB for what AAC adds to the -1 dBTP of the check.
 */
export const LOUDNESS_TARGET = { integratedLufs: -14, truePeakDbtp: -1.5, rangeLu: 11 } as const;

const TARGET = `I=${LOUDNESS_TARGET.integratedLufs}:TP=${LOUDNESS_TARGET.truePeakDbtp}:LRA=${LOUDNESS_TARGET.rangeLu}`;

/** What every pass sees: two channels, because the same sound on two is louder than on one. */
const STEREO = 'aformat=channel_layouts=stereo';

/**
 * The filter chain that brings this file's sound to the target, at 48 kHz.
 * @throws YtempireError `invalid-request` when the file has no sound to measure
 */
export async function loudnessFilter(
	tools: FfmpegTools,
	path: string,
	signal?: AbortSignal,
): Promise<string> {
	const { stderr } = await runFfmpeg(
		tools,
		['-i', path, '-map', '0:a:0', '-af', `${STEREO},loudnorm=${TARGET}:print_format=json`, '-f', 'null', '-'],
		{ signal },
	);
	const measured = summary(stderr);
	const at = (key: string) => Number(measured[`input_${key}`]);
	if (!Number.isFinite(at('i')) || !Number.isFinite(at('tp'))) {
		throw invalidRequest('The narration is silent: its loudness can\'t be measured', {
			reason: 'silent-narration',
			cure: 'Make the voice again, and listen to its file.',
		});
	}
	const given = [
		`measured_I=${at('i')}`,
		`measured_TP=${at('tp')}`,
		`measured_LRA=${at('lra')}`,
		`measured_thresh=${at('thresh')}`,
		`offset=${Number(measured.target_offset) || 0}`,
		'linear=true',
	].join(':');
	return `${STEREO},loudnorm=${TARGET}:${given},aresample=48000`;
}

/** The JSON object at the end of loudnorm's log; each line may carry a level. */
function summary(stderr: string): Record<string, unknown> {
	const plain = stderr.replaceAll(/^\[info\] ?/gm, '');
	const json = plain.slice(plain.lastIndexOf('{'), plain.lastIndexOf('}') + 1);
	try {
		return JSON.parse(json) as Record<string, unknown>;
	} catch {
		return {};
	}
}
