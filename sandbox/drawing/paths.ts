/** Outlines in ASS drawing commands. Every outline begins at (0, 0) of its own box. */
import type { Random } from '../random';

export interface Outline {
	path: string;
	width: number;
	height: number;
}

/** A number from `low` up to `high`. */
export function between(random: Random, low: number, high: number): number {
	return low + random.next() * (high - low);
}

const polygon = (points: Array<[number, number]>): string =>
	points
		.map(([x, y], index) => `${index === 0 ? 'm' : 'l'} ${Math.round(x)} ${Math.round(y)}`)
		.join(' ');

const rectangle = (x: number, y: number, width: number, height: number): string =>
	polygon([
		[x, y],
		[x + width, y],
		[x + width, y + height],
		[x, y + height],
	]);

/** Four Bézier quarters; 0.5523 is the distance of their handles from the corners. */
export function circle(radius: number): Outline {
	const r = Math.round(radius);
	const d = Math.round(radius * 2);
	const low = Math.round(radius * (1 - 0.5523));
	const high = Math.round(radius * (1 + 0.5523));
	return {
		path: `m ${r} 0 b ${high} 0 ${d} ${low} ${d} ${r} b ${d} ${high} ${high} ${d} ${r} ${d} b ${low} ${d} 0 ${high} 0 ${r} b 0 ${low} ${low} 0 ${r} 0`,
		width: d,
		height: d,
	};
}

export function box(width: number, height: number): Outline {
	return { path: rectangle(0, 0, width, height), width, height };
}

/** A row of gentle or steep summits, filled down to the bottom of its box. */
export function ridge(random: Random, width: number, height: number, roughness: number): Outline {
	const waves = [1, 2.3, 5.1, 9.7].map((frequency, index) => ({
		frequency: (frequency * between(random, 0.8, 1.2) * Math.PI * 2) / 1920,
		phase: between(random, 0, Math.PI * 2),
		weight: roughness ** index,
	}));
	const total = waves.reduce((sum, { weight }) => sum + weight, 0);
	const points: Array<[number, number]> = [[0, 0]];
	for (let x = 0; x <= width + 24; x += 24) {
		const level = waves.reduce(
			(sum, wave) => sum + wave.weight * Math.sin(x * wave.frequency + wave.phase),
			0,
		);
		points.push([x, (0.3 + 0.28 * (level / total)) * height]);
	}
	points.push([width + 24, height], [0, height]);
	// the first point only opens the box at (0, 0); it lies on the left edge
	return { path: polygon(points), width: width + 24, height };
}

/** Roofs of different heights, and apart from them their lit windows. */
export function skyline(
	random: Random,
	width: number,
	height: number,
): { roofs: Outline; windows: Outline } {
	const roofs: Array<[number, number]> = [[0, 0]];
	const windows: string[] = [rectangle(0, 0, 1, 1)];
	for (let x = 0; x < width; ) {
		const span = random.int(70, 170);
		const roof = between(random, 0.05, 0.55) * height;
		roofs.push([x, roof], [x + span, roof]);
		for (let wx = x + 16; wx < x + span - 20; wx += 26) {
			for (let wy = roof + 22; wy < height - 20; wy += 38) {
				if (random.next() < 0.3) windows.push(rectangle(wx, wy, 11, 17));
			}
		}
		x += span;
	}
	roofs.push([width, height], [0, height]);
	return {
		roofs: { path: polygon(roofs), width, height },
		windows: { path: windows.join(' '), width, height },
	};
}

/** Pines side by side, filled down to the bottom of its box. */
export function pines(random: Random, width: number, height: number): Outline {
	const parts: string[] = [rectangle(0, 0.82 * height, width, 0.18 * height), 'm 0 0'];
	for (let x = 0; x < width; ) {
		const tall = between(random, 0.45, 0.95) * height;
		const wide = tall * between(random, 0.34, 0.44);
		for (const [from, to, spread] of [
			[0, 0.45, 0.5],
			[0.25, 0.72, 0.75],
			[0.5, 1, 1],
		] as const) {
			const top = height - tall + from * tall;
			const foot = height - tall + to * tall;
			parts.push(
				polygon([
					[x + wide / 2, top],
					[x + wide / 2 + (spread * wide) / 2, foot],
					[x + wide / 2 - (spread * wide) / 2, foot],
				]),
			);
		}
		x += wide * between(random, 0.55, 0.95);
	}
	return { path: parts.join(' '), width, height };
}

export function sail(size: number): Outline {
	const hull: Array<[number, number]> = [
		[0, size * 0.78],
		[size, size * 0.78],
		[size * 0.8, size],
		[size * 0.18, size],
	];
	const main: Array<[number, number]> = [
		[size * 0.48, 0],
		[size * 0.48, size * 0.72],
		[size * 0.06, size * 0.72],
	];
	const jib: Array<[number, number]> = [
		[size * 0.54, size * 0.12],
		[size * 0.9, size * 0.72],
		[size * 0.54, size * 0.72],
	];
	return { path: [hull, main, jib].map(polygon).join(' '), width: size, height: size };
}
