/** The door to ffmpeg: find it, run it, ask ffprobe, write its output aside. */
export { findFfmpeg, type FfmpegTools } from './find';
export {
	CLIP_FORMATS,
	decodedDuration,
	pictureDemuxer,
	probe,
	type AudioStream,
	type PictureDemuxer,
	type Probe,
	type VideoStream,
} from './probe';
export { isMachineTrouble } from './process';
export { runFfmpeg, type FfmpegProgress, type RunOptions } from './run';
export { sweepAside, writeAside } from './aside';
