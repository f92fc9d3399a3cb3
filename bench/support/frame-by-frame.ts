/**
 * The peer: how factories built on MoviePy make the same video (MoneyPrinterTurbo's arrangement: every clip to a
 * file, the files joined, a last pass that puts captions on each frame). As there, one thread of an interpreter gets every
 * frame as raw RGB through a pipe, works on it, and hands it to an encoder through another pipe.
 * Python isn't needed for the bench, so Node stands in for it, with typed arrays in place of NumPy and Pillow.
 * Where the two differ the peer is spared: scaling reads 4 pixels in place of Pillow's Lanczos window, clips are joined
 * by copying where MoviePy may encode again, captions are pictures drawn beforehand, and loudness is left out.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RenderJob } from './render-run';

const FPS = 30;
const [job, ffmpeg = 'ffmpeg'] = process.argv.slice(2);
const { speech, clips, music, width, height, workDir } = JSON.parse(readFileSync(job ?? '', 'utf8')) as RenderJob;
const ENCODER = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p'];
const QUIET = ['-loglevel', 'error', '-nostdin', '-y'];

async function make(): Promise<void> {
	const began = performance.now();
	const parts: string[] = [];
	for (const [index, scene] of speech.scenes.entries()) {
		const part = join(workDir, `part-${index}.mp4`);
		await clipToFile(clips[index % clips.length] ?? '', Math.round((scene.end_s - scene.start_s) * FPS), part);
		parts.push(part);
	}
	const list = join(workDir, 'parts.txt');
	const joined = join(workDir, 'joined.mp4');
	writeFileSync(list, parts.map((part) => `file '${part}'\n`).join(''));
	await ended(spawn(ffmpeg, [...QUIET, '-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', joined]));
	await lastPass(joined, join(workDir, 'peer.mp4'));
	console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000 }));
}

/** `VideoFileClip(…).resized(…)` and `write_videofile`: the frame nearest in time, scaled. */
async function clipToFile(path: string, frames: number, output: string): Promise<void> {
	const info = await sizeOf(path);
	const decoder = spawn(ffmpeg, [...QUIET, '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
	const encoder = encoderTo(output, []);
	const source = framesOf(decoder, info.width * info.height * 3);
	let at = -1;
	let current: Buffer = Buffer.alloc(0);
	for (let frame = 0; frame < frames; frame++) {
		const wanted = Math.floor((frame / FPS) * info.fps + 0.5);
		while (at < wanted) {
			const next = await source.next();
			if (next.done) break;
			current = next.value;
			at++;
		}
		await write(encoder, info.width === width && info.height === height ? current : resized(current, info.width, info.height));
	}
	await source.return?.(undefined);
	decoder.kill('SIGKILL');
	encoder.stdin?.end();
	await ended(encoder);
}

/** `CompositeVideoClip([video, captions…])`: each frame to RGBA, the caption laid over it, back to RGB. */
async function lastPass(path: string, output: string): Promise<void> {
	const decoder = spawn(ffmpeg, [...QUIET, '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
	const sound = ['-i', speech.audio.path, '-stream_loop', '-1', '-i', music, '-filter_complex', '[2:a]volume=0.2[m];[1:a][m]amix=duration=first[a]', '-map', '0:v', '-map', '[a]', '-c:a', 'aac', '-shortest'];
	const encoder = encoderTo(output, sound);
	const caption = await captionPicture();
	const canvas = new Uint8Array(width * height * 4);
	let frame = 0;
	for await (const picture of framesOf(decoder, width * height * 3)) {
		for (let from = 0, to = 0; from < picture.length; from += 3, to += 4) {
			canvas[to] = picture[from] as number;
			canvas[to + 1] = picture[from + 1] as number;
			canvas[to + 2] = picture[from + 2] as number;
			canvas[to + 3] = 255;
		}
		if (isSpoken(frame++ / FPS)) layOver(canvas, caption);
		const out = Buffer.allocUnsafe(picture.length);
		for (let from = 0, to = 0; to < out.length; from += 4, to += 3) {
			out[to] = canvas[from] as number;
			out[to + 1] = canvas[from + 1] as number;
			out[to + 2] = canvas[from + 2] as number;
		}
		await write(encoder, out);
	}
	encoder.stdin?.end();
	await ended(encoder);
}

function isSpoken(time: number): boolean {
	return speech.scenes.some(({ words }) => time >= (words[0]?.start_s ?? 0) && time < (words.at(-1)?.end_s ?? 0));
}

function layOver(canvas: Uint8Array, { pixels, columns, rows }: { pixels: Buffer; columns: number; rows: number }): void {
	const [left, top] = [Math.floor((width - columns) / 2), Math.floor(height * 0.8)];
	for (let y = 0; y < rows; y++) {
		for (let x = 0; x < columns; x++) {
			const from = (y * columns + x) * 4;
			const to = ((top + y) * width + left + x) * 4;
			const share = (pixels[from + 3] as number) / 255;
			for (let channel = 0; channel < 3; channel++) {
				canvas[to + channel] = (canvas[to + channel] as number) * (1 - share) + (pixels[from + channel] as number) * share;
			}
		}
	}
}

/** Stands for a caption drawn by Pillow: what it shows costs nothing, its area does. */
async function captionPicture(): Promise<{ pixels: Buffer; columns: number; rows: number }> {
	const [columns, rows] = [Math.round(width * 0.64), Math.round(height * 0.14)];
	const decoder = spawn(ffmpeg, [...QUIET, '-f', 'lavfi', '-i', `testsrc2=size=${columns}x${rows},format=rgba,colorchannelmixer=aa=0.8`, '-frames:v', '1', '-f', 'rawvideo', '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
	const { value } = await framesOf(decoder, columns * rows * 4).next();
	return { pixels: value as Buffer, columns, rows };
}

/** Covers the frame, reading four pixels for each. */
function resized(source: Buffer, fromWidth: number, fromHeight: number): Buffer {
	const out = Buffer.allocUnsafe(width * height * 3);
	const scale = Math.min(fromWidth / width, fromHeight / height);
	const [left, top] = [(fromWidth - width * scale) / 2, (fromHeight - height * scale) / 2];
	for (let y = 0, to = 0; y < height; y++) {
		const fromY = Math.min(fromHeight - 1.001, Math.max(0, top + (y + 0.5) * scale - 0.5));
		const y0 = Math.floor(fromY);
		const v = fromY - y0;
		for (let x = 0; x < width; x++, to += 3) {
			const fromX = Math.min(fromWidth - 1.001, Math.max(0, left + (x + 0.5) * scale - 0.5));
			const x0 = Math.floor(fromX);
			const u = fromX - x0;
			const a = (y0 * fromWidth + x0) * 3;
			const b = a + fromWidth * 3;
			for (let channel = 0; channel < 3; channel++) {
				const above = (source[a + channel] as number) * (1 - u) + (source[a + 3 + channel] as number) * u;
				const below = (source[b + channel] as number) * (1 - u) + (source[b + 3 + channel] as number) * u;
				out[to + channel] = above * (1 - v) + below * v;
			}
		}
	}
	return out;
}

async function* framesOf(decoder: ChildProcess, size: number): AsyncGenerator<Buffer, undefined> {
	let frame = Buffer.allocUnsafe(size);
	let filled = 0;
	for await (const part of decoder.stdout as AsyncIterable<Buffer>) {
		for (let at = 0; at < part.length; ) {
			const taken = part.copy(frame, filled, at);
			at += taken;
			filled += taken;
			if (filled < size) continue;
			yield frame;
			frame = Buffer.allocUnsafe(size);
			filled = 0;
		}
	}
	return undefined;
}

function encoderTo(output: string, more: readonly string[]): ChildProcess {
	const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(FPS), '-i', '-'];
	return spawn(ffmpeg, [...QUIET.filter((arg) => arg !== '-nostdin'), ...input, ...more, ...ENCODER, output], { stdio: ['pipe', 'ignore', 'inherit'] });
}

async function write(encoder: ChildProcess, frame: Buffer): Promise<void> {
	if (encoder.stdin?.write(frame) === false) await once(encoder.stdin, 'drain');
}

async function ended(child: ChildProcess): Promise<void> {
	const code = child.exitCode ?? ((await once(child, 'close'))[0] as number | null);
	if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}

async function sizeOf(path: string): Promise<{ width: number; height: number; fps: number }> {
	const child = spawn(ffmpeg, ['-hide_banner', '-i', path], { stdio: ['ignore', 'ignore', 'pipe'] });
	let log = '';
	child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
	await once(child, 'close');
	const [, across, down, fps] = /Video:.* (\d{3,})x(\d{3,}).* ([\d.]+) fps/.exec(log) ?? [];
	return { width: Number(across), height: Number(down), fps: Number(fps) };
}

void make();
