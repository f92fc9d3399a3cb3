/** What the sandbox's clips show: quiet, moving landscapes and shapes, chosen by the words of the query. */
import { Drawing, type Point } from './drawing';
import type { Palette } from './palettes';
import { box, circle, pines, ridge, sail, skyline } from './paths';
import { between, pick, type Random, whole } from './random';

type Painter = (drawing: Drawing, random: Random, palette: Palette) => void;

/** Far, middle, near and nearest: how fast a layer passes, pixels a second, and where it begins, as a part of the height. */
const DEPTHS = [
	{ speed: 25, top: 0.42 },
	{ speed: 55, top: 0.54 },
	{ speed: 100, top: 0.66 },
	{ speed: 170, top: 0.8 },
] as const;

/** Every layer passes by, the nearer the faster. */
function parallax(
	drawing: Drawing,
	paint: (depth: number, width: number, height: number, place: { from: Point; to: Point }) => void,
): void {
	DEPTHS.forEach(({ speed, top }, depth) => {
		const travel = speed * drawing.seconds;
		const y = top * drawing.height;
		paint(depth, drawing.width + travel, drawing.height - y + 4, {
			from: [0, y],
			to: [-travel, y],
		});
	});
}

function sun(drawing: Drawing, random: Random, palette: Palette): void {
	const radius = between(random, 0.07, 0.12) * Math.max(drawing.width, drawing.height);
	const x = between(random, 0.12, 0.72) * drawing.width;
	const y = between(random, 0.1, 0.24) * drawing.height;
	for (const [grow, opacity] of [
		[1.9, 0.12],
		[1.4, 0.2],
		[1, 0.92],
	] as const) {
		const r = radius * grow;
		drawing.shape(circle(r), {
			color: palette.light,
			opacity,
			from: [x - r, y - r],
			to: [x - r + 60, y - r - 30],
		});
	}
}

function clouds(drawing: Drawing, random: Random): void {
	for (let cloud = 0; cloud < 4; cloud += 1) {
		const x = between(random, -0.1, 0.95) * drawing.width;
		const y = between(random, 0.05, 0.36) * drawing.height;
		const drift = between(random, 14, 34) * drawing.seconds;
		const puffs = whole(random, 3, 5);
		for (let puff = 0; puff < puffs; puff += 1) {
			const r = between(random, 26, 62);
			const from: Point = [x + puff * 52 - r, y - r + between(random, -10, 10)];
			drawing.shape(circle(r), {
				color: 'ffffff',
				opacity: 0.34,
				from,
				to: [from[0] + drift, from[1]],
			});
		}
	}
}

const hills: Painter = (drawing, random, palette) => {
	sun(drawing, random, palette);
	clouds(drawing, random);
	parallax(drawing, (depth, width, height, place) => {
		drawing.shape(ridge(random, width, height * 1.25, depth < 2 ? 0.5 : 0.25), {
			color: palette.layers[depth] ?? palette.light,
			...place,
		});
	});
};

const city: Painter = (drawing, random, palette) => {
	sun(drawing, random, palette);
	parallax(drawing, (depth, width, height, { from, to }) => {
		const lift = 0.12 * drawing.height;
		const place = {
			from: [from[0], from[1] - lift] as Point,
			to: [to[0], to[1] - lift] as Point,
		};
		const { roofs, windows } = skyline(random, width, height + lift);
		drawing.shape(roofs, { color: palette.layers[depth] ?? palette.light, ...place });
		if (depth > 0) {
			drawing.shape(windows, { color: palette.light, opacity: 0.35 + 0.15 * depth, ...place });
		}
	});
};

const forest: Painter = (drawing, random, palette) => {
	sun(drawing, random, palette);
	clouds(drawing, random);
	parallax(drawing, (depth, width, height, place) => {
		const tall = Math.min(height * 1.1, drawing.height * 0.36);
		const y = place.from[1] - tall * 0.2;
		const place2 = { from: [0, y] as Point, to: [place.to[0], y] as Point };
		const color = palette.layers[depth] ?? palette.light;
		drawing.shape(pines(random, width, tall), { color, ...place2 });
		drawing.shape(box(width, Math.max(drawing.height - y - tall, 1) + 4), {
			color,
			from: [0, y + tall - 2],
			to: [place.to[0], y + tall - 2],
		});
	});
};

