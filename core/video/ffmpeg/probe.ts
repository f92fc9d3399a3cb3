/** What ffprobe says about a file, typed; and how much sound really decodes. */
import { open } from 'node:fs/promises';

import { invalidRequest, YtempireError } from '../../errors';
import type { FfmpegTools } from './find';
import { runProcess } from './process';
import { lastMeaningfulLines, runFfmpeg } from './run';

export interface VideoStream {
	codec: string;
	/** e.g. `High`. */
	profile: string;
	pixelFormat: string;
	/** As coded: before `rotation` and `sampleAspect`. */
	width: number;
	height: number;
	/** Base frame rate (`r_frame_rate`); 0 when unknown. */
	fps: number;
	/** Frames over length (`avg_frame_rate`); differs from `fps` when the rate varies. */
	averageFps: number;
	/** Seconds; 0 when the stream does not tell. */
	durationS: number;
	/** As the container counts them; 0 when it does not. */
	frames: number;
	/** Width of a pixel over its height. */
	sampleAspect: number;
	/** Degrees a player turns the picture, 0 to 359. */
	rotation: number;
	/** 2 or more when B-frames are used, as the decoder reports their delay. */
	bFrames: number;
	colorSpace: string;
	/** `tv`, `pc`, or empty when the stream does not tell. */
	colorRange: string;
	colorPrimaries: string;
	colorTransfer: string;
	/** e.g. `1/15360`. */
	timeBase: string;
}

export interface AudioStream {
	codec: string;
	profile: string;
	/** Hz. */
	sampleRate: number;
	channels: number;
	/** Seconds; 0 when the stream does not tell. */
	durationS: number;
	/** Bits a second; 0 when unknown. */
	bitRate: number;
}

export interface Probe {
	/** ffmpeg's demuxer names, e.g. `mov,mp4,m4a,3gp,3g2,mj2`. */
	formatName: string;
	/** Seconds, from the header: may be wrong for joined MP3. */
	durationS: number;
	bytes: number;
	/** The first stream of its kind; cover pictures don't count. */
	video?: VideoStream;
	audio?: AudioStream;
}

type Json = Record<string, unknown>;

/** Containers that a clip from outside may have: none of them can name other files. */
export const CLIP_FORMATS = 'mov,mp4,matroska,webm';

/** ffmpeg's demuxers of single pictures, which can't name other files. */
export type PictureDemuxer = 'jpeg_pipe' | 'png_pipe' | 'webp_pipe';

/**
 * By the first bytes: by itself ffmpeg goes by a picture's name, and takes it for a row of files.
 * @returns undefined for another kind of file
 */
export async function pictureDemuxer(path: string): Promise<PictureDemuxer | undefined> {
	const file = await open(path, 'r');
	try {
		const head = Buffer.alloc(12);
		await file.read(head, 0, head.length, 0);
		const text = head.toString('latin1');
		if (text.startsWith('\xff\xd8\xff')) return 'jpeg_pipe';
		if (text.startsWith('\x89PNG\r\n')) return 'png_pipe';
		return text.startsWith('RIFF') && text.endsWith('WEBP') ? 'webp_pipe' : undefined;
	} finally {
		await file.close();
	}
}

/**
 * @param formats only these containers, by ffmpeg's names with commas between, or a picture's own demuxer; all when left out
 * @throws YtempireError `invalid-request` when the file is not there or not readable as media; `unavailable` when ffprobe was killed
 */
