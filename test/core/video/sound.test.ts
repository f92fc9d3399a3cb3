/** What is heard, measured: loudness, peaks, the distance between voice and music, seams without a click. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { mediaFile } from '../../../core/hash';
import { findFfmpeg, runFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { planSound, type Music, type SoundInput } from '../../../core/video/sound';
import { musicGainAt } from '../../../core/video/sound-envelope';
import { soundLevels } from '../../../core/video/sound-levels';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';
import { temporaryFolder } from '../../support/store';

const RATE = 48_000;

/** Seconds of speech; between them and after them the music is alone. */
const SPOKEN = [[1, 4], [7, 9]] as const;
const LENGTH_S = 14;

/** The voice is heard at 300 Hz and 600 Hz, the music above 2 kHz, so that filters can tell them apart. */
const VOICE = `0.2*(sin(2*PI*300*t)+0.5*sin(2*PI*600*t))*lt(mod(t\\,0.25)\\,0.2)*(between(t\\,1\\,4)+between(t\\,7\\,9))`;
const MUSIC = '0.4*sin(2*PI*2500*t)*(0.6+0.4*sin(2*PI*0.4*t))';

async function sound(tools: FfmpegTools, path: string, expression: string, seconds: number, output: string[] = []) {
	await runFfmpeg(tools, ['-f', 'lavfi', '-i', `aevalsrc='${expression}':s=44100:d=${seconds}`, ...output, path]);
	return path;
}

const words = SPOKEN.flatMap(([from, to]) =>
	Array.from({ length: (to - from) * 4 }, (_word, index) => ({ text: 'word', start_s: from + index / 4, end_s: from + index / 4 + 0.2 })),
);

const speechOf = (path: string, duration_s = LENGTH_S): SoundInput['speech'] => ({
	audio: { path },
	duration_s,
	scenes: [{ scene_id: 'scene-1', start_s: 0, end_s: duration_s, words }],
});

