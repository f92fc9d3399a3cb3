/** A script of the asked length: one that misses it is given back to the model, at most twice. */
import { sumCosts } from '../../cost/prices';
import type { Cost, Script, ScriptResult } from '../../documents';
import { SCENE_PAUSE_S, spokenSeconds, wordCount } from '../../text';

import { ask, mayBeDoneWithout, type Asked, type LanguageDeps, type Question } from './ask';
import { lengthMessage, wordsFor } from './prompt';
import { retirementWarnings } from './retirement';

/** Share by which a script's length may miss the one asked for (owner's rule). */
export const DURATION_TOLERANCE = 0.15;

const MOST_CORRECTIONS = 2;

/** @returns the script that misses the length least, with what all answers cost */
export async function askForScript(
	question: Question<Script>,
	durationS: number,
	deps: LanguageDeps,
): Promise<ScriptResult> {
	const costs: Cost[] = [];
	const counted = withCosts(deps, costs);
	let latest = await ask(question, counted);
	let best = latest;
	for (let correction = 0; correction < MOST_CORRECTIONS && isOff(best.value, durationS); correction++) {
		const wanted = Math.max(1, wordsFor(durationS - pausesOf(latest.value)));
		const content = lengthMessage(wordsOf(latest.value), wanted);
		try {
			latest = await ask({ ...question, messages: [...latest.messages, { role: 'user', content }] }, counted);
		} catch (error) {
			if (!mayBeDoneWithout(error)) throw error;
			break;
		}
		if (missOf(latest.value, durationS) < missOf(best.value, durationS)) best = latest;
	}
	const ending = await retirementWarnings(deps.provider, deps.model, deps.signal);
	return resultOf({ ...best, warnings: [...ending, ...best.warnings] }, durationS, deps.provider.id, costs);
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

/** Counts answers that failed too: they were paid for all the same. */
function withCosts(deps: LanguageDeps, costs: Cost[]): LanguageDeps {
	return {
		...deps,
		recordCost: async (cost) => {
			costs.push(cost);
			await deps.recordCost?.(cost);
		},
	};
}

function resultOf({ value, answer, warnings }: Asked<Script>, durationS: number, provider: string, costs: Cost[]): ScriptResult {
	const words = wordsOf(value);
	const missed = isOff(value, durationS)
		? [`The video would be about ${Math.round(lengthOf(value))} s long, ${Math.round(durationS)} s were asked for`]
		: [];
	return {
		script: value,
		speech_text: value.scenes.map(({ narration }) => narration).join('\n'),
		provider,
		model: answer.model,
		word_count: words,
		estimated_duration_s: spokenSeconds(words),
		warnings: [...warnings, ...missed],
		costs: sumCosts(costs),
	};
}
