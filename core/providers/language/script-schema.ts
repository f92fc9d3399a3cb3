/** The script as a model gives it: its schema, what is checked, and how it becomes our document. */
import { hasLooseBracket } from '../../brackets';
import type { Scene, Script } from '../../documents';
import { cleanText, cutAtWord, speechText } from '../../text';
import { z } from '../../vendor/zod';
import { fitDescription, fitTags, fitTitle } from '../../youtube/limits';

import type { Reading } from './ask';
import { cuesOf } from './cues';
import { SECTIONS } from './prompt';
import { fewest, jsonSchemaOf, problemsOf } from './schema';
import { structureProblems } from './structure';

// No lengths here: strict schemas at the providers know only some of the keywords. They are checked below.
const writtenScript = z.object({
	title: z.string(),
	description: z.string(),
	tags: z.array(z.string()),
	scenes: z.array(
		z.object({
			section: z.enum(SECTIONS),
			narration: z.string().describe('Spoken words, with [VISUAL: ...] and [PAUSE] marks where they help'),
			visual_query: z.string(),
			on_screen_text: z.string(),
		}),
	),
});

type WrittenScript = z.infer<typeof writtenScript>;

export const SCRIPT_SCHEMA_NAME = 'video_script';

/** JSON Schema in the form that strict structured output takes. */
export const scriptJsonSchema = jsonSchemaOf(writtenScript);

/** More would be a runaway answer. */
const MOST_SCENES = 300;
/** Characters of one scene: well inside what every voice takes in one request. */
const LONGEST_NARRATION = 3000;
const LONGEST_ON_SCREEN_TEXT = 80;
const LONGEST_VISUAL_QUERY = 100;
/**
 * Checks a model's answer, cleans its texts and fits them to their limits.
 * @param durationS seconds: from a minute on, the whole structure is asked for
 */
export function readScript(value: unknown, language: string, durationS: number): Reading<Script> {
	const parsed = writtenScript.safeParse(value);
	if (!parsed.success) return { valid: false, problems: problemsOf(parsed.error) };
	const scenes = parsed.data.scenes.map((scene, index) => sceneOf(scene, index, language));
	const title = fitTitle(parsed.data.title);
	const problems = contentProblems(title.value, scenes);
	if (problems.length > 0) return { valid: false, problems: fewest(problems) };
	const description = fitDescription(parsed.data.description);
	const tags = fitTags(parsed.data.tags);
	const shortened = scenes.filter((scene, index) => {
		const written = cleanText(parsed.data.scenes[index]?.on_screen_text ?? '');
		return scene.on_screen_text !== written;
	});
	return {
		valid: true,
		value: {
			title: title.value,
			description: description.value,
			tags: tags.value,
			language,
			scenes,
		},
		warnings: [
			...title.warnings,
			...description.warnings,
			...tags.warnings,
			...shortened.map(({ id }) => `The on-screen text of ${id} was cut to ${LONGEST_ON_SCREEN_TEXT} characters`),
		],
		complaints: structureProblems(
			parsed.data.scenes.map(({ section }) => section),
			durationS,
		),
	};
}

function sceneOf(written: WrittenScript['scenes'][number], index: number, language: string): Scene {
	const cues = cuesOf(written.narration, language);
	return {
		id: `scene-${index + 1}`,
		narration: speechText(written.narration, { isOurs: true }),
		visual_query: cutAtWord(
			cleanText(written.visual_query.replace(/[^\p{L}\p{N}\s'-]/gu, ' ')),
			LONGEST_VISUAL_QUERY,
		).replace(/…$/, ''),
		on_screen_text: cutAtWord(cleanText(written.on_screen_text), LONGEST_ON_SCREEN_TEXT),
		section: written.section,
		...(cues.length > 0 ? { cues } : {}),
	};
}

function contentProblems(title: string, scenes: readonly Scene[]): string[] {
	const problems: string[] = [];
	if (!title) problems.push('title: is empty');
	if (scenes.length === 0) problems.push('scenes: there are none');
	if (scenes.length > MOST_SCENES) problems.push(`scenes: more than ${MOST_SCENES}`);
	scenes.forEach((scene, index) => {
		const at = `scenes.${index}`;
		if (!/[\p{L}\p{N}]/u.test(scene.narration)) problems.push(`${at}.narration: has no words to speak`);
		if (hasLooseBracket(scene.narration)) {
			problems.push(`${at}.narration: has a square bracket without a partner; a cue is opened and closed`);
		}
		if (scene.narration.length > LONGEST_NARRATION) {
			problems.push(`${at}.narration: longer than ${LONGEST_NARRATION} characters; split the scene`);
		}
		if (!scene.visual_query) problems.push(`${at}.visual_query: is empty`);
	});
	return problems;
}
