/** A script, measured and judged before money is spent on its voice: every gate with its line, its value and its places. */
import type { QualityGate, QualityResult, Script, ScriptReview } from '../documents';
import { structureProblems } from '../providers/language/structure';
import type { SectionName } from '../providers/language/prompt';
import { SCENE_PAUSE_S, spokenSeconds, wordCount, wordsOf } from '../text';
import { WITHOUT_SPACES } from '../video/font-text';

import { verdictOf } from './check';
import { grade, round, type Finding } from './gate';
import { likeness, narrationOf, runsOf, type EarlierScript } from './likeness';
import { readingEase, sentencesOf } from './reading-ease';
import { PLAIN_LANGUAGE, SCRIPT_GATES, SCRIPT_LINES, SCRIPT_SCORE, type ScriptGateName } from './script-table';
import type { GateRow, Graded } from './table';
import words from './script-words.json';

export interface ScriptCheckInput {
	script: Script;
	/** Seconds that were asked for; 0 when that isn't known. */
	durationS: number;
	/** Scripts of the channel's last videos. */
	earlier?: readonly EarlierScript[];
	/** Claims in place of the list for the script's language. */
	forbidden?: readonly string[];
	/** Score from which it passes, 0 to 1. */
	threshold?: number;
	/** What another model said of it by the rubric, see `reviewScript`. */
	review?: Pick<ScriptReview, 'criteria' | 'reasons' | 'score'>;
}

export interface ScriptGate extends QualityGate {
	/** Scenes, phrases or videos that it is about. */
	where: string[];
}

export interface ScriptCheck extends QualityResult {
	gates: ScriptGate[];
}

/** Words of a phrase that is noticed when it comes again. */
const PHRASE_WORDS = 5;

const MOST_PLACES = 10;

export function checkScript(input: ScriptCheckInput): ScriptCheck {
	const { review } = input;
	const gates = [
		structureGate(input),
		hookGate(input),
		...lengthGate(input),
		...readingGate(input),
		repeatedGate(input),
		forbiddenGate(input),
		...likenessGate(input),
		...(review ? [rubricGate(review)] : []),
	];
	return { ...verdictOf(gates, input.threshold ?? SCRIPT_SCORE), gates };
}

/** @param value the lower the better */
function scriptGate(
	name: ScriptGateName,
	value: number,
	lines: Graded,
	finding: Pick<Finding, 'measured' | 'threshold' | 'unit'> & { where?: readonly string[] },
): ScriptGate {
	const row: GateRow = SCRIPT_GATES[name];
	const { verdict, score } = grade(value, lines);
	return {
		name,
		...finding,
		measured: typeof finding.measured === 'number' ? round(finding.measured, 3) : finding.measured,
		verdict,
		score: round(score, 3),
		hard: row.hard === 'always' || (row.hard === 'when total' && score === 0),
		weight: row.weight,
		blame: row.blame,
		at: [],
		where: verdict === 'pass' ? [] : (finding.where ?? []).slice(0, MOST_PLACES),
	};
}

function structureGate({ script, durationS }: ScriptCheckInput): ScriptGate {
	const sections = script.scenes.flatMap(({ section }) => (section ? [section as SectionName] : []));
	const last = script.scenes.at(-1)?.narration.trim() ?? '';
	const problems = [
		// without named sections their order can't be told
		...(sections.length > 0 ? structureProblems(sections, durationS) : []),
		...script.scenes.filter(({ narration }) => narration.trim() === '').map(({ id }) => `${id}: nothing is said`),
		...(/[\p{L}\p{N},;:]$/u.test(last) ? ['the last sentence is not ended'] : []),
	];
	return scriptGate('structure', problems.length, SCRIPT_LINES.structure, {
		threshold: 'hook, introduction, points around a call to action, conclusion; every scene spoken; whole sentences',
		measured: problems.length,
		unit: 'problems',
		where: problems,
	});
}

function hookGate({ script }: ScriptCheckInput): ScriptGate {
	const { language } = script;
	const [first = ''] = sentencesOf(narrationOf(script), language);
	const opening = plain(first);
	const worn = listFor(words.openings, language).find((start) => opening.startsWith(plain(start)));
	const count = wordCount(first, language);
	return scriptGate('hook', worn === undefined ? count : SCRIPT_LINES.hook.zero, SCRIPT_LINES.hook, {
		threshold: `a first sentence of at most ${SCRIPT_LINES.hook.pass} words that is no greeting`,
		measured: worn === undefined ? count : `"${worn}"`,
		unit: worn === undefined ? 'words' : '',
		where: [first],
	});
}

