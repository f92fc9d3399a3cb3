/** The video's sound as a file: mixed and encoded once, and kept under the hash of all it was made from. */
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { contentHash } from '../hash';
import { probe, runFfmpeg, writeAside, type FfmpegTools } from './ffmpeg';
import { planSound, type SoundInput } from './sound';

/** YouTube's recommendation for stereo is 384 kbit/s (support.google.com/youtube/answer/1722171). */
const AUDIO_BITRATE = '384k';

/** Changes whenever the same input would sound otherwise. */
const SOUND_VERSION = 1;

export interface SoundtrackInput extends SoundInput {
	speech: SoundInput['speech'] & { audio: { path: string; sha256: string } };
	/** Soundtracks are kept here. */
	folder: string;
}

/** @returns its path: AAC in MP4, exactly as long as the video. @throws as `planSound` */
export async function renderSoundtrack(input: SoundtrackInput): Promise<string> {
	const { tools, signal, speech, music, durationS } = input;
	const key = contentHash({
		version: SOUND_VERSION,
		ffmpeg: tools.version,
		voice: [speech.audio.sha256, speech.duration_s, speech.scenes.map(({ start_s, end_s, words }) => [start_s, end_s, words])],
		music: music ? [music.file.sha256, music.volumeDb] : null,
		durationS,
	}).slice(0, 40);
	const path = join(resolve(input.folder), `${key}.m4a`);
	if (await isWhole(tools, path, signal)) return path;

	const sound = await planSound(input);
	try {
		await writeAside(path, (temporary) =>
			runFfmpeg(
				tools,
				[
					...sound.inputs,
					'-filter_complex', sound.graph(0),
					'-map', '[a]', '-map_metadata', '-1',
					// at such a rate better than the default coder, in less than half the time (ffmpeg's own documentation)
					'-c:a', 'aac', '-aac_coder', 'fast', '-b:a', AUDIO_BITRATE, '-ar', '48000', '-ac', '2',
					temporary,
				],
				{ signal, durationS, timeoutMs: 120_000 + durationS * 10_000 },
			),
		);
	} finally {
		await sound.remove();
	}
	return path;
}

/** A file that was cut off has lost its index, and no stream is found in it. */
async function isWhole(tools: FfmpegTools, path: string, signal?: AbortSignal): Promise<boolean> {
	if (!(await access(path).then(() => true, () => false))) return false;
	return await probe(tools, path, signal).then(({ audio }) => audio !== undefined, () => false);
}
