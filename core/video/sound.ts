/**
 * The video's sound: narration, music under it when there is some, all at the loudness that YouTube plays at.
 * Nothing is mixed to a file: measured in a first pass, levelled in the pass that writes the video.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { MediaFile, SpeechResult } from '../documents';
import { invalidRequest } from '../errors';
import type { Range } from '../quality/ranges';
import type { FfmpegTools } from './ffmpeg';
import { DUCKING, ENVELOPE_RATE, speechSpans, writeEnvelope } from './sound-envelope';
import { SILENT_LUFS, soundLevels, type SoundLevels } from './sound-levels';
import { endlessMusic } from './sound-loop';

export interface Music {
	file: MediaFile;
	/** dB against the voice where nobody speaks; under speech it is always far below. */
	volumeDb: number;
}

/** Audible in pauses without covering anything. */
export const MUSIC_VOLUME_DB = -6;

/**
 * YouTube's player turns louder videos down to about -14 LUFS and leaves quieter ones as they are
 * (observed, not published). The peak leaves 0.8 dB for what AAC adds to the -1 dBTP of the check.
 */
export const LOUDNESS_TARGET = { integratedLufs: -14, truePeakDbtp: -1.8 } as const;

export interface SoundInput {
	/** The narration with the times of its words; scenes without words count as spoken throughout. */
	speech: Pick<SpeechResult, 'scenes' | 'duration_s'> & { audio: { path: string } };
	music?: Music;
	/** Of the video, in seconds. */
	durationS: number;
	tools: FfmpegTools;
	signal?: AbortSignal;
}

export interface SoundPlan {
	/** ffmpeg's arguments for the inputs. */
	inputs: string[];
	/**
	 * Filters that end in the pad `[a]`: 48 kHz, stereo, exactly as long as the video.
	 * @param firstInput number of the first of `inputs` among all inputs
	 */
	graph(firstInput: number): string;
	/** Takes the files of the plan away; to be called when the sound is written. */
	remove(): Promise<void>;
}

const PLAIN = 'aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo';

/** Against a click where the sound begins or is cut. Seconds. */
const EDGE_S = 0.01;

/** A limiter lowers the loudness: so often it is measured behind it and corrected. */
const CORRECTIONS = 4;

/** A limiter that lets less of a dB through is not driven harder. */
const LEAST_SLOPE = 0.25;

/** LU; the loudness is held to 0.5. */
const NEAR_LU = 0.1;

/** Of the limiter's look-ahead, by which it delays the sound. Seconds. */
const LIMITER_ATTACK_S = 0.005;

/** @throws YtempireError `invalid-request` when the narration is silent or the music can't be read */
export async function planSound(input: SoundInput): Promise<SoundPlan> {
	const { tools, signal, durationS } = input;
	const folder = await mkdtemp(join(tmpdir(), 'ytempire-sound-'));
	const remove = async () => {
		await rm(folder, { recursive: true, force: true });
	};
	try {
		const inputs = ['-i', resolve(input.speech.audio.path)];
		const voice = await soundLevels(tools, inputs, `[0:a:0]${PLAIN}[a]`, signal);
		if (voice.integratedLufs < SILENT_LUFS) {
			throw invalidRequest("The narration is silent: its loudness can't be measured", {
				reason: 'silent-narration',
				cure: 'Make the voice again, and listen to its file.',
			});
		}
		let mix = (first: number) => narrationGraph(input, first, '[mix]');
		let mixed = voice;
		if (input.music) {
			inputs.push(...(await musicInputs(input, input.music, voice, folder)));
			mix = (first) => mixGraph(input, first);
			mixed = await soundLevels(tools, inputs, `${mix(0)};[mix]anull[a]`, signal);
		}
		const level = await levelled(input, mixed, async (filters) =>
			await soundLevels(tools, inputs, `${mix(0)};[mix]${filters}[a]`, signal),
		);
		const end = `apad,atrim=end=${durationS.toFixed(6)},afade=t=out:st=${Math.max(0, durationS - EDGE_S).toFixed(6)}:d=${EDGE_S}`;
		return { inputs, graph: (first) => `${mix(first)};[mix]${level},${end}[a]`, remove };
	} catch (error) {
		await remove();
		throw error;
	}
}

