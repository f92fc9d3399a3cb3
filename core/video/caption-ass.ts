/** Cues as ASS events: the spoken word lit up, inside the safe area, in the chosen style. */
import { AssText, assAlpha, assBox, assColour, assEvent, centiseconds } from './ass-text';
import { BAR, BOX_PADDING, captionArea, captionText, PILL_PADDING, type CaptionStyle } from './caption-style';
import type { TimedCue } from './captions';
import { gapBetween, isRightToLeft, joinWords } from './font-text';
import type { FontSet } from './fonts';
import type { Layout } from './layout';

/** All that decides how the text of a video looks. */
export interface CaptionLook {
	style: CaptionStyle;
	layout: Layout;
	/** Of captions. */
	fonts: FontSet;
	/** Of on-screen text and cards. */
	titleFonts: FontSet;
}

export const STYLE_FORMAT =
	'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding';

export interface StyleLine {
	name: string;
	family: string;
	bold: boolean;
	fontSize: number;
	/** `#RRGGBB` */
	colour: string;
	outlineColour: string;
	outline: number;
	shadow: number;
	/** An opaque box of the outline's colour in place of the outline. */
	boxed?: boolean;
}

const SHADOW_ALPHA = assAlpha(0.5);

export function styleLine(style: StyleLine): string {
	const opaque = (colour: string) => assColour(colour).replace('&H', '&H00').slice(0, -1);
	const colour = opaque(style.colour);
	return `Style: ${[
		style.name, style.family, style.fontSize, colour, colour, opaque(style.outlineColour), `&H${SHADOW_ALPHA}000000`,
		style.bold ? -1 : 0, 0, 0, 0, 100, 100, 0, 0, style.boxed ? 3 : 1,
		style.outline.toFixed(1), style.shadow.toFixed(1),
		// places are said by each event; -1: the text's own direction
		2, 0, 0, 0, -1,
	].join(',')}`;
}

const PILL = 'Spoken';
const CAPTION = 'Caption';

/** Words of style `pill` that are still to come. */
const DIM = assAlpha(0.55);

const POP = '\\fscx84\\fscy84\\t(0,110,\\fscx100\\fscy100)';

export function captionStyles({ style, layout, fonts }: CaptionLook): string[] {
	const { fontSize } = captionText(style, layout);
	const base = { family: fonts.main.family, bold: style.weight !== 'medium', fontSize };
	return [
		styleLine({
			...base,
			name: CAPTION,
			colour: style.textColour,
			outlineColour: style.backColour,
			outline: fontSize * style.outline,
			shadow: fontSize * style.shadow,
		}),
		styleLine({
			...base,
			name: PILL,
			colour: contrasting(style.spokenColour),
			outlineColour: style.spokenColour,
			outline: fontSize * PILL_PADDING,
			shadow: 0,
			boxed: true,
		}),
	];
}

/** Layers: on-screen text 0, what is behind the words 1, the words 2. */
export function captionEvents(cue: TimedCue, look: CaptionLook): string[] {
	const words = cue.lines.flat();
	const place = placeOf(cue, look);
	const events = place.behind.map((shape) => assEvent(1, cue.start_s, cue.end_s, CAPTION, shape));
	words.forEach((word, spoken) => {
		const start = spoken === 0 ? cue.start_s : word.start_s;
		const end = words[spoken + 1]?.start_s ?? cue.end_s;
		if (centiseconds(end) <= centiseconds(start)) return;
		const opening = place.overrides + (look.style.pops && spoken === 0 ? POP : '');
		events.push(assEvent(2, start, end, CAPTION, cueText(cue, spoken, opening, look)));
	});
	return events;
}

/** One event for each word; together they show the cue without a gap. */
function cueText(cue: TimedCue, spoken: number, opening: string, { style, layout, fonts }: CaptionLook): string {
	const { fontSize } = captionText(style, layout);
	const text = new AssText(fonts, fontSize).tag(opening);
	const later = style.highlight === 'pill' ? `\\1a&H${DIM}&` : '';
	let index = 0;
	cue.lines.forEach((line, lineIndex) => {
		if (lineIndex > 0) text.lineBreak();
		let before = '';
		for (const word of line) {
			text.gap(gapBetween(before, word.text));
			before = word.text;
			if (index !== spoken) text.words(word.text);
			else if (style.highlight === 'pill') text.style(PILL).words(word.text).style().tag(later);
			else text.tag(`\\c${assColour(style.spokenColour)}`).words(word.text).tag(`\\c${assColour(style.textColour)}`);
			index++;
		}
	});
	return text.toString();
}

/** Where the cue stands, and the shapes behind it. */
function placeOf(cue: TimedCue, { style, layout, fonts }: CaptionLook): { overrides: string; behind: string[] } {
	const { fontSize } = captionText(style, layout);
	const lines = cue.lines.map((line) => joinWords(line.map(({ text }) => text)));
	const extents = lines.map((line) => fonts.extentOf(line, fontSize));
	const height = extents.reduce((sum, { ascent, descent }) => sum + ascent + descent, 0);
	const width = Math.max(...lines.map((line) => fonts.widthOf(line, fontSize)));
	const area = captionArea(style, layout);
	const padding = fontSize * (style.box ? BOX_PADDING.y : style.highlight === 'pill' ? PILL_PADDING : style.outline + style.shadow);
	const top = {
		bottom: area.bottom - padding - height,
		middle: (area.top + area.bottom - height) / 2,
		top: area.top + padding,
	}[style.position];
	const isRtl = isRightToLeft(lines.join(' '));
	const aside = style.bar ? fontSize * (BAR.width + BAR.gap) : 0;
	const x =
		style.align === 'centre' ? (area.left + area.right) / 2 : isRtl ? area.right - aside : area.left + aside;
	const column = style.align === 'centre' ? 2 : isRtl ? 3 : 1;
	// anchored at the bottom, so that one line stands where the second of two does
	const overrides = `\\an${column}\\pos(${Math.round(x)},${Math.round(top + height)})`;
	const behind: string[] = [];
	if (style.box) {
		behind.push(
			assBox(
				{
					x: x - width / 2 - fontSize * BOX_PADDING.x,
					y: top - padding,
					width: width + 2 * fontSize * BOX_PADDING.x,
					height: height + 2 * padding,
					radius: fontSize * 0.22,
				},
				`\\1c${assColour(style.backColour)}\\1a&H${assAlpha(style.box)}&`,
			),
		);
	}
	if (style.bar) {
		behind.push(
			assBox(
				{
					x: isRtl ? area.right - fontSize * BAR.width : area.left,
					y: top + fontSize * 0.08,
					width: fontSize * BAR.width,
					height: height - fontSize * 0.16,
					radius: 0,
				},
				`\\1c${assColour(style.spokenColour)}`,
			),
		);
	}
	return { overrides, behind };
}

/** Black or white, whichever is read better on the colour (relative luminance of WCAG 2.2). */
function contrasting(colour: string): string {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
		const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#FFFFFF';
}
