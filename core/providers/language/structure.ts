/** Whether scenes stand in the owner's order: hook, introduction, points around a call to action, conclusion. */
import { FULL_STRUCTURE_SECONDS, type SectionName } from './prompt';

const FEWEST_POINTS = 3;

/** @returns what is wrong, in words that a model understands; nothing for a video too short for the whole structure */
export function structureProblems(sections: readonly SectionName[], durationS: number): string[] {
	if (durationS < FULL_STRUCTURE_SECONDS) return [];
	const parts = sections.filter((section, index) => section !== sections[index - 1]);
	const points = parts.filter((part) => part.startsWith('point_'));
	const call = parts.indexOf('call_to_action');
	const problems: string[] = [];
	if (parts[0] !== 'hook') problems.push('scenes: the first one is not the hook');
	if (parts[1] !== 'introduction') problems.push('scenes: the introduction does not follow the hook');
	if (parts.at(-1) !== 'conclusion') problems.push('scenes: the last one is not the conclusion');
	if (points.length < FEWEST_POINTS) problems.push(`scenes: there are fewer than ${FEWEST_POINTS} points`);
	if (points.some((point, index) => point !== `point_${index + 1}`)) {
		problems.push('scenes: the points are not in their order, each once');
	}
	if (call === -1) problems.push('scenes: there is no call to action');
	else if (!isPoint(parts[call - 1]) || !isPoint(parts[call + 1])) {
		problems.push('scenes: the call to action does not stand between two points');
	}
	return problems;
}

function isPoint(part: SectionName | undefined): boolean {
	return part?.startsWith('point_') === true;
}
