/** `[VISUAL: …]` and `[PAUSE]` in a narration: taken out as data, so that they guide the picture and never reach the voice. */
import type { SceneCue } from '../../documents';
import { bracketedIn } from '../../brackets';
import { cleanText, cutAtWord, speechText, wordCount } from '../../text';

const CUE = /^\s*(VISUAL|PAUSE)\b\s*[:：]?(.*)$/is;

const LONGEST_CUE = 120;
/** More in one scene would be a runaway answer. */
const MOST_CUES = 10;

/** The marks in the order in which they stand; other stage directions are dropped by `speechText` alone. */
export function cuesOf(narration: string, language: string): SceneCue[] {
	const text = cleanText(narration);
	const marks = bracketedIn(text).flatMap(({ from, inner }) => {
		const [, word, said = ''] = CUE.exec(inner) ?? [];
		return word ? [{ from, isVisual: word.toUpperCase() === 'VISUAL', said }] : [];
	});
	return marks.slice(0, MOST_CUES).map(({ from, isVisual, said }) => ({
		kind: isVisual ? 'visual' : 'pause',
		at_word: wordCount(speechText(text.slice(0, from), { isOurs: true }), language),
		text: isVisual ? cutAtWord(speechText(said), LONGEST_CUE) : '',
	}));
}
