/** joinSpeech with real ffmpeg on real MP3 parts. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { joinSpeech } from '../../../../core/providers/speech/join';
import { decodedDuration, findFfmpeg, probe, runFfmpeg } from '../../../../core/video/ffmpeg';
import { temporaryFolder } from '../../../support/store';

async function mp3(folder: string, name: string, seconds: number, options: string[] = ['-b:a', '128k']) {
	const tools = await findFfmpeg();
	const path = join(folder, name);
	const source = `sine=frequency=330:sample_rate=44100:duration=${seconds}`;
	// the source is a filter, not a file
	await runFfmpeg(tools, ['-filter_complex', source, ...options, path]);
	return path;
}

async function joined(parts: string[], folder: string) {
	const tools = await findFfmpeg();
	const output = join(folder, 'whole.flac');
	return { tools, output, ...(await joinSpeech({ parts, output, folder, tools })) };
}

it('joins parts of different bit rates to a file whose length is what it plays', async () => {
	const folder = await temporaryFolder();
	const parts = [
		await mp3(folder, 'a.mp3', 1.5),
		await mp3(folder, 'b.mp3', 0.7, ['-q:a', '7']),
		await mp3(folder, 'c.mp3', 1, ['-b:a', '64k', '-ar', '22050']),
	];
	const { tools, output, spans, durationS } = await joined(parts, folder);
	const { audio, formatName, durationS: header } = await probe(tools, output);
	expect(formatName).toBe('flac');
	expect(audio).toMatchObject({ codec: 'flac', sampleRate: 44100, channels: 1 });
	expect(header).toBeCloseTo(durationS, 2);
	expect(await decodedDuration(tools, output)).toBeCloseTo(durationS, 3);
	expect(spans.at(-1)?.endS).toBeCloseTo(durationS, 3);
	expect(spans[1]?.startS).toBeCloseTo((spans[0]?.endS ?? 0) + 0.35, 3);
	const lengths = spans.map(({ startS, endS }) => endS - startS);
	for (const [index, seconds] of [1.5, 0.7, 1].entries()) expect(Math.abs((lengths[index] ?? 0) - seconds)).toBeLessThan(0.06);
});

it('is silent in the pause, and steps into no part in mid-wave', async () => {
	const folder = await temporaryFolder();
	const parts = [await mp3(folder, 'a.mp3', 0.5), await mp3(folder, 'b.mp3', 0.5)];
	const { tools, output, spans } = await joined(parts, folder);
	const { stderr } = await runFfmpeg(tools, ['-i', output, '-af', 'silencedetect=noise=-60dB:duration=0.2', '-f', 'null', '-']);
	const start = Number(/silence_start: ([\d.]+)/.exec(stderr)?.[1]);
	const end = Number(/silence_end: ([\d.]+)/.exec(stderr)?.[1]);
	expect(start).toBeCloseTo(spans[0]?.endS ?? 0, 1);
	expect(end).toBeCloseTo(spans[1]?.startS ?? 0, 1);
});

it('joins parts that begin and end in mid-wave without a click', async () => {
	const folder = await temporaryFolder();
	const tools = await findFfmpeg();
	const parts = ['a.wav', 'b.wav'].map((name) => join(folder, name));
	// at its highest at the first sample, and near to it at the last; without loss, so that no encoder rounds the edges
	for (const part of parts) await runFfmpeg(tools, ['-filter_complex', 'aevalsrc=0.5*cos(2*PI*330*t):s=44100:d=0.5', '-c:a', 'pcm_s16le', part]);
	const { output, spans } = await joined(parts, folder);
	const pcm = join(folder, 'whole.pcm');
	await runFfmpeg(tools, ['-i', output, '-f', 's16le', pcm]);
	const bytes = await readFile(pcm);
	const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
	const steps = samples.slice(1).map((sample, index) => Math.abs(sample - (samples[index] ?? 0)));
	// the steepest step of the wave itself: amplitude times angular frequency over the sample rate
	const steepest = 0.5 * 32_768 * ((2 * Math.PI * 330) / 44_100);
	expect(spans).toHaveLength(2);
	expect(Math.max(...steps)).toBeLessThan(1.15 * steepest);
	expect(Math.abs(samples[0] ?? 0)).toBeLessThan(steepest);
	expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(steepest);
});

it('leaves nothing but the narration behind, also when a part is broken', async () => {
	const folder = await temporaryFolder();
	const part = await mp3(folder, 'a.mp3', 0.3);
	await joined([part], folder);
	expect((await readdir(folder)).sort()).toEqual(['a.mp3', 'whole.flac']);
	const tools = await findFfmpeg();
	const output = join(folder, 'other.flac');
	await expect(joinSpeech({ parts: [part, join(folder, 'missing.mp3')], output, folder, tools })).rejects.toThrow();
	expect((await readdir(folder)).sort()).toEqual(['a.mp3', 'whole.flac']);
});

it('reads no playlist in place of sound', async () => {
	const folder = await temporaryFolder();
	const part = await mp3(folder, 'a.mp3', 0.3);
	const list = join(folder, 'list.mp3');
	await writeFile(list, `#EXTM3U\n#EXTINF:1,\n${part}\n#EXT-X-ENDLIST\n`);
	await expect(joined([list], folder)).rejects.toMatchObject({ errorClass: 'invalid-request' });
});
