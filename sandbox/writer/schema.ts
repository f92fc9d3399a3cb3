/** Structured output: what a strict schema must keep to, and values made from a schema. */
import type { Random } from '../random';
import type { WrittenScene, WrittenScript } from './script';

export interface JsonSchema {
	[keyword: string]: unknown;
	type?: string | string[];
	properties?: Record<string, JsonSchema>;
	required?: string[];
	items?: JsonSchema;
	anyOf?: JsonSchema[];
	enum?: unknown[];
	const?: unknown;
	$ref?: string;
	minItems?: number;
	maxItems?: number;
	minimum?: number;
	maximum?: number;
	format?: string;
}

/** How an answer is wanted. */
export interface Format {
	kind: 'text' | 'json';
	schema?: JsonSchema;
	/** What the asker calls the schema, where the protocol has a name for it. */
	name?: string;
}

const FORBIDDEN = ['allOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'patternProperties'];

/** What is wrong with a schema that says `strict: true`, in the provider's words; undefined when it is fine. */
export function strictProblem(schema: JsonSchema, path: string[] = []): string | undefined {
	const context = `In context=(${path.map((part) => `'${part}'`).join(', ')})`;
	const keyword = FORBIDDEN.find((name) => name in schema);
	if (keyword) return `${context}, '${keyword}' is not permitted.`;
	if (path.length === 0 && schema.type !== 'object') return 'schema must be a JSON Schema of \'type: "object"\'.';
	if (schema.properties) {
		if (schema.additionalProperties !== false) {
			return `${context}, 'additionalProperties' is required to be supplied and to be false.`;
		}
		const missing = Object.keys(schema.properties).find((name) => !schema.required?.includes(name));
		if (missing !== undefined) {
			return `${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
		}
	}
	const inner: Array<[string[], JsonSchema]> = [
		...named(schema.properties, 'properties'),
		...named(schema.$defs as Record<string, JsonSchema> | undefined, '$defs'),
		...(schema.items ? [[['items'], schema.items] as [string[], JsonSchema]] : []),
		...(schema.anyOf ?? []).map((one, index): [string[], JsonSchema] => [['anyOf', String(index)], one]),
	];
	for (const [step, one] of inner) {
		const problem = strictProblem(one, [...path, ...step]);
		if (problem) return problem;
	}
	return undefined;
}

function named(schemas: Record<string, JsonSchema> | undefined, keyword: string): Array<[string[], JsonSchema]> {
	return Object.entries(schemas ?? {}).map(([name, schema]) => [[keyword, name], schema]);
}

/** True for an object with scenes that have a narration: our script, wherever it stands. */
function isScript(schema: JsonSchema, root: JsonSchema): boolean {
	const scenes = schema.properties?.scenes;
	const item = scenes && resolve(resolve(scenes, root).items ?? {}, root);
	return item?.properties?.narration !== undefined;
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
	if (schema.$ref === undefined) return schema;
	if (schema.$ref === '#') return root;
	const target = schema.$ref
		.replace(/^#\//, '')
		.split('/')
		.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], root);
	return (target as JsonSchema | undefined) ?? {};
}

/** Makes a value that fits a schema, with the words of a script where a name asks for them. */
export class Instance {
	constructor(
		private readonly root: JsonSchema,
		private readonly script: WrittenScript,
		private readonly random: Random,
	) {}

	make(): unknown {
		return this.value(this.root, '', 0);
	}

	private value(given: JsonSchema, name: string, depth: number): unknown {
		const schema = resolve(given, this.root);
		if ('const' in schema) return schema.const;
		if (schema.enum) return schema.enum.includes(this.script.language) ? this.script.language : this.random.pick(schema.enum);
		if (schema.anyOf) return this.value(schema.anyOf.find(({ type }) => type !== 'null') ?? {}, name, depth);
		const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
		if (type === 'object' || schema.properties) return this.object(schema, depth);
		if (type === 'array') return this.array(schema, name, depth);
		if (type === 'integer') return Math.round(this.number(schema));
		if (type === 'number') return this.number(schema);
		if (type === 'boolean') return true;
		return type === 'null' ? null : this.text(schema, name);
	}

	private object(schema: JsonSchema, depth: number): Record<string, unknown> {
		if (depth > 20) return {};
		const script = isScript(schema, this.root);
		return Object.fromEntries(
			Object.entries(schema.properties ?? {}).map(([name, inner]) => [
				name,
				script && name === 'scenes' ? this.scenes(resolve(inner, this.root)) : this.value(inner, name, depth + 1),
			]),
		);
	}

	/** The script's scenes, as many as the schema allows, each with whatever else the schema asks of it. */
	private scenes(schema: JsonSchema): unknown[] {
		const { minItems = 0, maxItems = Infinity } = schema;
		const item = resolve(schema.items ?? {}, this.root);
		return fitCount(this.script.scenes, minItems, maxItems).map((scene, index) => {
			const known: Record<string, unknown> = { id: `scene-${index + 1}`, ...scene };
			const wish = resolve(item.properties?.narration ?? {}, this.root).description;
			if (index === 0 && typeof wish === 'string' && wish.includes('[PAUSE]')) known.narration = marked(scene);
			return Object.fromEntries(
				Object.entries(item.properties ?? {}).map(([name, inner]) => [
					name,
					name === 'id' && resolve(inner, this.root).type !== 'string' ? index + 1 : (known[name] ?? this.value(inner, name, 1)),
				]),
			);
		});
	}

	private array(schema: JsonSchema, name: string, depth: number): unknown[] {
		const { minItems = 0, maxItems = 1000 } = schema;
		const item = resolve(schema.items ?? {}, this.root);
		if (name === 'tags' && item.type === 'string') return this.script.tags.slice(0, maxItems);
		const length = Math.min(Math.max(3, minItems), maxItems);
		return depth > 8 ? [] : Array.from({ length }, () => this.value(item, name, depth + 1));
	}

	private number({ minimum, maximum }: JsonSchema): number {
		const low = minimum ?? 0;
		const high = maximum ?? (minimum === undefined ? 1 : low + 10);
		return Math.round((low + (high - low) * (0.7 + this.random.next() * 0.25)) * 100) / 100;
	}

	private text({ format }: JsonSchema, name: string): string {
		if (format === 'date') return '2026-01-01';
		if (format === 'date-time') return '2026-01-01T00:00:00Z';
		if (name === 'title' || name === 'description' || name === 'language') return this.script[name];
		if (name === 'script' || name === 'text' || name === 'narration') return narrationOf(this.script);
		return this.random.pick(this.script.scenes).narration.split(/(?<=[.!?])\s/)[0] ?? this.script.title;
	}
}

/** With the marks that a writer of films leaves. */
function marked({ narration, visual_query: picture }: WrittenScene): string {
	return `[VISUAL: ${picture}] ${narration} [PAUSE]`;
}

export function narrationOf(script: WrittenScript): string {
	return script.scenes.map(({ narration }) => narration).join('\n\n');
}

/** Joins neighbours when there are too many scenes, halves the longest when there are too few. */
function fitCount(scenes: WrittenScene[], least: number, most: number): WrittenScene[] {
	const fitted = scenes.map((scene) => ({ ...scene }));
	while (fitted.length > Math.max(1, most)) {
		const last = fitted.pop() as WrittenScene;
		const before = fitted.at(-1) as WrittenScene;
		before.narration += ` ${last.narration}`;
	}
	while (fitted.length < least) {
		const longest = fitted.reduce((best, scene) => (scene.narration.length > best.narration.length ? scene : best));
		const words = longest.narration.split(' ');
		if (words.length < 2) break;
		const half = Math.ceil(words.length / 2);
		longest.narration = words.slice(0, half).join(' ');
		fitted.splice(fitted.indexOf(longest) + 1, 0, { ...longest, narration: words.slice(half).join(' '), on_screen_text: '' });
	}
	return fitted;
}