export async function probe(
	tools: FfmpegTools,
	path: string,
	signal?: AbortSignal,
	formats?: string | { demuxer: PictureDemuxer },
): Promise<Probe> {
	const out: string[] = [];
	const log: string[] = [];
	const end = await runProcess(
		tools.ffprobe,
		[
			'-hide_banner', '-loglevel', 'level+error', '-protocol_whitelist', 'file,pipe',
			'-print_format', 'json', '-show_format', '-show_streams',
			...(typeof formats === 'object' ? ['-f', formats.demuxer] : formats ? ['-format_whitelist', formats] : []), '-i', path,
		],
		{
			signal,
			timeoutMs: 60_000,
			onStdoutLine: (line) => out.push(line),
			onStderrLine: (line) => log.push(line),
		},
	);
	if (end.endedBy) {
		throw new YtempireError('unavailable', `ffprobe was killed by ${end.endedBy}`, {
			cure: 'Most often the machine ran out of memory: give it more, or let less run at once.',
		});
	}
	if (end.code !== 0) {
		throw invalidRequest(`ffprobe can't read ${path}: ${lastMeaningfulLines(log)}`, {
			reason: lastMeaningfulLines(log),
			cure: 'Check that the file is there and is a whole audio or video file.',
		});
	}
	const { format = {}, streams = [] } = JSON.parse(out.join('\n')) as {
		format?: Json;
		streams?: Json[];
	};
	const video = streams.find(
		(stream) => stream.codec_type === 'video' && object(stream.disposition).attached_pic !== 1,
	);
	const audio = streams.find((stream) => stream.codec_type === 'audio');
	return {
		formatName: text(format.format_name),
		durationS: number(format.duration),
		bytes: number(format.size),
		...(video && { video: videoStream(video) }),
		...(audio && { audio: audioStream(audio) }),
	};
}

/**
 * Seconds of sound that decode from the first audio stream, whatever the header claims.
 * @throws YtempireError `invalid-request` when there is no sound in the file
 */
export async function decodedDuration(
	tools: FfmpegTools,
	path: string,
	signal?: AbortSignal,
): Promise<number> {
	const rate = 48_000;
	const { stderr } = await runFfmpeg(
		tools,
		['-i', path, '-map', '0:a:0', '-af', `aresample=${rate},aformat=channel_layouts=mono,astats`, '-f', 'null', '-'],
		{ signal },
	);
	const samples = [...stderr.matchAll(/Number of samples: (\d+)/g)].at(-1)?.[1];
	return Number(samples ?? 0) / rate;
}

function videoStream(stream: Json): VideoStream {
	const sideData = Array.isArray(stream.side_data_list) ? (stream.side_data_list as Json[]) : [];
	const turned = sideData.map((entry) => entry.rotation).find((angle) => angle !== undefined);
	// the display matrix counts against the clock, the old tag with it
	const rotation = turned === undefined ? number(object(stream.tags).rotate) : -number(turned);
	return {
		codec: text(stream.codec_name),
		profile: text(stream.profile),
		pixelFormat: text(stream.pix_fmt),
		width: number(stream.width),
		height: number(stream.height),
		fps: ratio(stream.r_frame_rate, '/', 0),
		averageFps: ratio(stream.avg_frame_rate, '/', 0),
		durationS: number(stream.duration),
		frames: number(stream.nb_frames),
		sampleAspect: ratio(stream.sample_aspect_ratio, ':', 1) || 1,
		rotation: ((rotation % 360) + 360) % 360,
		bFrames: number(stream.has_b_frames),
		colorSpace: text(stream.color_space),
		colorRange: text(stream.color_range),
		colorPrimaries: text(stream.color_primaries),
		colorTransfer: text(stream.color_transfer),
		timeBase: text(stream.time_base),
	};
}

function audioStream(stream: Json): AudioStream {
	return {
		codec: text(stream.codec_name),
		profile: text(stream.profile),
		sampleRate: number(stream.sample_rate),
		channels: number(stream.channels),
		durationS: number(stream.duration),
		bitRate: number(stream.bit_rate),
	};
}

function object(value: unknown): Json {
	return value !== null && typeof value === 'object' ? (value as Json) : {};
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
	const parsed = Number(value);
	return Number.isFinite(parsed) ? parsed : 0;
}

function ratio(value: unknown, separator: string, fallback: number): number {
	const [numerator, denominator] = text(value).split(separator).map(Number);
	const quotient = (numerator ?? NaN) / (denominator ?? NaN);
	return Number.isFinite(quotient) ? quotient : fallback;
}
