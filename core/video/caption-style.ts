/** How captions look: five styles, and what a user may change of them. */
import { invalidRequest } from '../errors';
import type { FontWeight } from './fonts';
import type { Layout, TextStyle } from './layout';

/** The order is the menu's. */
export const CAPTION_STYLES = ['bold', 'box', 'karaoke', 'lower-third', 'pop'] as const;

export type CaptionStyleName = (typeof CAPTION_STYLES)[number];

export const CAPTION_POSITIONS = ['bottom', 'middle', 'top'] as const;

export type CaptionPosition = (typeof CAPTION_POSITIONS)[number];

/** What a user chooses; all that is left out is the style's own. */
export interface CaptionOptions {
	/** False: nothing is burnt in; the subtitle files are made all the same. */
	burnIn?: boolean;
	style?: CaptionStyleName;
	position?: CaptionPosition;
	/** Per cent of the style's own size, 50 to 200. */
	fontScale?: number;
	/** All colours: `#RRGGBB`. */
	textColour?: string;
	/** Of the word that is spoken. */
	spokenColour?: string;
	/** Of the outline, or of the box. */
	backColour?: string;
}

export interface CaptionStyle {
	name: CaptionStyleName;
	position: CaptionPosition;
	align: 'centre' | 'start';
	weight: FontWeight;
	/** ASS font size as a share of the picture's shorter side. */
	size: number;
	maxLines: 1 | 2;
	/** Words of one cue; as many as fit when left out. */
	maxWords?: number;
	/** Shares of the font size. */
	outline: number;
	shadow: number;
	textColour: string;
	spokenColour: string;
	backColour: string;
	/** A box behind the whole cue: its opacity, 0 to 1. */
	box?: number;
	/** A thin bar of the spoken word's colour before the lines. */
	bar?: boolean;
	/** `pill`: the spoken word stands on a box of its colour, what is still to come is dim. */
	highlight: 'colour' | 'pill';
	/** The cue grows into place. */
	pops?: boolean;
}

const STYLES: Record<CaptionStyleName, CaptionStyle> = {
	bold: {
		name: 'bold', position: 'bottom', align: 'centre', weight: 'bold', size: 0.068, maxLines: 2,
		outline: 0.085, shadow: 0, textColour: '#FFFFFF', spokenColour: '#FFC533', backColour: '#101418', highlight: 'colour',
	},
	box: {
		name: 'box', position: 'bottom', align: 'centre', weight: 'medium', size: 0.06, maxLines: 2, box: 0.78,
		outline: 0, shadow: 0, textColour: '#FFFFFF', spokenColour: '#FFD75E', backColour: '#0B0D10', highlight: 'colour',
	},
	karaoke: {
		name: 'karaoke', position: 'bottom', align: 'centre', weight: 'extra-bold', size: 0.074, maxLines: 2,
		outline: 0.07, shadow: 0.03, textColour: '#FFFFFF', spokenColour: '#7C3AED', backColour: '#101418', highlight: 'pill',
	},
	'lower-third': {
		name: 'lower-third', position: 'bottom', align: 'start', weight: 'medium', size: 0.056, maxLines: 2, bar: true,
		outline: 0.05, shadow: 0.04, textColour: '#F4F6F8', spokenColour: '#5EEAD4', backColour: '#101418', highlight: 'colour',
	},
	pop: {
		name: 'pop', position: 'middle', align: 'centre', weight: 'extra-bold', size: 0.115, maxLines: 1, maxWords: 3, pops: true,
		outline: 0.085, shadow: 0.045, textColour: '#FFFFFF', spokenColour: '#FFE600', backColour: '#000000', highlight: 'colour',
	},
};

export const CAPTION_DEFAULTS = { style: 'bold', fontScale: 100 } as const;

const SCALE = { min: 50, max: 200 };

/** @throws YtempireError `invalid-request` that names every option which is none */
export function captionStyle(options: CaptionOptions = {}): CaptionStyle {
	const { style = CAPTION_DEFAULTS.style, position, fontScale = CAPTION_DEFAULTS.fontScale } = options;
	const { textColour, spokenColour, backColour } = options;
	const colours = { textColour, spokenColour, backColour };
	const issues = [
		...(CAPTION_STYLES.includes(style) ? [] : [{ field: 'style', reason: `one of ${CAPTION_STYLES.join(', ')}` }]),
		...(position === undefined || CAPTION_POSITIONS.includes(position)
			? []
			: [{ field: 'position', reason: `one of ${CAPTION_POSITIONS.join(', ')}` }]),
		...(fontScale >= SCALE.min && fontScale <= SCALE.max ? [] : [{ field: 'fontScale', reason: `${SCALE.min} to ${SCALE.max}` }]),
		...Object.entries(colours).flatMap(([field, colour]) =>
			colour === undefined || /^#[0-9a-f]{6}$/i.test(colour) ? [] : [{ field, reason: 'a colour such as #FFC533' }],
		),
	];
	if (issues.length > 0) {
		throw invalidRequest('Captions cannot look like this', { issues, cure: 'Change the named caption options.' });
	}
	const own = STYLES[style];
	return {
		...own,
		size: (own.size * fontScale) / 100,
		position: position ?? own.position,
		textColour: textColour ?? own.textColour,
		spokenColour: spokenColour ?? own.spokenColour,
		backColour: backColour ?? own.backColour,
	};
}

/** Around a box and beside a bar, as shares of the font size. */
export const BOX_PADDING = { x: 0.45, y: 0.18 };

export const BAR = { width: 0.09, gap: 0.4 };

/** What a line of captions may take: less than the area, where something stands around it. */
export function captionText(style: CaptionStyle, layout: Layout): TextStyle {
	const fontSize = Math.max(8, Math.round(Math.min(layout.width, layout.height) * style.size));
	const { left, right } = captionArea(style, layout);
	const around = style.box
		? 2 * BOX_PADDING.x
		: style.bar
			? BAR.width + BAR.gap
			: 2 * (style.outline + style.shadow) + (style.highlight === 'pill' ? 2 * PILL_PADDING : 0);
	return { fontSize, lineWidth: right - left - Math.ceil(fontSize * around), maxLines: style.maxLines };
}

/** Beside the spoken word of style `pill`, as a share of the font size. */
export const PILL_PADDING = 0.12;

/** Text that begins at the side may use the side. */
export function captionArea(style: CaptionStyle, { safe, captions }: Layout) {
	if (style.align === 'centre') return captions;
	return { ...safe, right: Math.min(safe.right, safe.left + Math.round((captions.right - captions.left) * 1.1)) };
}
