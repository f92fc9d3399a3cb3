/** Gates on the captions: every word shown while it is spoken, every cue readable. */
import type { CaptionCue, QualityGate, Word } from '../documents';
import { CAPTION_RULES } from '../video/captions';
import { readingLength } from '../video/font-text';
import { gate, grade, round, type GateContext } from './gate';
import { bridged, type Range } from './ranges';

/** Times are rounded on the way: frames, hundredths of a second. */
const TOLERANCE_S = 0.05;

/** Even where speech leaves no time: faster than this nobody reads. */
const UNREADABLE_CHARACTERS_PER_SECOND = 30;

export function captionGates({ expected, thresholds }: GateContext): QualityGate[] {
	const { captions, narration } = expected;
	if (!captions) return [];
	const words = narration?.scenes.flatMap((scene) => scene.words) ?? [];
	const missing = words.filter((word) => !isShown(word, captions));
	const hard = captions.filter((cue, index) => isHard(cue, captions[index - 1], captions[index + 1]));
	const missingShare = words.length === 0 ? 0 : missing.length / words.length;
	const hardShare = captions.length === 0 ? 0 : hard.length / captions.length;
	return [
		...(words.length > 0
			? [
					gate('caption_coverage', {
						threshold: `at least ${round((1 - thresholds.captionsMissing.pass) * 100, 1)} % of the words shown while spoken`,
						measured: round((1 - missingShare) * 100, 1),
						unit: '%',
						...grade(missingShare, thresholds.captionsMissing),
						at: bridged(missing, 1),
					}),
				]
			: []),
		gate('caption_reading', {
			threshold: `at most ${CAPTION_RULES.maxCharactersPerSecond} characters a second where speech permits, ${CAPTION_RULES.maxLines} lines, ${CAPTION_RULES.minDurationS} s or longer`,
			measured: round((1 - hardShare) * 100, 1),
			unit: '% of the cues',
			...grade(hardShare, thresholds.captionsHard),
			at: hard,
		}),
	];
}

function isShown(word: Word, captions: readonly CaptionCue[]): boolean {
	const middle = (word.start_s + word.end_s) / 2;
	const text = letters(word.text);
	return captions.some(
		(cue) =>
			cue.start_s - TOLERANCE_S <= middle && middle <= cue.end_s + TOLERANCE_S && letters(cue.text).includes(text),
	);
}

function letters(text: string): string {
	return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

function isHard(cue: Range & CaptionCue, before: Range | undefined, after: Range | undefined): boolean {
	const seconds = cue.end_s - cue.start_s;
	const rate = readingLength(cue.text.replaceAll('\n', ' ')) / Math.max(seconds, 0.001);
	const hasRoom = (after?.start_s ?? Infinity) - cue.end_s > CAPTION_RULES.lingerS;
	return (
		cue.text.split('\n').length > CAPTION_RULES.maxLines ||
		(before !== undefined && cue.start_s < before.end_s - TOLERANCE_S) ||
		(hasRoom && seconds < CAPTION_RULES.minDurationS - TOLERANCE_S) ||
		(hasRoom && after !== undefined && rate > CAPTION_RULES.maxCharactersPerSecond + 0.5) ||
		rate > UNREADABLE_CHARACTERS_PER_SECOND
	);
}
