/** From script, voice and footage to one finished video file. */
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { mapLimited } from '../concurrency';
import type { Script, VideoResult } from '../documents';
import { invalidRequest, YtempireError } from '../errors';
import { contentHash, mediaFile } from '../hash';
import { gatherFootage, type Clip, type Gathered } from '../providers/footage/gather';
import type { FootageLibrary } from '../providers/footage/library';
import { asCaptionCue, captionCues, type TimedCue } from './captions';
import { probe, sweepAside, type FfmpegTools } from './ffmpeg';
import { captionFont } from './fonts';
import { joinSegments } from './join';
import { layoutFor } from './layout';
import { renderSegment, type Segment, type SegmentSettings } from './segment';
import type { Music } from './sound';
import { sceneFrames, shotsFor, type SceneFrames } from './timeline';

export interface ComposeInput {
	script: Script;
	speech: SpeechResult;
	/** Without one every scene is a titled card. */
	footage: FootageLibrary | undefined;
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
	/** Segments, the choice of footage and the finished file are kept here. */
	workDir: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	/** Segments rendered at once; the default is 2 where there are 2 cores. */
	concurrency?: number;
	onProgress?: (fraction: number, note: string) => void;
}

export const RENDER_DEFAULTS = { width: 1920, height: 1080, fps: 30, preset: 'veryfast', crf: 21 } as const;

/** x264 gains no speed from a third process: each uses all cores by itself. */
const SEGMENTS_AT_ONCE = 2;

/** Where the parts of the work end on the way from 0 to 1. */
const PROGRESS = { gathered: 0.15, rendered: 0.9 } as const;

/** @throws YtempireError by class: footage provider, ffmpeg's reason, or `cancelled` within a second */
export async function composeVideo(input: ComposeInput): Promise<VideoResult> {
	const { speech, tools, signal, fps } = input;
	refuseUnfit(input);
	const settings: SegmentSettings = {
		width: input.width,
		height: input.height,
		fps,
		preset: input.preset ?? RENDER_DEFAULTS.preset,
		crf: input.crf ?? RENDER_DEFAULTS.crf,
	};
	const folder = join(input.workDir, 'segments');
	await mkdir(folder, { recursive: true });
	await Promise.all([sweepAside(input.workDir), sweepAside(folder)]);

	const scenes = sceneFrames(speech.scenes, speech.duration_s, fps);
	const gathered = await footageFor(scenes, input);
	const texts = await sceneTexts(scenes, input);
	const segments = await renderAll(scenes, gathered.clips, texts, settings, folder, input);

	const path = join(input.workDir, `video-${fingerprint(segments, input)}.mp4`);
	await joinSegments({
		segments,
		folder,
		speech,
		music: input.music,
		fps,
		path,
		tools,
		signal,
		onProgress: (fraction) =>
			input.onProgress?.(PROGRESS.rendered + (1 - PROGRESS.rendered) * fraction, 'Mixing the sound and joining the scenes'),
	});
	const frames = await countFrames(path, segments, input);
	return {
		file: await mediaFile(path, 'video/mp4'),
		width: settings.width,
		height: settings.height,
		fps,
		duration_s: frames / fps,
		sources: gathered.clips.flat().map(({ source }) => source),
		captions: texts.flatMap(({ cues, startS }) =>
			cues.map((cue) => {
				const { start_s, end_s, text } = asCaptionCue(cue);
				return { start_s: start_s + startS, end_s: end_s + startS, text };
			}),
		),
		warnings: gathered.warnings,
	};
}

