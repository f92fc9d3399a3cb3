/** A clip or picture that a scene shows, measured: how long it is, how its colours are coded, how it was held. */
import type { MediaFile } from '../documents';
import { invalidRequest } from '../errors';
import { exifOrientation } from './exif';
import { CLIP_FORMATS, pictureDemuxer, probe, type FfmpegTools, type PictureDemuxer, type VideoStream } from './ffmpeg';

/** What has to be known to show the colours and the sides of a file as they are meant. */
export interface Look {
	/** YCbCr matrix, as ffmpeg's `scale` names it. */
	matrix: 'bt601' | 'bt709' | 'bt2020';
	/** `pc`: 0 to 255; `tv`: 16 to 235. */
	range: 'pc' | 'tv';
	/** Brightness beyond what a usual screen shows: to be mapped into it. */
	isHdr: boolean;
	/** EXIF orientation of a photo, 1 to 8. The rotation of clips is ffmpeg's own work. */
	orientation: number;
	/** Of a photo. */
	demuxer?: PictureDemuxer;
}

export interface Picture {
	kind: 'photo' | 'video';
	file: MediaFile;
	/** Seconds of picture; 0 for a photo. */
	durationS: number;
	look: Look;
}

/** From this height on a file that doesn't say so is taken for HD, whose matrix is BT.709 (as players do). */
const HD_HEIGHT = 720;

/** @throws YtempireError `invalid-request` when there is no picture in the file, or it can't be read */
export async function measurePicture(
	tools: FfmpegTools,
	kind: Picture['kind'],
	file: MediaFile,
	signal?: AbortSignal,
): Promise<Picture> {
	const demuxer = kind === 'photo' ? await pictureDemuxer(file.path) : undefined;
	const { video, durationS } = await probe(tools, file.path, signal, demuxer ? { demuxer } : CLIP_FORMATS);
	if (!video || (kind === 'video' && !(video.durationS || durationS))) {
		throw invalidRequest(`There is no ${kind === 'photo' ? 'picture' : 'moving picture'} in ${file.path}`, {
			reason: 'no-picture',
			cure: 'Give an MP4, MOV, MKV or WebM clip, or a PNG, JPEG or WebP picture.',
		});
	}
	return {
		kind,
		file,
		durationS: kind === 'photo' ? 0 : video.durationS || durationS,
		look: { ...lookOf(video), orientation: demuxer ? await exifOrientation(file.path) : 1, ...(demuxer && { demuxer }) },
	};
}

function lookOf(video: VideoStream): Omit<Look, 'demuxer' | 'orientation'> {
	const { colorSpace, colorTransfer, pixelFormat } = video;
	// JPEG's own kind: BT.601, full range
	const isJpeg = pixelFormat.startsWith('yuvj');
	return {
		matrix: matrixOf(colorSpace, video, isJpeg),
		range: isJpeg || video.colorRange === 'pc' ? 'pc' : 'tv',
		isHdr: colorTransfer === 'smpte2084' || colorTransfer === 'arib-std-b67',
	};
}

function matrixOf(colorSpace: string, { width, height, codec }: VideoStream, isJpeg: boolean): Look['matrix'] {
	if (colorSpace.startsWith('bt2020')) return 'bt2020';
	if (colorSpace === 'bt709') return 'bt709';
	if (['smpte170m', 'bt470bg', 'smpte240m', 'fcc'].includes(colorSpace) || isJpeg || codec === 'webp') return 'bt601';
	return Math.min(width, height) >= HD_HEIGHT ? 'bt709' : 'bt601';
}
