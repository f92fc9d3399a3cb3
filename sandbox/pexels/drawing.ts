/** A moving picture written as an ASS script: flat shapes that drift, turn and grow. libass draws it in any ffmpeg. */
import type { Outline } from './paths';

export type Point = [x: number, y: number];

export interface ShapeMotion {
	/** `rrggbb` */
	color: string;
	/** 0 to 1; 1 by default. */
	opacity?: number;
	/** Where the upper left corner of the outline's box is at the beginning. */
	from: Point;
	/** Where it is at the end; by default where it began. */
	to?: Point;
	/** Seconds between which it moves; by default the whole clip. */
	during?: [start: number, end: number];
	/** Turns around this point by so many degrees in the whole clip. */
	turn?: { around: Point; degrees: number; startAt: number };
	/** Softness of the edge, pixels. */
	blur?: number;
}

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
		/** Length of the clip. */
		readonly seconds: number,
	) {}

	shape(outline: Outline, motion: ShapeMotion): void {
		const [x1, y1] = motion.from;
		const [x2, y2] = motion.to ?? motion.from;
		const [start, end] = motion.during ?? [0, this.seconds];
		const tags = [
			'\\an7\\bord0\\shad0',
			`\\1c${colorTag(motion.color)}\\1a${alphaTag(motion.opacity ?? 1)}`,
			`\\move(${[x1, y1, x2, y2, start * 1000, end * 1000].map(Math.round).join(',')})`,
		];
		if (motion.blur) tags.push(`\\blur${motion.blur}`);
		if (motion.turn) {
			const { around, degrees, startAt } = motion.turn;
			tags.push(
				`\\org(${around.map(Math.round).join(',')})`,
				`\\frz${startAt}\\t(\\frz${startAt + degrees})`,
			);
		}
		this.add(`{${tags.join('')}\\p1}${outline.path}{\\p0}`);
	}

	/** A line of text around a point that grows slowly through the clip. */
	caption(text: string, at: Point, size: number, color: string, opacity: number): void {
		const tags = [
			`\\an5\\pos(${at.map(Math.round).join(',')})\\bord0\\shad0`,
			`\\fs${Math.round(size)}\\1c${colorTag(color)}\\1a${alphaTag(opacity)}`,
			'\\q2\\t(\\fscx108\\fscy108)',
		];
		this.add(`{${tags.join('')}}${plainText(text)}`);
	}

	toString(): string {
		return [
			'[Script Info]',
			'ScriptType: v4.00+',
			`PlayResX: ${this.width}`,
			`PlayResY: ${this.height}`,
			'WrapStyle: 2',
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

	private add(text: string): void {
		const end = `0:00:${(this.seconds + 1).toFixed(2).padStart(5, '0')}`;
		this.events.push(`Dialogue: ${this.events.length},0:00:00.00,${end},Default,${text}`);
	}
}
