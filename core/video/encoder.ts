/** H.264 as YouTube recommends it (support.google.com/youtube/answer/1722171), by x264 or by a machine's own encoder where that is asked for and works. */
import { throwIfCancelled } from '../abort';
import { isYtempireError } from '../errors';
import { runFfmpeg, type FfmpegTools } from './ffmpeg';

export const ENCODERS = ['x264', 'nvenc', 'qsv', 'vaapi', 'videotoolbox'] as const;

export type Encoder = (typeof ENCODERS)[number];

export interface EncoderSettings {
	encoder: Encoder;
	/** x264's, e.g. `veryfast`; machines' encoders have one of their own. */
	preset: string;
	/** x264's constant rate factor, or what the other encoder has like it: lower is better and larger. */
	crf: number;
}

interface Kind {
	name: string;
	/** Before the inputs. */
	before?: readonly string[];
	/** Pixel format the encoder takes, and filters behind it. */
	filters: string;
	options(settings: EncoderSettings): string[];
}

const RENDER_NODE = '/dev/dri/renderD128';

/** Rate factors of the other encoders: near x264's at the same number (NVIDIA's, Intel's and Apple's own guides name 18 to 28). */
const KINDS: Record<Encoder, Kind> = {
	x264: {
		name: 'libx264',
		filters: 'format=yuv420p',
		// the fastest presets leave out what makes the profile High
		options: ({ preset, crf }) => ['-preset', preset, '-crf', String(crf), '-8x8dct', '1', '-coder', '1', '-flags', '+cgop'],
	},
	nvenc: {
		name: 'h264_nvenc',
		filters: 'format=yuv420p',
		options: ({ crf }) => ['-preset', 'medium', '-rc', 'vbr', '-cq', String(crf), '-b:v', '0', '-strict_gop', '1'],
	},
	qsv: {
		name: 'h264_qsv',
		filters: 'format=nv12',
		options: ({ crf }) => ['-preset', 'medium', '-global_quality', String(crf), '-flags', '+cgop'],
	},
	vaapi: {
		name: 'h264_vaapi',
		before: ['-vaapi_device', RENDER_NODE],
		filters: 'format=nv12,hwupload',
		options: ({ crf }) => ['-rc_mode', 'CQP', '-qp', String(crf), '-flags', '+cgop'],
	},
	videotoolbox: {
		name: 'h264_videotoolbox',
		filters: 'format=yuv420p',
		// 1 to 100, higher is better
		options: ({ crf }) => ['-q:v', String(Math.round(Math.min(100, Math.max(1, 100 - 1.7 * crf)))), '-flags', '+cgop'],
	},
};

/** B-frames in a row, as YouTube recommends. */
const B_FRAMES = 2;

/** Global arguments, before any input. */
export function encoderDevice({ encoder }: EncoderSettings): readonly string[] {
	return KINDS[encoder].before ?? [];
}

/** The last filters before the encoder. */
export function encoderFilters({ encoder }: EncoderSettings): string {
	return KINDS[encoder].filters;
}

/** High profile, a closed GOP of half the frame rate, two B-frames, BT.709. */
export function encoderOptions(settings: EncoderSettings, fps: number): string[] {
	const { name, options } = KINDS[settings.encoder];
	return [
		'-c:v', name, ...options(settings),
		'-profile:v', 'high', ...(settings.encoder === 'x264' ? ['-pix_fmt', 'yuv420p'] : []),
		'-g', String(Math.round(fps / 2)), '-bf', String(B_FRAMES),
		'-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv',
	];
}

/**
 * The settings, with x264 in place of an encoder that this machine or this ffmpeg doesn't have: it is tried
 * on a few frames, as a build may know an encoder whose device is missing.
 * @returns a warning with ffmpeg's own reason when another one is used
 */
export async function usableEncoder(
	tools: FfmpegTools,
	settings: EncoderSettings,
	signal?: AbortSignal,
): Promise<{ settings: EncoderSettings; warnings: string[] }> {
	if (settings.encoder === 'x264') return { settings, warnings: [] };
	try {
		await runFfmpeg(
			tools,
			[
				...encoderDevice(settings),
				'-f', 'lavfi', '-i', 'color=c=gray:size=320x192:rate=30', '-frames:v', '5',
				'-vf', encoderFilters(settings), ...encoderOptions(settings, 30), '-f', 'null', '-',
			],
			{ signal, timeoutMs: 30_000 },
		);
		return { settings, warnings: [] };
	} catch (error) {
		throwIfCancelled(signal);
		if (!isYtempireError(error)) throw error;
		return {
			settings: { ...settings, encoder: 'x264' },
			warnings: [`The encoder ${settings.encoder} can't be used here, x264 took its place: ${error.reason ?? error.message}`],
		};
	}
}
