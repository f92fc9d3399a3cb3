/** What the library holds: for every query the same clips and pictures, by the seed. */
import type { Random } from '../random';

export type Orientation = 'landscape' | 'portrait' | 'square';

/** One motif of the library, as a clip or a picture. */
export interface Motif {
	id: number;
	query: string;
	/** Its place among the query's motifs. */
	index: number;
	orientation: Orientation;
	fps: number;
	/** Whole seconds. */
	duration: number;
	author: { id: number; name: string };
	/** Short sides in pixels that clips come in. */
	sizes: number[];
}

/** Words that make a search find nothing. */
export const NOTHING = 'no-footage-please';

const SIDES = [360, 720, 1080];

const LARGEST_SIDE = 2160;

const FIRST_NAMES = ['Ada', 'Bruno', 'Chidi', 'Dana', 'Emil', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas'];

const LAST_NAMES = ['Almeida', 'Berg', 'Costa', 'Dubois', 'Eriksen', 'Fontaine', 'Keller', 'Nakamura', 'Okafor', 'Silva'];

/** About six in ten lie, one in four stands. */
const ORIENTATIONS: readonly Orientation[] = [
	...Array<Orientation>(12).fill('landscape'),
	...Array<Orientation>(5).fill('portrait'),
	...Array<Orientation>(3).fill('square'),
];

/** Width and height of an orientation with the given short side; even, at 16:9 or square. */
export function dimensions(orientation: Orientation, side: number): [width: number, height: number] {
	const long = Math.round((side * 16) / 9 / 2) * 2;
	if (orientation === 'square') return [side, side];
	return orientation === 'landscape' ? [long, side] : [side, long];
}

function motif(query: string, index: number, random: Random): Motif {
	return {
		id: random.int(1_000_000, 9_999_999),
		query,
		index,
		orientation: random.pick(ORIENTATIONS),
		fps: random.pick([24, 25, 30]),
		duration: random.int(5, 12),
		author: {
			id: random.int(10_000, 999_999),
			name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
		},
		sizes: random.int(1, 4) === 1 ? [...SIDES, LARGEST_SIDE] : SIDES,
	};
}

/** All that a query finds, in order of relevance. */
export function motifs(query: string, randomOf: (key: string) => Random): Motif[] {
	const words = query.trim().toLowerCase().replace(/\s+/g, ' ');
	if (words.includes(NOTHING)) return [];
	const count = randomOf(`count:${words}`).int(30, 70);
	return Array.from({ length: count }, (_, index) =>
		motif(words, index, randomOf(`motif:${words}:${index}`)),
	);
}

/** The smallest short side that a `size` of the API asks for: 4K, Full HD, HD. */
export const SIDE_BY_SIZE: Record<string, number> = { large: LARGEST_SIDE, medium: 1080, small: 720 };
