/** `[VISUAL: …]` and `[PAUSE]` in a narration: taken out as data, so that they guide the picture and never reach the voice. */
import type { SceneCue } from '../../documents';
import { cleanText, cutAtWord, speechText, wordCount } from '../../text';

const CUE = /\[\s*(VISUAL|PAUSE)\b\s*:?([^\]]{0,300})\]/gi;

const LONGEST_CUE = 120;
/** More in one scene would be a runaway answer. */
const MOST_CUES = 10;

/** The marks in the order in which they stand; other stage directions are dropped by `speechText` alone. */
export function cuesOf(narration: string, language: string): SceneCue[] {
	return [...cleanText(narration).matchAll(CUE)].slice(0, MOST_CUES).map((match) => {
		const before = speechText((match.input ?? '').slice(0, match.index));
		const visual = match[1]?.toUpperCase() === 'VISUAL';
		return {
			kind: visual ? 'visual' : 'pause',
			at_word: wordCount(before, language),
			text: visual ? cutAtWord(speechText(match[2] ?? ''), LONGEST_CUE) : '',
		};
	});
}
