/** Music as long as the video: a short piece is repeated, its end crossfaded into its beginning, so that no seam is heard. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { invalidRequest, YtempireError } from '../errors';
import { decodedDuration, probe, runFfmpeg, type FfmpegTools } from './ffmpeg';

/** Containers that music may have: none of them can name other files. */
export const MUSIC_FORMATS = 'mp3,wav,flac,ogg,aac,mov,mp4,matroska,webm';

/** Shorter is a sound, not music. Seconds. */
const SHORTEST_S = 0.5;

/** Of the crossfade at the seam; less where the piece is short. Seconds. */
const CROSSFADE_S = 1;

const PLAIN = 'aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo';

/** Beside the video's length: what filters hold back at the end. Seconds. */
const SPARE_S = 1;

/**
 * ffmpeg's input arguments for music that doesn't end before the video does.
 * @param folder a repeated piece is written here, 16 bit at 48 kHz
 * @throws YtempireError `invalid-request` when the file holds no music that can be read
 */
export async function endlessMusic(
	tools: FfmpegTools,
	path: string,
	durationS: number,
	folder: string,
	signal?: AbortSignal,
): Promise<string[]> {
	const { audio } = await probe(tools, path, signal, MUSIC_FORMATS);
	// headers lie; what decodes doesn't
	const lengthS = audio ? await decodedDuration(tools, path, signal) : 0;
	if (lengthS < SHORTEST_S) {
		throw invalidRequest(audio ? `The music is only ${lengthS.toFixed(2)} s long` : 'The music file holds no sound', {
			reason: 'no-music',
			cure: `Give a file with at least ${SHORTEST_S} s of music, e.g. MP3, M4A, WAV, FLAC or Ogg.`,
		});
	}
	const file = ['-format_whitelist', MUSIC_FORMATS, '-i', path];
	if (lengthS >= durationS + SPARE_S) return ['-t', (durationS + SPARE_S).toFixed(3), ...file];
	const fadeS = Math.min(CROSSFADE_S, lengthS / 4);
	const seam = (lengthS - fadeS).toFixed(6);
	const loop = join(folder, 'music.wav');
	await runFfmpeg(
		tools,
		[
			...file, ...file,
			'-filter_complex',
			[
				`[0:a:0]${PLAIN},atrim=end=${seam},afade=t=in:d=${fadeS.toFixed(6)}:curve=qsin[piece]`,
				`[1:a:0]${PLAIN},atrim=start=${seam},asetpts=PTS-STARTPTS,afade=t=out:d=${fadeS.toFixed(6)}:curve=qsin,apad[end]`,
				// amix halves what it mixes
				'[piece][end]amix=inputs=2:duration=first:dropout_transition=0,volume=2[loop]',
			].join(';'),
			'-map', '[loop]', '-c:a', 'pcm_s16le', loop,
		],
		{ signal },
	);
	// ffmpeg repeats an empty file for ever
	if ((await stat(loop)).size < 2 * 48_000 * 2 * SHORTEST_S) throw new YtempireError('unavailable', 'The music could not be prepared for repetition', { reason: 'no-music', cure: 'Use another build of ffmpeg, or music as long as the video.' });
	return ['-stream_loop', '-1', '-t', (durationS + SPARE_S).toFixed(3), '-i', loop];
}
