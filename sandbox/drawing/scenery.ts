/** What the sandbox's clips show: quiet, moving landscapes and shapes, chosen by the words of the query. */
import type { Random } from '../random';
import { Drawing, type Point } from './drawing';
import { type Palette, PALETTES } from './palettes';
import { between, box, circle, type Outline, pines, ridge, sail, skyline } from './paths';

/** A still picture that moves over the backdrop. */
export interface Plane {
	drawing: Drawing;
	/** Its prevailing colour, `rrggbb`: soft edges mix with it. */
	color: string;
	/** Where its upper left corner is at second `t`: ffmpeg expressions in the scene's pixels. */
	x: string;
	y: string;
}

export interface Scene {
	width: number;
	height: number;
	sky: Pick<Palette, 'sky' | 'glow'>;
	/** Fixed, over the sky. */
	backdrop: Drawing;
	/** From far to near. */
	planes: Plane[];
}

interface Stage extends Scene {
	seconds: number;
	random: Random;
	palette: Palette;
}

type Painter = (stage: Stage) => void;

/** Pixels a second. */
const drift = (from: number, speed: number): string => `${Math.round(from)}+${Math.round(speed)}*t`;

/** The longest words that fit the picture's width well. */
const CAPTION_LENGTH = 36;

function sun({ backdrop, random, palette, width, height }: Stage): void {
	const radius = between(random, 0.06, 0.09) * Math.max(width, height);
	// beside the caption, not behind it
	const x = (random.pick([0.1, 0.76]) + between(random, 0, 0.14)) * width;
	const y = between(random, 0.1, 0.24) * height;
	for (const [grow, opacity] of [
		[1.9, 0.12],
		[1.4, 0.2],
		[1, 0.92],
	] as const) {
		const r = radius * grow;
		backdrop.shape(circle(r), [x - r, y - r], { color: palette.light, opacity });
	}
}

/** Far, middle and near: where a layer begins as a part of the height, how fast it passes, and what it shows. */
function layers(
	stage: Stage,
	speeds: readonly [number, number, number],
	paint: (depth: number, width: number, height: number, drawing: Drawing, color: string) => void,
): void {
	const { width, height, seconds, palette } = stage;
	[0.46, 0.6, 0.76].forEach((top, depth) => {
		const speed = speeds[depth] ?? 0;
		const travel = Math.abs(speed) * seconds;
		const drawing = new Drawing(width + travel, Math.ceil((1 - top) * height));
		const color = palette.layers[depth + 1] ?? palette.glow;
		paint(depth, drawing.width, drawing.height, drawing, color);
		stage.planes.push({
			drawing,
			color,
			x: drift(speed > 0 ? -travel : 0, speed),
			y: String(height - drawing.height),
		});
	});
}

const PASSING = [-40, -90, -160] as const;

const hills: Painter = (stage) => {
	const { backdrop, random, palette, width, height } = stage;
	sun(stage);
	backdrop.shape(ridge(random, width, 0.7 * height, 0.5), [0, 0.38 * height], {
		color: palette.layers[0],
	});
	layers(stage, PASSING, (depth, wide, tall, drawing, color) => {
		drawing.shape(ridge(random, wide, tall, depth === 0 ? 0.5 : 0.25), [0, 0], { color });
	});
};

const city: Painter = (stage) => {
	const { backdrop, random, palette, width, height } = stage;
	sun(stage);
	backdrop.shape(skyline(random, width, 0.72 * height).roofs, [0, 0.28 * height], {
		color: palette.layers[0],
	});
	layers(stage, PASSING, (depth, wide, tall, drawing, color) => {
		const { roofs, windows } = skyline(random, wide, tall);
		drawing.shape(roofs, [0, 0], { color });
		drawing.shape(windows, [0, 0], { color: palette.light, opacity: 0.5 + 0.15 * depth });
	});
};

const forest: Painter = (stage) => {
	const { backdrop, random, palette, width, height } = stage;
	sun(stage);
	backdrop.shape(ridge(random, width, 0.6 * height, 0.6), [0, 0.42 * height], {
		color: palette.layers[0],
	});
	layers(stage, PASSING, (_depth, wide, tall, drawing, color) => {
		const trees = Math.min(tall * 0.8, 0.34 * Math.min(width, height));
		drawing.shape(pines(random, wide, trees), [0, 0], { color });
		drawing.shape(box(wide, tall), [0, trees - 2], { color });
	});
};

const sea: Painter = (stage) => {
	const { backdrop, random, palette, width, height, planes } = stage;
	sun(stage);
	backdrop.shape(box(width, 0.52 * height), [0, 0.5 * height], { color: palette.layers[0] });
	layers(stage, [40, -70, 120], (_depth, wide, tall, drawing, color) => {
		drawing.shape(ridge(random, wide, 0.3 * tall, 0.9), [0, 0], { color });
		drawing.shape(box(wide, tall), [0, 0.29 * tall], { color });
	});
	const size = Math.round(0.17 * Math.min(width, height));
	const boat = new Drawing(size, size);
	boat.shape(sail(size), [0, 0], { color: palette.light });
	planes.splice(1, 0, {
		drawing: boat,
		color: palette.light,
		x: drift(between(random, 0, 0.3) * width, 80),
		y: `${Math.round(0.66 * height - size)}+9*sin(t*2)`,
	});
};

