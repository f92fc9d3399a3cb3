/** A still picture of flat shapes and words, written as an ASS script: libass draws it in any ffmpeg. */
import type { Outline } from './paths';

export type Point = [x: number, y: number];

export interface Paint {
	/** `rrggbb` */
	color: string;
	/** 0 to 1; 1 by default. */
	opacity?: number;
}

/** Its family name inside the font file that `render.ts` puts beside the script. */
const FONT = 'Montserrat SemiBold';

const colorTag = (rgb: string): string =>
	`&H${rgb.slice(4, 6)}${rgb.slice(2, 4)}${rgb.slice(0, 2)}&`.toUpperCase();

const alphaTag = (opacity: number): string =>
	`&H${Math.round((1 - opacity) * 255)
		.toString(16)
		.padStart(2, '0')
		.toUpperCase()}&`;

/** ASS has no escape for its own signs, so they are left out. */
const plainText = (text: string): string =>
	text
		.replace(/[{}\\\p{Cc}]/gu, ' ')
		.replace(/\s+/g, ' ')
		.trim();

export class Drawing {
	private readonly events: string[] = [];

	constructor(
		readonly width: number,
		readonly height: number,
	) {}

	/** @param at upper left corner of the outline's box */
	shape(outline: Outline, at: Point, paint: Paint): void {
		this.add(`\\an7\\pos(${at.map(Math.round).join(',')})\\p1`, paint, `${outline.path}{\\p0}`);
	}

	/** One line around a point. */
	text(words: string, at: Point, size: number, paint: Paint): void {
		this.add(
			`\\an5\\pos(${at.map(Math.round).join(',')})\\q2\\fs${Math.round(size)}`,
			paint,
			plainText(words),
		);
	}

	toString(): string {
		return [
			'[Script Info]',
			'ScriptType: v4.00+',
			`PlayResX: ${Math.round(this.width)}`,
			`PlayResY: ${Math.round(this.height)}`,
			'',
			'[V4+ Styles]',
			'Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment',
			`Style: Default,${FONT},80,&H00FFFFFF,0,1,0,0,7`,
			'',
			'[Events]',
			'Format: Layer, Start, End, Style, Text',
			...this.events,
			'',
		].join('\n');
	}

	private add(tags: string, { color, opacity = 1 }: Paint, content: string): void {
		const look = `\\bord0\\shad0\\1c${colorTag(color)}\\1a${alphaTag(opacity)}`;
		this.events.push(
			`Dialogue: ${this.events.length},0:00:00.00,0:01:00.00,Default,{${tags}${look}}${content}`,
		);
	}
}