const sea: Painter = (drawing, random, palette) => {
	sun(drawing, random, palette);
	clouds(drawing, random);
	parallax(drawing, (depth, width, height, { from, to }) => {
		const rising = depth % 2 === 0 ? 14 : -14;
		if (depth === 2) {
			const size = 0.17 * drawing.height;
			const y = from[1] - size * 0.62;
			drawing.shape(sail(size), {
				color: palette.light,
				from: [-0.1 * drawing.width, y],
				to: [0.1 * drawing.width + 90 * drawing.seconds, y + 10],
			});
		}
		drawing.shape(ridge(random, width, height * 0.5, 0.9), {
			color: palette.layers[depth] ?? palette.light,
			from: [depth % 2 === 0 ? to[0] : from[0], from[1]],
			to: [depth % 2 === 0 ? from[0] : to[0], from[1] + rising],
		});
		drawing.shape(box(width, height), {
			color: palette.layers[depth] ?? palette.light,
			from: [to[0], from[1] + height * 0.4],
			to: [to[0], from[1] + height * 0.4 + rising],
		});
	});
};

const lights: Painter = (drawing, random, palette) => {
	for (let index = 0; index < 34; index += 1) {
		const near = random();
		const r = 24 + near * 120;
		const x = between(random, -0.05, 1) * drawing.width;
		const y = between(random, 0, 1.25) * drawing.height;
		const rise = (40 + near * 110) * drawing.seconds;
		drawing.shape(circle(r), {
			color: pick(random, [palette.light, palette.glow, palette.layers[0], palette.layers[1]]),
			opacity: 0.16 + 0.3 * (1 - near),
			from: [x, y],
			to: [x + between(random, -120, 120), y - rise],
		});
	}
};

const orbits: Painter = (drawing, random, palette) => {
	const centre: Point = [
		between(random, 0.36, 0.64) * drawing.width,
		between(random, 0.48, 0.6) * drawing.height,
	];
	const reach = Math.hypot(drawing.width, drawing.height) * 0.56;
	for (let ring = 6; ring >= 1; ring -= 1) {
		const r = (reach * ring) / 6;
		drawing.shape(circle(r), {
			color: palette.layers[ring % 4] ?? palette.glow,
			opacity: 0.34,
			from: [centre[0] - r, centre[1] - r],
		});
		for (let moon = 0; moon < 2; moon += 1) {
			const size = between(random, 14, 44);
			drawing.shape(circle(size), {
				color: moon === 0 ? palette.light : palette.glow,
				opacity: 0.9,
				from: [centre[0] + r - size, centre[1] - size],
				turn: {
					around: centre,
					degrees: (ring % 2 === 0 ? 1 : -1) * between(random, 8, 16) * drawing.seconds,
					startAt: whole(random, 0, 359),
				},
			});
		}
	}
};

const chart: Painter = (drawing, random, palette) => {
	lights(drawing, random, palette);
	const bars = 9;
	const step = drawing.width / (bars + 1);
	for (let bar = 0; bar < bars; bar += 1) {
		const tall = (0.16 + 0.05 * bar + between(random, -0.04, 0.08)) * drawing.height;
		const x = step * (bar + 0.6);
		drawing.shape(box(step * 0.72, tall + 60), {
			color: palette.layers[3 - (bar % 3)] ?? palette.light,
			opacity: 0.94,
			from: [x, drawing.height],
			to: [x, drawing.height - tall],
			during: [bar * 0.12, drawing.seconds],
		});
	}
};

/** The first row whose words meet the query paints it; without one the dice do. */
const PAINTERS: ReadonlyArray<readonly [words: RegExp, painter: Painter]> = [
	[/city|street|urban|office|building|business|work|traffic|town|night/i, city],
	[/sea|ocean|water|beach|wave|river|lake|boat|coast|fish/i, sea],
	[/forest|tree|wood|garden|plant|leaf|nature|green|animal/i, forest],
	[/mountain|hill|land|sky|travel|road|sun|desert|farm|field/i, hills],
	[/space|star|planet|science|atom|brain|cell|energy|world|galaxy/i, orbits],
	[/data|chart|money|market|growth|finance|econom|number|stock|price/i, chart],
	[/light|music|color|dream|abstract|fire|party|happy|food|drink|coffee/i, lights],
];

/** The picture of one clip, as an ASS script. `index` tells clips of one query apart. */
export function paintScene(
	drawing: Drawing,
	random: Random,
	palette: Palette,
	query: string,
): string {
	const byWords = PAINTERS.find(([words]) => words.test(query))?.[1];
	const painter = byWords ?? pick(random, PAINTERS)[1];
	painter(drawing, random, palette);
	drawing.caption(
		query.length > 36 ? `${query.slice(0, 35)}…` : query,
		[drawing.width / 2, 0.34 * drawing.height],
		Math.min(0.13 * drawing.height, (1.5 * drawing.width) / Math.max(query.slice(0, 36).length, 6)),
		'ffffff',
		0.62,
	);
	return drawing.toString();
}
