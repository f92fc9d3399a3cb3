/** One shot: a part of a clip, a moving photo or a drawn card, as ffmpeg's input and the filters that fill the frame with it. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import type { MediaFile } from '../documents';
import { cardSource } from './card';
import { uprightFilters } from './exif';
import { CLIP_FORMATS, type FfmpegTools } from './ffmpeg';
import { motionFilter } from './motion';
import type { Look } from './picture';

interface Part {
	/** Frames of the output that it lasts. */
	frames: number;
	/** Frames of the output that it has been shown before: more than 0 where it goes on under a transition. */
	startFrame: number;
}

export interface ClipShot extends Part {
	kind: 'video';
	file: MediaFile;
	look: Look;
	/** Frames of the output that the whole clip fills. */
	clipFrames: number;
}

export interface PhotoShot extends Part {
	kind: 'photo';
	file: MediaFile;
	look: Look;
	/** Frames over which it moves. */
	wholeFrames: number;
}

export interface CardShot extends Part {
	kind: 'card';
	/** Chooses the colours. */
	text: string;
}

export type Shot = CardShot | ClipShot | PhotoShot;

export interface FrameSize {
	width: number;
	height: number;
	/** Whole frames a second. */
	fps: number;
}

/** What makes the picture: two shots with the same value give the same frames. */
export function shotKey(shot: Shot): unknown {
	return shot.kind === 'card' ? shot : { ...shot, file: shot.file.sha256 };
}

/** Where the encoder needs every core decoding on several threads costs memory and saves no time. */
const ONE_THREAD = ['-threads', '1'];

/** Arguments of one input. */
export function shotInput(shot: Shot, size: FrameSize): string[] {
	if (shot.kind === 'card') return ['-f', 'lavfi', '-i', cardSource(shot.text, size, shot.startFrame)];
	if (shot.kind === 'photo') {
		return [
			// turned by its own filters, as only newer builds read how it was held
			'-noautorotate', '-f', shot.look.demuxer ?? 'png_pipe', '-framerate', String(size.fps), '-i', resolve(shot.file.path),
		];
	}
	const startFrame = placeInClip(shot);
	return [
		...(availableParallelism() > 2 ? [] : ONE_THREAD),
		// endless, so that a clip a frame shorter than announced still fills its part
		'-stream_loop', '-1',
		...(startFrame > 0 ? ['-ss', (startFrame / size.fps).toFixed(6)] : []),
		'-format_whitelist', CLIP_FORMATS, '-i', resolve(shot.file.path),
	];
}

/** Filters that give exactly its frames, in the output's size and colours, from time 0. */
export function shotFilters(shot: Shot, size: FrameSize, tools: FfmpegTools): string {
	const end = `trim=end_frame=${shot.frames},setpts=PTS-STARTPTS`;
	if (shot.kind === 'card') return end;
	if (shot.kind === 'photo') {
		return [
			'setsar=1', ...uprightFilters(shot.look.orientation), ...cover(shot.look, size, 'lanczos', tools),
			'loop=loop=-1:size=1:start=0', 'setpts=N',
			motionFilter(shot.file.sha256, { ...shot, fps: size.fps }), end,
		].join(',');
	}
	return [`fps=${size.fps}`, ...cover(shot.look, size, 'bicubic', tools), ...held(shot), end].join(',');
}

/** Scaled until it covers the frame, the rest cut off evenly. `dar` counts oblong pixels in. */
function cover(look: Look, { width, height }: FrameSize, scaler: string, tools: FfmpegTools): string[] {
	const isMapped = look.isHdr && tools.filters.has('zscale') && tools.filters.has('tonemap');
	const colours = isMapped
		? 'in_color_matrix=bt709:in_range=tv'
		: `in_color_matrix=${look.matrix}:in_range=${look.range}`;
	const side = (own: number, other: string) => `'2*ceil(max(${own}\\,${other})/2-0.01)'`;
	return [
		...(isMapped ? TONE_MAPPED : []),
		`scale=w=${side(width, `${height}*dar`)}:h=${side(height, `${width}/dar`)}:flags=${scaler}:${colours}:out_color_matrix=bt709:out_range=tv`,
		`crop=${width}:${height}`,
		'setsar=1',
		'format=yuv420p',
	];
}

/** PQ or HLG of BT.2020 into BT.709 (the chain of ffmpeg's own documentation of `tonemap`). */
const TONE_MAPPED = [
	'zscale=t=linear:npl=100', 'format=gbrpf32le', 'zscale=p=bt709', 'tonemap=tonemap=hable:desat=0',
	'zscale=t=bt709:m=bt709:r=tv', 'format=yuv420p',
];

/** Where a clip that has run for `startFrame` frames is by now; one that has just ended is at its last frame. */
function placeInClip({ startFrame, clipFrames }: ClipShot): number {
	const place = startFrame % Math.max(1, clipFrames);
	return startFrame > 0 && place === 0 ? Math.max(0, clipFrames - 1) : place;
}

/** Going on under a transition, a clip at its end stands still: its beginning would flash up. */
function held(shot: ClipShot): string[] {
	const left = Math.max(1, shot.clipFrames - placeInClip(shot));
	if (shot.startFrame === 0 || left >= shot.frames) return [];
	return [`trim=end_frame=${left}`, `loop=loop=${shot.frames}:size=1:start=${left - 1}`, 'setpts=N'];
}
