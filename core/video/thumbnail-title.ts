/** A thumbnail's title as an ASS document: as large as fits, in one of three layouts, clear of what YouTube lays over it. */
import { cleanText } from '../text';
import { assHead, EVENTS_HEAD } from './ass';
import { AssText, assAlpha, assBox, assColour, assEvent } from './ass-text';
import { styleLine } from './caption-ass';
import { gapBetween, isRightToLeft, joinWords } from './font-text';
import type { FontSet } from './fonts';
import { breakLines, layoutFor, type Area } from './layout';
import { lineWords } from './line-words';

/** The first is the one that an upload takes by default. */
export const THUMBNAIL_LAYOUTS = ['bottom', 'side', 'blocks'] as const;

export type ThumbnailLayout = (typeof THUMBNAIL_LAYOUTS)[number];

/** One word stands out. */
const ACCENT = '#FFD400';

/** Seconds: longer than one picture lasts. */
const SHOWN_S = 60;

interface Place {
	area: Area;
	maxLines: number;
	/** Largest font size as a share of the picture's height. */
	largest: number;
	column: 1 | 2;
	row: 'bottom' | 'middle' | 'top';
}

/** Beside the safe area a landscape thumbnail keeps its lower right corner free: the video's length stands there. */
function placeOf(layout: ThumbnailLayout, width: number, height: number, isRtl: boolean): Place {
	const { safe } = layoutFor(width, height);
	const isUpright = height > width;
	const area = isUpright ? safe : { left: width * 0.045, right: width * 0.87, top: height * 0.06, bottom: height * 0.93 };
	if (layout === 'bottom') return { area, maxLines: isUpright ? 4 : 2, largest: isUpright ? 0.09 : 0.24, column: 1, row: 'bottom' };
	if (layout === 'blocks') return { area, maxLines: isUpright ? 4 : 2, largest: isUpright ? 0.08 : 0.19, column: isUpright ? 2 : 1, row: 'top' };
	return isUpright
		? { area, maxLines: 5, largest: 0.1, column: 2, row: 'middle' }
		: { area: isRtl ? { ...area, left: width * 0.48, right: width * 0.955 } : { ...area, right: width * 0.52 }, maxLines: 5, largest: 0.22, column: 1, row: 'middle' };
}

export interface FittedTitle {
	fontSize: number;
	lines: string[][];
	/** Words were left out at the end. */
	shortened: boolean;
}

/** Smaller can't be read on a phone. */
const SMALLEST = 0.06;

/** The largest size at which every word stays whole; what doesn't fit at the smallest is left out. */
export function fitTitle(title: string, { area, maxLines, largest }: Place, height: number, fonts: FontSet): FittedTitle {
	let words = lineWords(cleanText(title)).slice(0, 40);
	let shortened = false;
	const smallest = height * Math.min(SMALLEST, largest / 2);
	while (words.length > 0) {
		for (let fontSize = Math.round(height * largest); fontSize >= smallest; fontSize = Math.floor(fontSize * 0.95)) {
			const lineWidth = area.right - area.left - fontSize * 0.5;
			const shown = shortened ? [...words.slice(0, -1), `${words.at(-1)}…`] : words;
			const ends = breakLines(shown, { fontSize, lineWidth, maxLines }, fonts);
			const lines = ends?.map((end, line) => shown.slice(ends[line - 1] ?? 0, end));
			const tall = lines?.reduce((sum, line) => sum + heightOf(line, fontSize, fonts), 0) ?? Infinity;
			if (lines && tall <= area.bottom - area.top) return { fontSize, lines, shortened };
		}
		if (words.length === 1) words = [[...(words[0] ?? '')].slice(0, -1).join('')].filter(Boolean);
		else words.pop();
		shortened = true;
	}
	return { fontSize: 0, lines: [], shortened };
}

function heightOf(line: readonly string[], fontSize: number, fonts: FontSet): number {
	const { ascent, descent } = fonts.extentOf(joinWords(line), fontSize);
	return ascent + descent;
}

export interface TitlePicture {
	document: string;
	shortened: boolean;
}

