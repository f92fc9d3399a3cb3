/** What a point of a script is made of, and which points a topic gets. */
import type { Random } from '../random';
import { EXPLANATION_POINTS } from './explanation-points';
import { PRACTICE_POINTS } from './practice-points';
import type { TopicKind } from './topic';

export interface Point {
	/** A noun phrase: `the right tools`. */
	label: string;
	/** A few words for the screen. */
	caption: string;
	/** What a camera could show. */
	visuals: string[];
	/** Follows "First," and so begins small. */
	opening: string;
	sentences: string[];
}

/** Those that fit the topic's kind first; the other kind's only when more are wanted. */
export function choosePoints(kind: TopicKind, count: number, random: Random): Point[] {
	const [fitting, others] =
		kind === 'practice' ? [PRACTICE_POINTS, EXPLANATION_POINTS] : [EXPLANATION_POINTS, PRACTICE_POINTS];
	const inOrder = (list: Point[], wanted: number) => {
		const chosen = new Set(random.shuffle(list).slice(0, wanted));
		return list.filter((point) => chosen.has(point));
	};
	return [...inOrder(fitting, count), ...inOrder(others, Math.max(0, count - fitting.length))];
}
