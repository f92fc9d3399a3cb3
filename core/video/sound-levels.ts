/** How loud something is, as EBU R 128 measures it: one pass of decoding, nothing written. */
import { runFfmpeg, type FfmpegTools } from './ffmpeg';

export interface SoundLevels {
	/** LUFS, gated; -70 is its floor and means silence. */
	integratedLufs: number;
	/** LUFS that 95 % of the short-term loudness stays under: how loud the loud passages are. */
	loudLufs: number;
	truePeakDbtp: number;
}

/** Below it ebur128 measures nothing. */
const FLOOR_LUFS = -70;

export const SILENT_LUFS = FLOOR_LUFS + 1;

/**
 * @param inputs ffmpeg's arguments for the inputs
 * @param graph filters from the inputs to the pad `[a]`
 */
export async function soundLevels(
	tools: FfmpegTools,
	inputs: readonly string[],
	graph: string,
	signal?: AbortSignal,
): Promise<SoundLevels> {
	const { stderr } = await runFfmpeg(
		tools,
		[...inputs, '-filter_complex', `${graph};[a]ebur128=peak=true:framelog=verbose[out]`, '-map', '[out]', '-f', 'null', '-'],
		{ signal },
	);
	const at = (name: string) => {
		const value = [...stderr.matchAll(new RegExp(`\\s${name}:\\s+(-?[\\d.]+|-?inf|nan)\\b`, 'g'))].at(-1)?.[1];
		const number = Number(value);
		return Number.isFinite(number) ? number : FLOOR_LUFS;
	};
	const integratedLufs = at('I');
	return {
		integratedLufs,
		// too short for a short-term measure: 0 there
		loudLufs: Math.max(integratedLufs, at('LRA high') < 0 ? at('LRA high') : FLOOR_LUFS),
		truePeakDbtp: at('Peak'),
	};
}
