/** JSON Schemas in the form that every provider's structured output takes, and what zod says of a value. */
import { z } from '../../vendor/zod';

const MOST_PROBLEMS = 10;

/** Objects, arrays, texts, numbers and choices only: lengths and ranges are not taken by all, and are checked later. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
	const { $schema: _dialect, ...plain } = z.toJSONSchema(schema);
	return plain;
}

/** In words that a model understands; the first ten. */
export function problemsOf(error: z.ZodError): string[] {
	return fewest(error.issues.map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`));
}

export function fewest(problems: string[]): string[] {
	return problems.slice(0, MOST_PROBLEMS);
}
