/** What Anthropic's structured output doesn't take of JSON Schema (its page on structured outputs). */
import type { JsonSchema } from '../writer/schema';

const FORBIDDEN: Record<string, string[]> = {
	object: ['minProperties', 'maxProperties', 'patternProperties'],
	array: ['maxItems', 'uniqueItems', 'contains'],
	string: ['minLength', 'maxLength'],
	number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
	integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/** In the provider's words; undefined when the schema is fine. */
export function schemaProblem(schema: JsonSchema): string | undefined {
	const type = String(schema.type ?? '');
	const keyword = (FORBIDDEN[type] ?? []).find((name) => name in schema);
	if (keyword) return `For '${type}' type, property '${keyword}' is not supported`;
	if (type === 'object' && schema.additionalProperties !== false) {
		return "For 'object' type, 'additionalProperties' must be explicitly set to false";
	}
	const inner = [
		...Object.values(schema.properties ?? {}),
		...Object.values((schema.$defs ?? {}) as Record<string, JsonSchema>),
		...(schema.items ? [schema.items] : []),
		...(schema.anyOf ?? []),
	];
	return inner.map(schemaProblem).find((problem) => problem !== undefined);
}