function refuseUnfit({ script, speech, width, height, fps }: ComposeInput): void {
	const issues = [
		...(speech.scenes.length > 0 ? [] : [{ field: 'speech.scenes', reason: 'at least one scene' }]),
		...(speech.duration_s > 0 ? [] : [{ field: 'speech.duration_s', reason: 'more than 0 seconds' }]),
		...(script.scenes.length > 0 ? [] : [{ field: 'script.scenes', reason: 'at least one scene' }]),
		...(isSide(width) ? [] : [{ field: 'width', reason: 'an even number from 128 to 7680' }]),
		...(isSide(height) ? [] : [{ field: 'height', reason: 'an even number from 128 to 7680' }]),
		...(Number.isInteger(fps) && fps >= 24 && fps <= 60 ? [] : [{ field: 'fps', reason: 'a whole number from 24 to 60' }]),
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

async function footageFor(scenes: readonly SceneFrames[], input: ComposeInput): Promise<Gathered> {
	const { script, footage, width, height, fps, workDir, tools, signal } = input;
	if (!footage) {
		return {
			clips: scenes.map(() => []),
			warnings: ['No footage provider is set: every scene shows a titled card'],
		};
	}
	return await gatherFootage({
		needs: scenes.map(({ sceneId, frames }) => ({
			sceneId,
			query: sceneOf(script, sceneId)?.visual_query || script.title,
			durationS: frames / fps,
		})),
		library: footage,
		width,
		height,
		workDir,
		tools,
		signal,
		onProgress: (fraction, note) => input.onProgress?.(PROGRESS.gathered * fraction, note),
	});
}

interface SceneCues {
	/** Where the scene begins in the video, in seconds. */
	startS: number;
	/** Times from the beginning of the scene. */
	cues: TimedCue[];
	onScreenText: string;
}

async function sceneTexts(
	scenes: readonly SceneFrames[],
	{ script, speech, width, height, fps }: ComposeInput,
): Promise<SceneCues[]> {
	const { metrics } = await captionFont();
	const { caption } = layoutFor(width, height);
	return scenes.map(({ index, sceneId, startFrame, frames }) => {
		const startS = startFrame / fps;
		const words = (speech.scenes[index]?.words ?? []).map((word) => ({
			text: word.text,
			start_s: word.start_s - startS,
			end_s: word.end_s - startS,
		}));
		return {
			startS,
			cues: captionCues(words, frames / fps, caption, metrics),
			onScreenText: sceneOf(script, sceneId)?.on_screen_text ?? '',
		};
	});
}

async function renderAll(
	scenes: readonly SceneFrames[],
	clips: readonly Clip[][],
	texts: readonly SceneCues[],
	settings: SegmentSettings,
	folder: string,
	input: ComposeInput,
): Promise<Segment[]> {
	const font = await captionFont();
	const layout = layoutFor(settings.width, settings.height);
	const total = scenes.reduce((sum, { frames }) => sum + frames, 0);
	const doneFrames = scenes.map(() => 0);
	let finished = 0;
	const report = () => {
		const share = doneFrames.reduce((sum, frames) => sum + frames, 0) / total;
		input.onProgress?.(
			PROGRESS.gathered + (PROGRESS.rendered - PROGRESS.gathered) * share,
			`Rendering: ${finished} of ${scenes.length} scenes`,
		);
	};
	return await mapLimited(
		scenes,
		input.concurrency ?? Math.min(SEGMENTS_AT_ONCE, availableParallelism()),
		async ({ frames }, index, signal) => {
			const own = clips[index] ?? [];
			const shots = shotsFor(frames, own, settings.fps).map((shot) => ({
				file: shot.clip.file,
				sampleAspect: shot.clip.sampleAspect,
				frames: shot.frames,
			}));
			const isCard = shots.length === 0;
			const text = texts[index];
			const segment = await renderSegment({
				shots,
				frames,
				text: {
					cues: text?.cues ?? [],
					onScreenText: text?.onScreenText || (isCard ? input.script.title : ''),
					isCard,
					durationS: frames / settings.fps,
				},
				layout,
				font,
				settings,
				folder,
				tools: input.tools,
				signal,
				onProgress: (fraction) => {
					doneFrames[index] = fraction * frames;
					report();
				},
			});
			doneFrames[index] = frames;
			finished++;
			report();
			return segment;
		},
		input.signal,
	);
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

function sceneOf(script: Script, sceneId: string) {
	return script.scenes.find(({ id }) => id === sceneId);
}

/** The same scenes under the same voice and music are the same file. */
function fingerprint(segments: readonly Segment[], { speech, music }: ComposeInput): string {
	const sound = music ? [speech.audio.sha256, music.file.sha256, music.volumeDb] : [speech.audio.sha256];
	return contentHash([segments.map(({ name }) => name), ...sound]).slice(0, 16);
}