/** @param title from anyone; empty for a picture without one */
export function titleDocument(
	title: string,
	layout: ThumbnailLayout,
	{ width, height, fonts }: { width: number; height: number; fonts: FontSet },
): TitlePicture {
	const isRtl = isRightToLeft(title);
	const place = placeOf(layout, width, height, isRtl);
	const { fontSize, lines, shortened } = fitTitle(title, place, height, fonts);
	const base = { family: fonts.main.family, bold: true, fontSize, colour: '#FFFFFF', outlineColour: '#000000' };
	const isBlocks = layout === 'blocks';
	const head = [
		...assHead(width, height),
		styleLine({ ...base, name: 'Title', outline: isBlocks ? 0 : fontSize * 0.075, shadow: isBlocks ? 0 : fontSize * 0.04 }),
		...EVENTS_HEAD,
	];
	if (lines.length === 0) return { document: [...head, ''].join('\n'), shortened };
	const heights = lines.map((line) => heightOf(line, fontSize, fonts));
	const step = isBlocks ? fontSize * 0.12 : 0;
	const tall = heights.reduce((sum, own) => sum + own, 0) + step * (lines.length - 1);
	const { area } = place;
	const first = { top: area.top, middle: (area.top + area.bottom - tall) / 2, bottom: area.bottom - tall }[place.row];
	const accent = accentOf(lines.flat());
	const column = place.column === 2 ? 2 : isRtl ? 3 : 1;
	const inset = fontSize * 0.25;
	const x = column === 2 ? (area.left + area.right) / 2 : isRtl ? area.right - inset : area.left + inset;
	const events = [...shade(layout, place, { width, height, first, tall, isRtl })];
	let top = first;
	let index = 0;
	lines.forEach((line, at) => {
		const own = heights[at] ?? 0;
		const isAccentLine = isBlocks && line.some((_word, offset) => index + offset === accent);
		if (isBlocks) {
			const wide = fonts.widthOf(joinWords(line), fontSize) + 2 * inset;
			const left = column === 2 ? x - wide / 2 : isRtl ? x + inset - wide : x - inset;
			const box = { x: left, y: top, width: wide, height: own, radius: fontSize * 0.08 };
			events.push(assEvent(1, 0, SHOWN_S, 'Title', assBox(box, `\\1c${assColour(isAccentLine ? ACCENT : '#0B0D10')}`)));
		}
		const text = new AssText(fonts, fontSize).tag(
			`\\an${column}\\pos(${Math.round(x)},${Math.round(top + own)})${isAccentLine ? `\\1c${assColour('#0B0D10')}` : ''}`,
		);
		let before = '';
		for (const word of line) {
			text.gap(gapBetween(before, word));
			before = word;
			if (index === accent && !isBlocks) text.tag(`\\1c${assColour(ACCENT)}`).words(word).tag(`\\1c${assColour('#FFFFFF')}`);
			else text.words(word);
			index++;
		}
		events.push(assEvent(2, 0, SHOWN_S, 'Title', text.toString()));
		top += own + step;
	});
	return { document: [...head, ...events, ''].join('\n'), shortened };
}

/** A soft dark ground, so that the title is read on any picture. */
function shade(
	layout: ThumbnailLayout,
	{ area, row }: Place,
	{ width, height, first, tall, isRtl }: { width: number; height: number; first: number; tall: number; isRtl: boolean },
): string[] {
	if (layout === 'blocks') return [];
	const blur = Math.round(Math.min(width, height) * 0.06);
	const soft = `\\blur${blur}\\1c&H000000&\\1a&H${assAlpha(0.6)}&`;
	const isSide = layout === 'side' && width > height;
	const reach = (isRtl ? width - area.left : area.right) + width * 0.02;
	const box = isSide
		? { x: isRtl ? width - reach : -blur * 2, y: -blur * 2, width: reach + blur * 2, height: height + blur * 4 }
		: { x: -blur * 2, y: first - height * 0.02, width: width + blur * 4, height: row === 'bottom' && height <= width ? height - first + blur * 4 : tall + height * 0.04 };
	return [assEvent(0, 0, SHOWN_S, 'Title', assBox({ ...box, radius: 0 }, soft))];
}

/** A figure says most; else the longest word. */
function accentOf(words: readonly string[]): number {
	const figure = words.findIndex((word) => /\p{N}/u.test(word));
	if (figure >= 0) return figure;
	const lengths = words.map((word) => [...word].length);
	return words.length > 1 ? lengths.indexOf(Math.max(...lengths)) : -1;
}
