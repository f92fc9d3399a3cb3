/** One scene's text as an ASS document: captions with the spoken word lit up, and on-screen text. */
import { cleanText } from '../text';
import { AssText, assEvent } from './ass-text';
import { captionEvents, captionStyles, STYLE_FORMAT, styleLine, type CaptionLook } from './caption-ass';
import { captionStyle, type CaptionOptions } from './caption-style';
import type { TimedCue } from './captions';
import { isRightToLeft, joinWords } from './font-text';
import { fontSet, type FontFace } from './fonts';
import { breakLines, layoutFor, splitToWidth, type TextStyle } from './layout';
import { lineWords } from './line-words';

export type { CaptionLook } from './caption-ass';

export interface SceneText {
	/** Times in seconds from the beginning of the scene; none when captions are not burnt in. */
	cues: readonly TimedCue[];
	/** Shown over the whole scene; empty for none. */
	onScreenText: string;
	/** Without footage the text is the picture: large and in the middle. */
	isCard: boolean;
	durationS: number;
}

const LABEL_FADE_MS = 250;

/**
 * @param text all that captions and on-screen text will hold, so that their fonts are loaded
 * @param language BCP 47
 * @throws YtempireError `invalid-request` for options that are none
 */
export async function captionLook(
	options: CaptionOptions,
	{ width, height, text, language }: { width: number; height: number; text: string; language: string },
): Promise<CaptionLook> {
	const style = captionStyle(options);
	const layout = layoutFor(width, height);
	const [fonts, titleFonts] = await Promise.all([
		fontSet(style.weight, text, language),
		fontSet('bold', `${text}…`, language),
	]);
	return { style, layout, fonts, titleFonts };
}

/** The files that the renderer needs, each once. */
export function facesOf({ fonts, titleFonts }: CaptionLook): FontFace[] {
	return [...new Set([...fonts.faces, ...titleFonts.faces])];
}

export function assDocument(text: SceneText, look: CaptionLook): string {
	const { layout } = look;
	return [
		...assHead(layout.width, layout.height),
		...captionStyles(look),
		titleStyle('Label', layout.label.fontSize, look),
		titleStyle('Card', layout.card.fontSize, look),
		...EVENTS_HEAD,
		...onScreen(text, look),
		...text.cues.flatMap((cue) => captionEvents(cue, look)),
		'',
	].join('\n');
}

/** @param width of the picture that it is laid over, in pixels */
export function assHead(width: number, height: number): string[] {
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${width}`,
		`PlayResY: ${height}`,
		'ScaledBorderAndShadow: yes',
		'YCbCr Matrix: TV.709',
		// lines are broken here, by measured width: the renderer must not break them again
		'WrapStyle: 2',
		'',
		'[V4+ Styles]',
		STYLE_FORMAT,
	];
}

export const EVENTS_HEAD = [
	'',
	'[Events]',
	'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
];

function titleStyle(name: string, fontSize: number, { titleFonts }: CaptionLook): string {
	return styleLine({
		...{ name, fontSize, family: titleFonts.main.family, bold: true },
		...{ colour: '#FFFFFF', outlineColour: '#101418' },
		outline: fontSize * 0.075,
		shadow: fontSize * 0.035,
	});
}

function onScreen({ onScreenText, isCard, durationS }: SceneText, look: CaptionLook): string[] {
	const { layout, titleFonts } = look;
	const { safe } = layout;
	const style = isCard ? layout.card : layout.label;
	const lines = fittedLines(onScreenText, style, look);
	if (lines.length === 0) return [];
	const isRtl = isRightToLeft(onScreenText);
	const place = isCard
		? `\\an5\\pos(${(safe.left + safe.right) >> 1},${(safe.top + safe.bottom) >> 1})`
		: `\\an${isRtl ? 9 : 7}\\pos(${isRtl ? safe.right : safe.left},${safe.top})`;
	const text = new AssText(titleFonts, style.fontSize).tag(`${place}\\fad(${LABEL_FADE_MS},${LABEL_FADE_MS})`);
	lines.forEach((line, index) => {
		if (index > 0) text.lineBreak();
		text.words(line);
	});
	return [assEvent(0, 0, durationS, isCard ? 'Card' : 'Label', text.toString())];
}

/** What doesn't fit is shortened, a word at a time. */
function fittedLines(onScreenText: string, style: TextStyle, { titleFonts }: CaptionLook): string[] {
	const words = lineWords(cleanText(onScreenText)).flatMap((word) => splitToWidth(word, style, titleFonts));
	if (words.length === 0) return [];
	let shown = words;
	let ends = breakLines(shown, style, titleFonts);
	while (!ends && words.length > 1) {
		words.pop();
		shown = [...words.slice(0, -1), `${words.at(-1)}…`];
		ends = breakLines(shown, style, titleFonts);
	}
	ends ??= [shown.length];
	return ends.map((end, line) => joinWords(shown.slice(ends[line - 1] ?? 0, end)));
}