const lights: Painter = (stage) => {
	const { random, palette, width, height, seconds, planes } = stage;
	for (const [near, speed, plane] of [
		[0.2, -50, palette.light],
		[1, -120, palette.layers[1]],
	] as const) {
		const drawing = new Drawing(width, height - speed * seconds);
		for (let index = 0; index < 26; index += 1) {
			const r = 20 + between(random, 30, 90) * near;
			const at: Point = [
				between(random, -0.05, 1) * width,
				between(random, -0.02, 1) * drawing.height,
			];
			const color = random.pick([plane, plane, palette.light, palette.layers[0]]);
			drawing.shape(circle(r), at, { color, opacity: 0.6 - 0.3 * near });
		}
		planes.push({ drawing, color: plane, x: '0', y: drift(0, speed) });
	}
};

const orbits: Painter = (stage) => {
	const { backdrop, random, palette, width, height, planes } = stage;
	const centre: Point = [between(random, 0.36, 0.64) * width, between(random, 0.5, 0.6) * height];
	const reach = Math.hypot(width, height) * 0.56;
	for (let ring = 6; ring >= 1; ring -= 1) {
		const r = (reach * ring) / 6;
		backdrop.shape(circle(r), [centre[0] - r, centre[1] - r], {
			color: palette.layers[ring % 4] ?? palette.glow,
			opacity: 0.34,
		});
		for (const color of [palette.light, palette.glow]) {
			const size = random.int(16, 46);
			const drawing = new Drawing(size * 2, size * 2);
			drawing.shape(circle(size), [0, 0], { color });
			const angle = `${between(random, 0, 6.28).toFixed(2)}+${((ring % 2 === 0 ? 1 : -1) * between(random, 0.15, 0.3)).toFixed(2)}*t`;
			planes.push({
				drawing,
				color,
				x: `${Math.round(centre[0] - size)}+${Math.round(r)}*cos(${angle})`,
				y: `${Math.round(centre[1] - size)}+${Math.round(r)}*sin(${angle})`,
			});
		}
	}
};

const chart: Painter = (stage) => {
	const { random, palette, width, height, seconds, planes } = stage;
	lights(stage);
	const bars = 9;
	const step = width / (bars + 1);
	for (let bar = 0; bar < bars; bar += 1) {
		const tall = Math.round((0.2 + 0.055 * bar + between(random, -0.05, 0.07)) * height);
		const outline: Outline = box(Math.round(step * 0.72), tall);
		const color = palette.layers[3 - (bar % 3)] ?? palette.light;
		const drawing = new Drawing(outline.width, outline.height);
		drawing.shape(outline, [0, 0], { color });
		planes.push({
			drawing,
			color,
			x: String(Math.round(step * (bar + 0.64))),
			// each reaches its height at the end of the clip, the outer ones later
			y: `${height}-${tall}*min(1,t/${(seconds * (0.6 + 0.045 * bar)).toFixed(2)})`,
		});
	}
};

/** What the dice choose from for queries without a known word. */
const LANDSCAPES: readonly Painter[] = [city, sea, forest, hills];

/** The first row whose words meet the query paints it. */
const PAINTERS: ReadonlyArray<readonly [words: RegExp, painter: Painter]> = [
	[/cit(y|ies)|street|urban|office|build|business|work|traffic|town|night|road/i, city],
	[/sea|ocean|water|beach|wave|river|lake|boat|coast|fish|ship/i, sea],
	[/forest|tree|wood|garden|plant|leaf|nature|green|animal/i, forest],
	[/mountain|hill|land|sky|travel|sun|desert|farm|field/i, hills],
	[/space|star|planet|science|atom|brain|cell|energy|world|galaxy/i, orbits],
	[/data|chart|money|market|growth|finance|econom|number|stock|price/i, chart],
	[/light|music|color|dream|abstract|fire|party|happy|food|drink|coffee/i, lights],
];

/** The same random numbers paint the same scene. Sizes in pixels. */
export function paintScene(
	query: string,
	random: Random,
	shape: { width: number; height: number; seconds: number },
): Scene {
	const palette = random.pick(PALETTES);
	const { width, height } = shape;
	const stage: Stage = {
		...shape,
		random,
		palette,
		sky: palette,
		backdrop: new Drawing(width, height),
		planes: [],
	};
	const byWords = PAINTERS.find(([words]) => words.test(query))?.[1];
	(byWords ?? random.pick(LANDSCAPES))(stage);
	const caption =
		query.length > CAPTION_LENGTH ? `${query.slice(0, CAPTION_LENGTH - 1)}…` : query;
	stage.backdrop.text(
		caption,
		[width / 2, 0.32 * height],
		Math.min(0.13 * height, (1.5 * width) / Math.max(caption.length, 6)),
		{ color: 'ffffff', opacity: 0.66 },
	);
	return stage;
}
