/** From script, voice and footage to one finished video file. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { together } from '../concurrency';
import type { Script, SpeechResult, VideoResult } from '../documents';
import { invalidRequest, YtempireError } from '../errors';
import { contentHash, mediaFile } from '../hash';
import type { FootageLibrary } from '../providers/footage/library';
import type { CaptionOptions } from './caption-style';
import { writeSubtitles } from './caption-tracks';
import { usableEncoder, type Encoder } from './encoder';
import { probe, sweepAside, type FfmpegTools } from './ffmpeg';
import { FRAME_RATES } from './formats';
import { joinSegments } from './join';
import type { OwnMedia } from './own-media';
import { picturesFor, type PaintScene } from './pictures';
import { renderScenes } from './render';
import { videoText } from './scene-text';
import type { Segment, SegmentSettings } from './segment';
import type { Music } from './sound';
import { renderSoundtrack } from './soundtrack';
import { timeLimitS, within } from './time-limit';
import { sceneFrames } from './timeline';
import type { Transition } from './transition';

export interface ComposeInput {
	script: Script;
	speech: SpeechResult;
	/** Without one scenes show own media, painted pictures or titled cards. */
	footage: FootageLibrary | undefined;
	/** Shown before anything that is found. */
	ownMedia?: readonly OwnMedia[];
	/** For scenes that have no footage; without it they show a titled card. */
	paint?: PaintScene;
	/** Played under the voice. */
	music?: Music;
	/** Pixels, both even. */
	width: number;
	height: number;
	/** Whole frames a second, 24 to 60. */
	fps: number;
	/** x264's preset; the default is `veryfast`. */
	preset?: string;
	/** x264's quality; the default is 21. */
	crf?: number;
	/** The default is `x264`; a machine's own encoder that can't be used is replaced by it, with a warning. */
	encoder?: Encoder;
	/** How scenes begin; the default is `cut`. */
	transition?: Transition;
	/** How captions look, and whether they are burnt in. */
	captions?: CaptionOptions;
	/** Seconds for everything; the default grows with the video's length and size. */
	timeoutS?: number;
	/** Segments, the choice of footage and the finished file are kept here. */
	workDir: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	/** How often it was rendered before and is to be rendered anew: no segment of an earlier take is taken again. */
	take?: number;
	/** Segments rendered at once; the default is 2 where there are more than 2 cores. */
	concurrency?: number;
	onProgress?: (fraction: number, note: string) => void;
}

export const RENDER_DEFAULTS = { width: 1920, height: 1080, fps: 30, preset: 'veryfast', crf: 21, transition: 'cut' } as const;

/** Where the parts of the work end on the way from 0 to 1. */
const PROGRESS = { gathered: 0.15, rendered: 0.97 } as const;

/** @throws YtempireError by class: footage provider, ffmpeg's reason, `unavailable` when the time is up, or `cancelled` within a second */
export async function composeVideo(input: ComposeInput): Promise<VideoResult> {
	refuseUnfit(input);
	const { width, height, fps, speech } = input;
	const limitS = input.timeoutS || timeLimitS(speech.duration_s, { width, height, fps });
	return await within(limitS, input.signal, async (signal) => await compose({ ...input, signal }));
}