function narrationGraph({ speech, durationS }: SoundInput, first: number, pad: string): string {
	const endS = Math.min(durationS, speech.duration_s);
	return `[${first}:a:0]${PLAIN},afade=t=in:d=${EDGE_S},afade=t=out:st=${Math.max(0, endS - EDGE_S).toFixed(6)}:d=${EDGE_S}${pad}`;
}

/** Inputs in order: narration, music, its volume over time. `amix` halves both, as both last to the end. */
function mixGraph(input: SoundInput, first: number): string {
	const whole = `apad,atrim=end=${input.durationS.toFixed(6)}`;
	return [
		narrationGraph(input, first, '[voice]'),
		`[voice]${whole}[whole]`,
		`[${first + 1}:a:0]${PLAIN}[tune]`,
		`[${first + 2}:a:0]${PLAIN}[volume]`,
		`[tune][volume]amultiply,${whole}[music]`,
		'[whole][music]amix=inputs=2:duration=first:dropout_transition=0,volume=2[mix]',
	].join(';');
}

async function musicInputs(
	{ speech, durationS, tools, signal }: SoundInput,
	music: Music,
	voice: SoundLevels,
	folder: string,
): Promise<string[]> {
	const tune = await endlessMusic(tools, resolve(music.file.path), durationS, folder, signal);
	const own = await soundLevels(tools, tune, `[0:a:0]${PLAIN}[a]`, signal);
	if (own.integratedLufs < SILENT_LUFS) {
		throw invalidRequest("The music is silent: its loudness can't be measured", {
			reason: 'silent-music',
			cure: 'Choose another file, or leave the music out.',
		});
	}
	const pauseDb = voice.integratedLufs + music.volumeDb - own.integratedLufs;
	const speechDb = Math.min(pauseDb, voice.integratedLufs - DUCKING.marginLu - own.loudLufs);
	const words = speech.scenes.flatMap((scene): Range[] => (scene.words.length > 0 ? scene.words : [scene]));
	const envelope = join(folder, 'volume.f32');
	await writeEnvelope(envelope, speechSpans(words), { pauseDb, speechDb }, durationS);
	return [...tune, '-f', 'f32le', '-ar', String(ENVELOPE_RATE), '-ac', '2', '-i', envelope];
}

/**
 * A plain gain where the peaks permit it; else a limiter at four times the rate, behind which the
 * loudness is measured again until it is right.
 */
async function levelled(
	{ speech, durationS }: SoundInput,
	mixed: SoundLevels,
	measure: (filters: string) => Promise<SoundLevels>,
): Promise<string> {
	const { integratedLufs, truePeakDbtp } = LOUDNESS_TARGET;
	let gainDb = integratedLufs - mixed.integratedLufs;
	// a narration that the pictures cut off is measured as it will be heard
	const isCut = speech.duration_s > durationS + 1;
	if (!isCut && mixed.truePeakDbtp + gainDb <= truePeakDbtp) return gain(gainDb);
	let last: { gainDb: number; loudness: number } | undefined;
	for (let correction = 0; correction < CORRECTIONS; correction++) {
		const loudness = (await measure(limited(gainDb))).integratedLufs;
		const off = integratedLufs - loudness;
		if (Math.abs(off) <= NEAR_LU) break;
		// how much of a dB arrives behind the limiter, as the step before has shown
		const slope = last ? (loudness - last.loudness) / (gainDb - last.gainDb) : 1;
		last = { gainDb, loudness };
		gainDb += off / Math.min(1, Math.max(LEAST_SLOPE, slope || LEAST_SLOPE));
	}
	return limited(gainDb);
}

function gain(decibels: number): string {
	return `volume=${decibels.toFixed(2)}dB`;
}

function limited(gainDb: number): string {
	const limit = 10 ** (LOUDNESS_TARGET.truePeakDbtp / 20);
	return [
		gain(gainDb),
		'aresample=192000',
		`alimiter=level=0:limit=${limit.toFixed(4)}:attack=${LIMITER_ATTACK_S * 1000}:release=50`,
		`atrim=start=${LIMITER_ATTACK_S}`,
		'asetpts=PTS-STARTPTS',
		'aresample=48000',
	].join(',');
}