describe.each(ffmpegBuilds())('sound with $name', ({ paths }) => {
	let tools: FfmpegTools;
	let folder: string;
	let maker: FfmpegTools;
	beforeAll(async () => {
		tools = await findFfmpeg(paths);
		maker = await findFfmpeg();
	});

	/** As `renderSoundtrack` writes it: AAC at 384 kbit/s. */
	async function mixed(input: Omit<SoundInput, 'tools'>, name = 'mixed.m4a') {
		const plan = await planSound({ ...input, tools });
		const path = join(folder, name);
		const codec = name.endsWith('.wav') ? ['-c:a', 'pcm_s16le'] : ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', '384k'];
		await runFfmpeg(tools, [...plan.inputs, '-filter_complex', plan.graph(0), '-map', '[a]', ...codec, '-ar', String(RATE), path]);
		await plan.remove();
		return path;
	}

	const levels = async (path: string) => await soundLevels(maker, ['-i', path], '[0:a:0]anull[a]');

	/** RMS in dB of every 50 ms of what is left behind a filter. */
	async function curve(path: string, filter: string): Promise<number[]> {
		const raw = join(folder, 'curve.f32');
		await runFfmpeg(maker, ['-i', path, '-af', `${filter},aformat=channel_layouts=mono:sample_fmts=flt`, '-f', 'f32le', '-ar', String(RATE), raw]);
		const bytes = await readFile(raw);
		const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
		const step = RATE / 20;
		return Array.from({ length: Math.floor(samples.length / step) }, (_value, index) => {
			const window = samples.subarray(index * step, (index + 1) * step);
			return 10 * Math.log10(window.reduce((sum, value) => sum + value * value, 1e-12) / step);
		});
	}
	const VOICE_ONLY = 'lowpass=f=1100,lowpass=f=1100';
	const MUSIC_ONLY = 'highpass=f=1800,highpass=f=1800,highpass=f=1800';

	async function music(seconds: number, expression = MUSIC): Promise<Music> {
		const path = await sound(maker, join(folder, 'music.mp3'), expression, seconds, ['-b:a', '192k']);
		return { file: await mediaFile(path, 'audio/mpeg'), volumeDb: -6 };
	}

	it('brings a narration to -14 LUFS under -1 dBTP, whether its peaks permit it or not', async () => {
		folder = await temporaryFolder();
		const even = await sound(maker, join(folder, 'even.wav'), VOICE, LENGTH_S);
		const spiky = await sound(maker, join(folder, 'spiky.wav'), `${VOICE}*(0.25+3*lt(mod(t\\,0.5)\\,0.02))`, LENGTH_S);
		for (const path of [even, spiky]) {
			const { integratedLufs, truePeakDbtp } = await levels(await mixed({ speech: speechOf(path), durationS: LENGTH_S }));
			expect(Math.abs(integratedLufs + 14)).toBeLessThanOrEqual(0.5);
			expect(truePeakDbtp).toBeLessThanOrEqual(-1);
		}
	});

	it('keeps speech 10 dB over the music, and has the music back 300 to 800 ms after it', async () => {
		folder = await temporaryFolder();
		const path = await sound(maker, join(folder, 'voice.wav'), VOICE, LENGTH_S);
		const steady = await music(16, '0.3*sin(2*PI*2500*t)');
		const output = await mixed({ speech: speechOf(path), music: steady, durationS: LENGTH_S });
		const { integratedLufs, truePeakDbtp } = await levels(output);
		expect(Math.abs(integratedLufs + 14)).toBeLessThanOrEqual(0.5);
		expect(truePeakDbtp).toBeLessThanOrEqual(-1);
		const [voice, tune] = [await curve(output, VOICE_ONLY), await curve(output, MUSIC_ONLY)];
		const mean = (values: number[], from: number, to: number) => {
			const part = values.slice(Math.round(from * 20), Math.round(to * 20)).map((value) => 10 ** (value / 10));
			return 10 * Math.log10(part.reduce((sum, value) => sum + value, 0) / part.length);
		};
		for (const [from, to] of SPOKEN) {
			expect(mean(voice, from, to) - mean(tune, from, to)).toBeGreaterThanOrEqual(10);
			const alone = mean(tune, 5, 6.4);
			const back = tune.findIndex((value, index) => index / 20 >= to - 0.05 && value >= alone - 1) / 20 - (to - 0.05);
			expect(back).toBeGreaterThanOrEqual(0.3);
			expect(back).toBeLessThanOrEqual(0.8);
		}
	});

	it('keeps the distance in the loud passages of uneven music too', async () => {
		folder = await temporaryFolder();
		const path = await sound(maker, join(folder, 'voice.wav'), VOICE, LENGTH_S);
		const uneven = await music(16, '(0.1+0.5*between(t\\,2\\,6))*sin(2*PI*2500*t)');
		const output = await mixed({ speech: speechOf(path), music: uneven, durationS: LENGTH_S });
		const [voice, tune] = [await curve(output, VOICE_ONLY), await curve(output, MUSIC_ONLY)];
		const loudest = Math.max(...tune.slice(2.2 * 20, 3.8 * 20));
		const spoken = voice.slice(2.2 * 20, 3.8 * 20).map((value) => 10 ** (value / 10));
		expect(10 * Math.log10(spoken.reduce((sum, value) => sum + value, 0) / spoken.length) - loudest).toBeGreaterThanOrEqual(10);
	});

	it('repeats a short piece without a gap or a click, fades it in and out, and ends with the video', async () => {
		folder = await temporaryFolder();
		// no whole number of waves: repeated as it is, it would jump
		const piece = await music(1.37, '0.13*(sin(2*PI*121.3*t)+sin(2*PI*171.7*t)+sin(2*PI*221.9*t))');
		const quiet = await sound(maker, join(folder, 'voice.wav'), `0.1*sin(2*PI*300*t)*between(t\\,1\\,2)`, LENGTH_S);
		const speech = { ...speechOf(quiet), scenes: [{ scene_id: 's', start_s: 0, end_s: 3, words: [{ text: 'a', start_s: 1, end_s: 2 }] }] };
		const output = await mixed({ speech, music: { ...piece, volumeDb: 0 }, durationS: LENGTH_S }, 'mixed.wav');
		const raw = join(folder, 'mixed.f32');
		await runFfmpeg(maker, ['-i', output, '-af', 'aformat=channel_layouts=mono:sample_fmts=flt', '-f', 'f32le', raw]);
		const bytes = await readFile(raw);
		const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
		expect(samples.length).toBe(LENGTH_S * RATE);
		const body = samples.subarray(3 * RATE, 9 * RATE);
		const peak = body.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		const steepest = body.reduce((most, value, index) => Math.max(most, Math.abs(value - (body[index - 1] ?? value))), 0);
		// of a sine the steepest step is 2π·f/rate times its peak, and the mix holds none above 300 Hz
		expect(steepest).toBeLessThanOrEqual(peak * ((2 * Math.PI * 300) / RATE));
		const loudness = await curve(output, 'anull');
		expect(Math.min(...loudness.slice(3 * 20, 9 * 20))).toBeGreaterThan(Math.max(...loudness) - 12);
		expect(loudness[0]).toBeLessThan(loudness[16] ?? 0);
		expect(loudness.at(-1)).toBeLessThan((loudness[9 * 20] ?? 0) - 30);
	});

	it('says what is wrong with a narration or a music that nobody could hear', async () => {
		folder = await temporaryFolder();
		const silent = await sound(maker, join(folder, 'silent.wav'), '0', 2);
		await expect(mixed({ speech: speechOf(silent, 2), durationS: 2 })).rejects.toMatchObject({ reason: 'silent-narration' });
		const voice = await sound(maker, join(folder, 'voice.wav'), VOICE, 4);
		const still = { file: await mediaFile(silent, 'audio/wav'), volumeDb: 0 };
		await expect(mixed({ speech: speechOf(voice, 4), music: still, durationS: 4 })).rejects.toMatchObject({ reason: 'silent-music' });
	});
});

describe('the music', () => {
	it('is down from the first word to the last and lies between its two levels elsewhere', () => {
		const gains = { pauseDb: -6, speechDb: -20 };
		const at = (seconds: number) => musicGainAt(seconds, [{ start_s: 3, end_s: 5 }], gains, 20);
		expect([at(2.6), at(3), at(5), at(5.14), at(5.61), at(10)].map((value) => Math.round(value * 10) / 10)).toEqual([-6, -20, -20, -20, -6, -6]);
		expect(at(0)).toBeLessThan(-60);
		expect(at(20)).toBeLessThan(-60);
	});
});
