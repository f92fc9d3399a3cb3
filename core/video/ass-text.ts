/** The text of an ASS event: what is shown cannot be taken for markup, and every character gets a font that has it. */
import { cleanText } from '../text';
import type { FontFace, FontSet } from './fonts';

/**
 * Text that can't be taken for markup. ASS has no escape that every renderer knows, so the three
 * characters that begin an override or a line break are shown as their nearest harmless likes; line
 * breaks, which would begin a new event, and characters that reorder the line become spaces or go.
 */
export function escapeAssText(text: string): string {
	return cleanText(text).replaceAll('{', '(').replaceAll('}', ')').replaceAll('\\', '/');
}

/** Builds one event's text and knows which font is in force. */
export class AssText {
	private out = '';

	private face: FontFace;

	constructor(
		private readonly fonts: FontSet,
		private readonly fontSize: number,
	) {
		this.face = fonts.main;
	}

	/** Overrides of our own, e.g. `\\c&HFFFFFF&`. */
	tag(overrides: string): this {
		if (overrides) this.out += `{${overrides}}`;
		return this;
	}

	/** Goes over to another style of the document, or back to the event's own. */
	style(name = ''): this {
		this.out += `{\\r${name}}`;
		this.face = this.fonts.main;
		return this;
	}

	/** @param text in plain words, from anyone */
	words(text: string): this {
		return this.raw(escapeAssText(text));
	}

	/** A space between words; fonts for emoji have far too wide ones, so that the main font's is taken. */
	gap(text: string): this {
		return this.raw(text);
	}

	lineBreak(): this {
		this.out += '\\N';
		return this;
	}

	toString(): string {
		return this.out;
	}

	private raw(text: string): this {
		for (const run of this.fonts.runsOf(text)) {
			const face = run.face ?? this.fonts.main;
			if (face !== this.face) {
				const size = Math.round(this.fonts.sizeOf(face, this.fontSize) * 10) / 10;
				this.out += `{\\fn${face.family}\\fs${size}}`;
				this.face = face;
			}
			this.out += run.text;
		}
		return this;
	}
}

/** `#RRGGBB` as ASS writes it inside overrides. */
export function assColour(colour: string): string {
	return `&H${colour.slice(5, 7)}${colour.slice(3, 5)}${colour.slice(1, 3)}&`.toUpperCase();
}

/** @param opacity 0 to 1 */
export function assAlpha(opacity: number): string {
	return Math.round(255 * (1 - opacity)).toString(16).toUpperCase().padStart(2, '0');
}

/** `H:MM:SS.cc` */
export function assTime(seconds: number): string {
	const total = centiseconds(seconds);
	const pad = (value: number) => String(value).padStart(2, '0');
	const [hours, minutes] = [Math.floor(total / 360_000), Math.floor(total / 6000) % 60];
	return `${hours}:${pad(minutes)}:${pad(Math.floor(total / 100) % 60)}.${pad(total % 100)}`;
}

export function centiseconds(seconds: number): number {
	return Math.max(0, Math.round(seconds * 100));
}

export function assEvent(layer: number, start: number, end: number, style: string, text: string): string {
	return `Dialogue: ${layer},${assTime(start)},${assTime(end)},${style},,0,0,0,,${text}`;
}

/** A filled shape in pixels, its corner at x and y. */
export function assBox(
	{ x, y, width, height, radius }: { x: number; y: number; width: number; height: number; radius: number },
	overrides: string,
): string {
	const [w, h, r] = [Math.round(width), Math.round(height), Math.round(Math.min(radius, width / 2, height / 2))];
	// a quarter of a circle as a Bézier curve
	const k = Math.round(r * 0.4477);
	const path = [
		`m ${r} 0 l ${w - r} 0 b ${w - k} 0 ${w} ${k} ${w} ${r}`,
		`l ${w} ${h - r} b ${w} ${h - k} ${w - k} ${h} ${w - r} ${h}`,
		`l ${r} ${h} b ${k} ${h} 0 ${h - k} 0 ${h - r}`,
		`l 0 ${r} b 0 ${k} ${k} 0 ${r} 0`,
	].join(' ');
	return `{\\an7\\pos(${Math.round(x)},${Math.round(y)})\\bord0\\shad0${overrides}\\p1}${path}{\\p0}`;
}
