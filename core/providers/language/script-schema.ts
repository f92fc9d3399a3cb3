/** The script as a model gives it: its schema, what is checked, and how it becomes our document. */
import type { Scene, Script } from '../../documents';
import { cleanText, cutAtWord, speechText } from '../../text';
import { z } from '../../vendor/zod';
import { fitDescription, fitTags, fitTitle } from '../../youtube/limits';

// No lengths here: strict schemas at the providers know only some of the keywords. They are checked below.
const writtenScript = z.object({
	title: z.string(),
	description: z.string(),
	tags: z.array(z.string()),
	scenes: z.array(
		z.object({
			narration: z.string(),
			visual_query: z.string(),
			on_screen_text: z.string(),
		}),
	),
});

type WrittenScript = z.infer<typeof writtenScript>;

export const SCRIPT_SCHEMA_NAME = 'video_script';

/** JSON Schema in the form that strict structured output takes. */
export const scriptJsonSchema: Record<string, unknown> = (() => {
	const { $schema: _dialect, ...schema } = z.toJSONSchema(writtenScript);
	return schema;
})();

/** More would be a runaway answer. */
const MOST_SCENES = 300;
/** Characters of one scene: well inside what every voice takes in one request. */
const LONGEST_NARRATION = 3000;
const LONGEST_ON_SCREEN_TEXT = 80;
const LONGEST_VISUAL_QUERY = 100;
const MOST_PROBLEMS = 10;

export type ScriptReading =
	| { valid: true; script: Script; warnings: string[] }
	| { valid: false; problems: string[] };

/** Checks a model's answer, cleans its texts and fits them to their limits. */
export function readScript(value: unknown, language: string): ScriptReading {
	const parsed = writtenScript.safeParse(value);
	if (!parsed.success) {
		const problems = parsed.error.issues.map(
			(issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`,
		);
		return { valid: false, problems: problems.slice(0, MOST_PROBLEMS) };
	}
	const scenes = parsed.data.scenes.map(sceneOf);
	const title = fitTitle(parsed.data.title);
	const problems = problemsOf(title.value, scenes);
	if (problems.length > 0) return { valid: false, problems: problems.slice(0, MOST_PROBLEMS) };
	const description = fitDescription(parsed.data.description);
	const tags = fitTags(parsed.data.tags);
	const shortened = scenes.filter((scene, index) => {
		const written = cleanText(parsed.data.scenes[index]?.on_screen_text ?? '');
		return scene.on_screen_text !== written;
	});
	return {
		valid: true,
		script: {
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
	};
}

function sceneOf(written: WrittenScript['scenes'][number], index: number): Scene {
	return {
		id: `scene-${index + 1}`,
		narration: speechText(written.narration),
		visual_query: cutAtWord(
			cleanText(written.visual_query.replace(/[^\p{L}\p{N}\s'-]/gu, ' ')),
			LONGEST_VISUAL_QUERY,
		).replace(/…$/, ''),
		on_screen_text: cutAtWord(cleanText(written.on_screen_text), LONGEST_ON_SCREEN_TEXT),
	};
}

function problemsOf(title: string, scenes: readonly Scene[]): string[] {
	const problems: string[] = [];
	if (!title) problems.push('title: is empty');
	if (scenes.length === 0) problems.push('scenes: there are none');
	if (scenes.length > MOST_SCENES) problems.push(`scenes: more than ${MOST_SCENES}`);
	scenes.forEach((scene, index) => {
		const at = `scenes.${index}`;
		if (!/[\p{L}\p{N}]/u.test(scene.narration)) problems.push(`${at}.narration: has no words to speak`);
		if (scene.narration.length > LONGEST_NARRATION) {
			problems.push(`${at}.narration: longer than ${LONGEST_NARRATION} characters; split the scene`);
		}
		if (!scene.visual_query) problems.push(`${at}.visual_query: is empty`);
	});
	return problems;
}
