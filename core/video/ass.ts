/** One scene's text as an ASS document: captions with the spoken word lit up, and on-screen text. */
import { cleanText } from '../text';
import type { TimedCue } from './captions';
import type { FontMetrics } from './font-metrics';
import { breakLines, splitToWidth, type Layout, type TextStyle } from './layout';

export interface SceneText {
	/** Times in seconds from the beginning of the scene. */
	cues: readonly TimedCue[];
	/** Shown over the whole scene; empty for none. */
	onScreenText: string;
	/** Without footage the text is the picture: large and in the middle. */
	isCard: boolean;
	durationS: number;
}

/** ASS colours are &HAABBGGRR, where AA = 00 is opaque. */
const WHITE = '&H00FFFFFF';
const DARK = '&H00181410';
const SHADOW = '&H80000000';

/** The spoken word: amber, #FFC533. */
const SPOKEN = '&H33C5FF&';

const LABEL_FADE_MS = 250;

/** @param fontFamily family name inside the font file that stands in `fontsdir` */
export function assDocument(
	text: SceneText,
	layout: Layout,
	fontFamily: string,
	metrics: FontMetrics,
): string {
	const style = (name: string, { fontSize }: TextStyle, alignment: number, marginY: number) =>
		`Style: ${[
			name, fontFamily, fontSize, WHITE, WHITE, DARK, SHADOW, -1, 0, 0, 0, 100, 100, 0, 0, 1,
			(fontSize * 0.075).toFixed(1), (fontSize * 0.035).toFixed(1), alignment,
			layout.marginX, layout.marginX, marginY, 1,
		].join(',')}`;
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${layout.width}`,
		`PlayResY: ${layout.height}`,
		'ScaledBorderAndShadow: yes',
		'YCbCr Matrix: TV.709',
		// lines are broken here, by measured width: the renderer must not break them again
		'WrapStyle: 2',
		'',
		'[V4+ Styles]',
		'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
		style('Caption', layout.caption, 2, layout.marginBottom),
		style('Label', layout.label, 7, layout.marginTop),
		style('Card', layout.card, 5, 0),
		'',
		'[Events]',
		'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
		...onScreen(text, layout, metrics),
		...text.cues.flatMap(spokenCue),
		'',
	].join('\n');
}

/**
 * Text that can't be taken for markup. ASS has no escape that every renderer knows, so the three
 * characters that begin an override or a line break are shown as their nearest harmless likes; line
 * breaks, which would begin a new event, and characters that reorder the line become spaces or go.
 */
export function escapeAssText(text: string): string {
	return cleanText(text).replaceAll('{', '(').replaceAll('}', ')').replaceAll('\\', '/');
}

/** One event for each word; together they show the cue without a gap. */
function spokenCue(cue: TimedCue): string[] {
	const words = cue.lines.flat();
	return words.flatMap((word, spoken) => {
		const start = spoken === 0 ? cue.start_s : word.start_s;
		const end = words[spoken + 1]?.start_s ?? cue.end_s;
		if (centiseconds(end) <= centiseconds(start)) return [];
		let index = 0;
		const text = cue.lines
			.map((line) =>
				line
					.map(({ text: plain }) => {
						const shown = escapeAssText(plain);
						return index++ === spoken ? `{\\c${SPOKEN}}${shown}{\\c${WHITE}&}` : shown;
					})
					.join(' '),
			)
			.join('\\N');
		return [event(1, start, end, 'Caption', text)];
	});
}

function onScreen(text: SceneText, layout: Layout, metrics: FontMetrics): string[] {
	const style = text.isCard ? layout.card : layout.label;
	const words = escapeAssText(text.onScreenText)
		.split(/\s+/)
		.filter(Boolean)
		.flatMap((word) => splitToWidth(word, style, metrics));
	if (words.length === 0) return [];
	// what doesn't fit is shortened, a word at a time
	let shown = words;
	let ends = breakLines(shown, style, metrics);
	while (!ends && words.length > 1) {
		words.pop();
		shown = [...words.slice(0, -1), `${words.at(-1)}…`];
		ends = breakLines(shown, style, metrics);
	}
	ends ??= [shown.length];
	const lines = ends.map((end, line) => shown.slice(ends[line - 1] ?? 0, end).join(' '));
	const fade = `{\\fad(${LABEL_FADE_MS},${LABEL_FADE_MS})}`;
	return [event(0, 0, text.durationS, text.isCard ? 'Card' : 'Label', fade + lines.join('\\N'))];
}

function event(layer: number, start: number, end: number, style: string, text: string): string {
	return `Dialogue: ${layer},${timestamp(start)},${timestamp(end)},${style},,0,0,0,,${text}`;
}

function centiseconds(seconds: number): number {
	return Math.max(0, Math.round(seconds * 100));
}

/** `H:MM:SS.cc` */
function timestamp(seconds: number): string {
	const total = centiseconds(seconds);
	const pad = (value: number) => String(value).padStart(2, '0');
	const [hours, minutes] = [Math.floor(total / 360_000), Math.floor(total / 6000) % 60];
	return `${hours}:${pad(minutes)}:${pad(Math.floor(total / 100) % 60)}.${pad(total % 100)}`;
}
