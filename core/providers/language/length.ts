/** A script of the asked length: one that misses it is given back to the model, at most twice. */
import type { Script, ScriptResult } from '../../documents';
import { SCENE_PAUSE_S, spokenSeconds, wordCount } from '../../text';

import { ask, mayBeDoneWithout, type Asked, type Question } from './ask';
import { lengthMessage, wordsFor } from './prompt';
import type { Turn } from './send';
import { doneByOne, type LanguageDeps, type Origin } from './work';

/** Share by which a script's length may miss the one asked for (owner's rule). */
export const DURATION_TOLERANCE = 0.15;

const MOST_CORRECTIONS = 2;

/**
 * Writing, repair and corrections are one provider's.
 * @returns the script that misses the length least, with what all answers cost
 */
export async function askForScript(
	question: Question<Script>,
	durationS: number,
	deps: LanguageDeps,
): Promise<ScriptResult> {
	const { value, origin } = await doneByOne(deps, async (turn) => await ofLength(question, durationS, turn));
	return resultOf(value, durationS, origin);
}

async function ofLength(question: Question<Script>, durationS: number, turn: Turn): Promise<Asked<Script>> {
	let latest = await ask(question, turn);
	let best = latest;
	for (let correction = 0; correction < MOST_CORRECTIONS && isOff(best.value, durationS); correction++) {
		const wanted = Math.max(1, wordsFor(durationS - pausesOf(latest.value)));
		const content = lengthMessage(wordsOf(latest.value), wanted);
		try {
			latest = await ask({ ...question, messages: [...latest.messages, { role: 'user', content }] }, turn);
		} catch (error) {
			if (!mayBeDoneWithout(error)) throw error;
			break;
		}
		if (missOf(latest.value, durationS) < missOf(best.value, durationS)) best = latest;
	}
	return best;
}

/** Seconds of the video: words at 150 a minute, and the pauses between scenes. */
export function lengthOf(script: Script): number {
	return spokenSeconds(wordsOf(script)) + pausesOf(script);
}

export function wordsOf({ scenes, language }: Script): number {
	return scenes.reduce((sum, scene) => sum + wordCount(scene.narration, language), 0);
}

function pausesOf({ scenes }: Script): number {
	return (scenes.length - 1) * SCENE_PAUSE_S;
}

function missOf(script: Script, durationS: number): number {
	return Math.abs(lengthOf(script) - durationS) / durationS;
}

function isOff(script: Script, durationS: number): boolean {
	return missOf(script, durationS) > DURATION_TOLERANCE;
}

function resultOf(script: Script, durationS: number, origin: Origin): ScriptResult {
	const words = wordsOf(script);
	const missed = isOff(script, durationS)
		? [`The video would be about ${Math.round(lengthOf(script))} s long, ${Math.round(durationS)} s were asked for`]
		: [];
	return {
		script,
		speech_text: script.scenes.map(({ narration }) => narration).join('\n'),
		word_count: words,
		estimated_duration_s: spokenSeconds(words),
		...origin,
		warnings: [...origin.warnings, ...missed],
	};
}
