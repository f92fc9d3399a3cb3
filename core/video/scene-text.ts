/** The text of a whole video: what is burnt into each scene, and what its subtitle files say. */
import type { CaptionCue, Script, SpeechResult, Word } from '../documents';
import { captionLook, type CaptionLook } from './ass';
import { captionStyle, captionText, type CaptionOptions } from './caption-style';
import { asCaptionCue, captionCues, type TimedCue } from './captions';
import type { SceneFrames } from './timeline';

export interface SceneCues {
	/** Burnt in; times from the beginning of the scene. */
	cues: TimedCue[];
	onScreenText: string;
}

export interface VideoText {
	look: CaptionLook;
	/** In the order of the scenes that were given. */
	scenes: SceneCues[];
	/** As they are seen in the picture; when nothing is burnt in, as the files say them. */
	captions: CaptionCue[];
	/** For subtitle files: sentences in two lines, however few words the style shows at once. */
	subtitles: CaptionCue[];
	warnings: string[];
}

interface TextInput {
	script: Script;
	speech: SpeechResult;
	/** Pixels. */
	width: number;
	height: number;
	fps: number;
	captions?: CaptionOptions;
}

/** Missing characters that a warning names. */
const NAMED = 10;

/** @throws YtempireError `invalid-request` for caption options that are none */
export async function videoText(scenes: readonly SceneFrames[], input: TextInput): Promise<VideoText> {
	const { script, speech, width, height, fps, captions: options = {} } = input;
	const onScreen = scenes.map(({ sceneId }) => script.scenes.find(({ id }) => id === sceneId)?.on_screen_text ?? '');
	const spoken = scenes.map(({ index, startFrame }) => moved(speech.scenes[index]?.words ?? [], -startFrame / fps));
	const text = [...onScreen, script.title, ...spoken.map((words) => words.map((word) => word.text).join(' '))].join('\n');
	const look = await captionLook(options, { width, height, text, language: script.language });
	const reading = { ...captionText(captionStyle({}), look.layout) };
	const burntStyle = { ...captionText(look.style, look.layout), maxWords: look.style.maxWords };
	const isBurnt = options.burnIn !== false;
	const cuesFor = (style: typeof burntStyle | typeof reading) =>
		scenes.map(({ frames }, index) => captionCues(spoken[index] ?? [], frames / fps, style, look.fonts));
	const [burnt, read] = [isBurnt ? cuesFor(burntStyle) : scenes.map(() => []), cuesFor(reading)];
	const onTimeLine = (cues: TimedCue[][]) =>
		cues.flatMap((own, index) => {
			const startS = (scenes[index]?.startFrame ?? 0) / fps;
			return own.map(asCaptionCue).map((cue) => ({ ...cue, start_s: cue.start_s + startS, end_s: cue.end_s + startS }));
		});
	const subtitles = onTimeLine(read);
	return {
		look,
		scenes: scenes.map((_scene, index) => ({ cues: burnt[index] ?? [], onScreenText: onScreen[index] ?? '' })),
		captions: isBurnt ? onTimeLine(burnt) : subtitles,
		subtitles,
		warnings: missingWarning(look),
	};
}

function missingWarning({ fonts, titleFonts }: CaptionLook): string[] {
	const missing = [...new Set([...fonts.missing, ...titleFonts.missing])];
	if (missing.length === 0) return [];
	const named = missing.slice(0, NAMED).map((one) => `${one} (U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')})`);
	return [
		`No font of this package has ${missing.length > NAMED ? `${missing.length} characters, among them ` : ''}${named.join(', ')}: captions show them only where the system's fonts have them`,
	];
}

function moved(words: readonly Word[], byS: number): Word[] {
	return words.map(({ text, start_s, end_s }) => ({ text, start_s: start_s + byS, end_s: end_s + byS }));
}