async function compose(input: ComposeInput): Promise<VideoResult> {
	const { script, speech, tools, signal, fps, width, height } = input;
	const folder = join(input.workDir, input.take ? `segments-${input.take}` : 'segments');
	await mkdir(folder, { recursive: true });
	await Promise.all([sweepAside(input.workDir), sweepAside(folder)]);
	const encoding = await usableEncoder(
		tools,
		{
			encoder: input.encoder ?? 'x264',
			preset: input.preset ?? RENDER_DEFAULTS.preset,
			crf: input.crf ?? RENDER_DEFAULTS.crf,
		},
		signal,
	);
	const settings: SegmentSettings = { ...encoding.settings, width, height, fps };

	const scenes = sceneFrames(speech.scenes, speech.duration_s, fps);
	const shown = await picturesFor({
		...input,
		scenes,
		onProgress: (fraction, note) => input.onProgress?.(PROGRESS.gathered * fraction, note),
	});
	const text = await videoText(scenes, input);
	const [segments, soundtrack] = await together(
		signal,
		(all) =>
			renderScenes({
				scenes: scenes.map(({ frames }, index) => ({
					frames,
					pictures: shown.pictures[index] ?? [],
					cues: text.scenes[index]?.cues ?? [],
					onScreenText: text.scenes[index]?.onScreenText ?? '',
				})),
				title: script.title,
				look: text.look,
				transition: input.transition ?? RENDER_DEFAULTS.transition,
				...{ settings, folder, tools, signal: all },
				concurrency: input.concurrency,
				onProgress: (fraction, note) =>
					input.onProgress?.(PROGRESS.gathered + (PROGRESS.rendered - PROGRESS.gathered) * fraction, note),
			}),
		(all) => {
			const durationS = scenes.reduce((sum, { frames }) => sum + frames, 0) / fps;
			return renderSoundtrack({ speech, music: input.music, durationS, ...{ folder, tools, signal: all } });
		},
	);

	const stem = join(input.workDir, `video-${fingerprint(segments, input)}`);
	const path = `${stem}.mp4`;
	await joinSegments({
		...{ segments, folder, soundtrack, fps, path, tools, signal },
		onProgress: (fraction) =>
			input.onProgress?.(PROGRESS.rendered + (1 - PROGRESS.rendered) * fraction, 'Joining the scenes and the sound'),
	});
	const frames = await countFrames(path, segments, input);
	return {
		file: await mediaFile(path, 'video/mp4'),
		width: settings.width,
		height: settings.height,
		fps,
		duration_s: frames / fps,
		sources: shown.sources,
		shown: shown.shown,
		captions: text.captions,
		subtitles: await writeSubtitles(stem, text.subtitles),
		warnings: [...(tools.passedOver ? [`The system's ffmpeg was not used: ${tools.passedOver}`] : []), ...encoding.warnings, ...shown.warnings, ...text.warnings],
	};
}

function refuseUnfit({ script, speech, width, height, fps }: ComposeInput): void {
	const issues = [
		...(speech.scenes.length > 0 ? [] : [{ field: 'speech.scenes', reason: 'at least one scene' }]),
		...(speech.duration_s > 0 ? [] : [{ field: 'speech.duration_s', reason: 'more than 0 seconds' }]),
		...(script.scenes.length > 0 ? [] : [{ field: 'script.scenes', reason: 'at least one scene' }]),
		...(isSide(width) ? [] : [{ field: 'width', reason: 'an even number from 128 to 7680' }]),
		...(isSide(height) ? [] : [{ field: 'height', reason: 'an even number from 128 to 7680' }]),
		...(Number.isInteger(fps) && fps >= FRAME_RATES.least && fps <= FRAME_RATES.most ? [] : [{ field: 'fps', reason: 'a whole number from 24 to 60' }]),
	];
	if (issues.length === 0) return;
	throw invalidRequest('The video cannot be made from this', {
		issues,
		cure: 'Give the script and the speech as the nodes before give them, and a usual format.',
	});
}

function isSide(pixels: number): boolean {
	return Number.isInteger(pixels) && pixels % 2 === 0 && pixels >= 128 && pixels <= 7680;
}

/** The finished file must hold every frame of every segment. */
async function countFrames(
	path: string,
	segments: readonly Segment[],
	{ tools, signal }: ComposeInput,
): Promise<number> {
	const wanted = segments.reduce((sum, { frames }) => sum + frames, 0);
	const { video, audio } = await probe(tools, path, signal);
	if (video?.frames === wanted && audio) return wanted;
	throw new YtempireError(
		'unavailable',
		`The joined video has ${video?.frames ?? 0} frames where ${wanted} were rendered${audio ? '' : ', and no sound'}`,
		{ cure: 'Run it again; if it lasts, use another build of ffmpeg.' },
	);
}

/** The same scenes under the same voice and music are the same file. */
function fingerprint(segments: readonly Segment[], { speech, music }: ComposeInput): string {
	const sound = music ? [speech.audio.sha256, music.file.sha256, music.volumeDb] : [speech.audio.sha256];
	return contentHash([segments.map(({ name }) => name), ...sound]).slice(0, 16);
}