function lengthGate({ script, durationS }: ScriptCheckInput): ScriptGate[] {
	if (!(durationS > 0)) return [];
	const seconds = spokenSeconds(wordCount(narrationOf(script), script.language)) + (script.scenes.length - 1) * SCENE_PAUSE_S;
	return [
		scriptGate('length', Math.abs(seconds - durationS) / durationS, SCRIPT_LINES.length, {
			threshold: `${durationS} s ± ${SCRIPT_LINES.length.pass * 100} %`,
			measured: seconds,
			unit: 's',
		}),
	];
}

function readingGate({ script }: ScriptCheckInput): ScriptGate[] {
	const ease = readingEase(narrationOf(script), script.language);
	if (ease === undefined) return [];
	return [
		scriptGate('reading_ease', Math.max(0, PLAIN_LANGUAGE - ease), SCRIPT_LINES.readingEase, {
			threshold: `at least ${PLAIN_LANGUAGE}`,
			measured: round(ease, 1),
			unit: 'of 100',
			where: [...sentencesOf(narrationOf(script), script.language)]
				.sort((a, b) => b.length - a.length)
				.slice(0, 3),
		}),
	];
}

function repeatedGate({ script }: ScriptCheckInput): ScriptGate {
	const text = narrationOf(script);
	const runs = runsOf(text, script.language, PHRASE_WORDS);
	const seen = new Set<string>();
	const covered = new Set<number>();
	const phrases: string[] = [];
	runs.forEach((run, index) => {
		if (seen.has(run)) {
			if (!covered.has(index)) phrases.push(run);
			for (let word = index; word < index + PHRASE_WORDS; word++) covered.add(word);
		}
		seen.add(run);
	});
	const share = covered.size / (wordsOf(text, script.language).length || 1);
	return scriptGate('repeated_phrases', share, SCRIPT_LINES.repeated, {
		threshold: `at most ${SCRIPT_LINES.repeated.pass * 100} % of the words in phrases that were there before`,
		measured: round(share * 100, 1),
		unit: '%',
		where: phrases,
	});
}

function forbiddenGate({ script, forbidden }: ScriptCheckInput): ScriptGate {
	const { title, description, tags, scenes } = script;
	const texts = [title, description, ...tags, ...scenes.flatMap(({ narration, on_screen_text: shown }) => [narration, shown])].map(plain);
	const claims = (forbidden ?? listFor(words.forbidden, script.language)).filter((claim) => plain(claim) !== '');
	const found = claims.filter((claim) => texts.some((text) => says(text, plain(claim))));
	return scriptGate('forbidden_claims', found.length, SCRIPT_LINES.forbidden, {
		threshold: 'none',
		measured: found.length,
		unit: 'claims',
		where: found,
	});
}

function likenessGate({ script, earlier = [] }: ScriptCheckInput): ScriptGate[] {
	const text = narrationOf(script);
	const alike = earlier
		.map(({ videoId, text: other }) => ({ videoId, value: likeness(text, other, script.language) }))
		.sort((a, b) => b.value - a.value);
	const [closest] = alike;
	if (!closest) return [];
	return [
		scriptGate('likeness', closest.value, SCRIPT_LINES.likeness, {
			threshold: `at most ${SCRIPT_LINES.likeness.pass * 100} % of its runs of words in any of the channel's last ${earlier.length} scripts`,
			measured: round(closest.value * 100, 1),
			unit: '%',
			where: alike.filter(({ value }) => value > SCRIPT_LINES.likeness.pass).map(({ videoId }) => videoId),
		}),
	];
}

function rubricGate({ score, criteria }: NonNullable<ScriptCheckInput['review']>): ScriptGate {
	// 1 - 0.7 is a little more than 0.3
	return scriptGate('rubric', round(1 - score, 6), SCRIPT_LINES.rubric, {
		threshold: `at least ${1 - SCRIPT_LINES.rubric.pass}`,
		measured: score,
		unit: 'of 1',
		where: criteria.filter((one) => one.score < 1 - SCRIPT_LINES.rubric.pass).map(({ name }) => name),
	});
}

/** The language's own list; the other languages' words mean nothing there. */
function listFor(lists: Record<string, string[]>, language: string): string[] {
	const [code = ''] = language.toLowerCase().split('-');
	return Object.hasOwn(lists, code) ? (lists[code] ?? []) : [];
}

/** Whole words; where words aren't parted by spaces the characters in a row. Both texts are `plain`. */
function says(text: string, claim: string): boolean {
	return WITHOUT_SPACES.test(claim) ? text.replaceAll(' ', '').includes(claim.replaceAll(' ', '')) : ` ${text} `.includes(` ${claim} `);
}

/** Lower case, words alone, with the marks that make a vowel of a letter. */
function plain(text: string): string {
	return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim();
}
