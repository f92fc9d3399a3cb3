/** What else than a new script is asked for: a better one, a judgement, what stands around a video. Told by the shape of the schema. */
import type { Random } from '../random';
import { jsonObjects } from './brief';
import { countWords } from './budget';
import { HOOKS } from './frame-sentences';
import { packaging } from './packaging';
import { choosePoints } from './points';
import type { JsonSchema } from './schema';
import { stretchedScript } from './stretch';
import { readTopic } from './topic';

interface GivenScene extends Record<string, unknown> {
	narration: string;
	section?: string;
	start_seconds?: number;
}

interface GivenScript extends Record<string, unknown> {
	title: string;
	scenes: GivenScene[];
}

export interface Task {
	kind: 'improve' | 'metadata' | 'review';
	script: GivenScript;
}

/** Undefined when the prompt holds no script: then one is to be written. */
export function readTask(prompt: string, schema: JsonSchema | undefined): Task | undefined {
	const given = jsonObjects(prompt).find((object) => isScript(object.script));
	const properties = schema?.properties ?? {};
	if (!given || !schema) return undefined;
	const script = given.script as GivenScript;
	if ('chapters' in properties) return { kind: 'metadata', script };
	if (Object.values(properties).every((one) => one.properties?.score !== undefined)) return { kind: 'review', script };
	return 'scenes' in properties ? { kind: 'improve', script } : undefined;
}

function isScript(value: unknown): boolean {
	if (typeof value !== 'object' || value === null || !('scenes' in value)) return false;
	const { scenes } = value;
	return Array.isArray(scenes) && scenes.length > 0 && scenes.every(isScene);
}

function isScene(value: unknown): boolean {
	return typeof value === 'object' && value !== null && 'narration' in value && typeof value.narration === 'string';
}

export function perform({ kind, script }: Task, schema: JsonSchema, factor: number, random: Random): unknown {
	if (kind === 'review') return review(script, schema, random);
	return kind === 'metadata' ? metadata(script, random) : improve(script, factor, random);
}

/** Begins anew, and says the rest as it was. */
function improve(script: GivenScript, factor: number, random: Random): unknown {
	const { about } = topicOf(script);
	const [first, ...rest] = script.scenes;
	const [, ...sentences] = (first?.narration ?? '').split(/(?<=[.!?])\s+/);
	const hook = random.pick(HOOKS).replaceAll('{about}', about);
	const scenes = [{ ...first, narration: [hook, ...sentences].join(' ') }, ...rest];
	return stretchedScript(
		{
			description: '',
			tags: [],
			...script,
			scenes: scenes.map((scene, index) => ({
				section: index === 0 ? 'hook' : 'point_1',
				visual_query: 'open road',
				on_screen_text: '',
				...scene,
				narration: scene.narration ?? '',
			})),
		},
		factor,
	);
}

/** Short scripts have little substance; all else is as good as usual. */
function review(script: GivenScript, schema: JsonSchema, random: Random): unknown {
	const words = countWords(script.scenes.map(({ narration }) => narration).join(' '));
	const best = words < 20 ? 0.4 : 0.95;
	return Object.fromEntries(
		Object.keys(schema.properties ?? {}).map((name) => {
			const score = Math.round((best - 0.3 * random.next()) * 100) / 100;
			const subject = name.replaceAll('_', ' ');
			const reason =
				score >= 0.8
					? `The ${subject} holds from the first scene to scene ${script.scenes.length}.`
					: `The ${subject} is weaker in scene ${random.int(1, script.scenes.length)} than in the others.`;
			return [name, { score, reason }];
		}),
	);
}

const CHAPTER_NAMES: Record<string, string> = {
	hook: 'The question',
	introduction: 'What this is about',
	call_to_action: 'Before we go on',
	conclusion: 'What to remember',
};

/** A chapter where a section begins that is far enough from the one before. */
function metadata(script: GivenScript, random: Random): unknown {
	const topic = topicOf(script);
	const points = choosePoints(topic.kind, 3, random);
	let last = -Infinity;
	const chapters = script.scenes.flatMap((scene, index) => {
		const start = scene.start_seconds ?? index * 10;
		const goesOn = scene.section !== undefined && scene.section === script.scenes[index - 1]?.section;
		if (goesOn || start - last < 10) return [];
		last = start;
		const name = CHAPTER_NAMES[scene.section ?? ''] ?? `Part ${index + 1}: ${points[index % points.length]?.caption ?? ''}`;
		return [{ scene: index + 1, title: name }];
	});
	return { ...packaging(topic, points, 'professional', random), chapters };
}

function topicOf({ title }: GivenScript) {
	return readTopic(title.split(':')[0] ?? title);
}
