/** Cohere's models of November 2026, from its pages and its specification of 2026-08. */

export interface Model {
	name: string;
	contextLength: number;
	/** Longer answers are cut there, whatever was asked for. */
	maxOutput: number;
	/** The name no longer answers. */
	removed?: true;
}

export const MODELS: Model[] = [
	{ name: 'command-a-plus-05-2026', contextLength: 128_000, maxOutput: 64_000 },
	{ name: 'command-a-03-2025', contextLength: 256_000, maxOutput: 8_000 },
	{ name: 'command-r-plus-08-2024', contextLength: 128_000, maxOutput: 4_000 },
	{ name: 'command-r-08-2024', contextLength: 128_000, maxOutput: 4_000 },
	{ name: 'command-r7b-12-2024', contextLength: 128_000, maxOutput: 4_000 },
	{ name: 'command-r-plus', contextLength: 128_000, maxOutput: 4_000, removed: true },
	{ name: 'command-r', contextLength: 128_000, maxOutput: 4_000, removed: true },
	{ name: 'command', contextLength: 4_000, maxOutput: 4_000, removed: true },
];

export function describe({ name, contextLength, removed }: Model) {
	return {
		name,
		is_deprecated: removed === true,
		endpoints: ['chat'],
		finetuned: false,
		context_length: contextLength,
		tokenizer_url: '',
		default_endpoints: [],
		features: ['json_mode', 'json_schema'],
	};
}
