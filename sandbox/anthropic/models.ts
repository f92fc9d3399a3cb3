/** Anthropic's models of November 2026, from the types of its SDK and its model pages. */

export interface Model {
	id: string;
	name: string;
	/** ISO date. */
	released: string;
	/** ISO date on which it answers no more; null when none is announced. */
	shutdownDate: string | null;
	/** Thinks before it answers; `high` unless less effort is asked for. */
	thinks: boolean;
	/** Takes temperature or top_p: models up to Claude Opus 4.6. */
	samples: boolean;
	maxOutput: number;
}

function model(id: string, name: string, released: string, more: Partial<Model> = {}): Model {
	return { id, name, released, shutdownDate: null, thinks: true, samples: false, maxOutput: 128_000, ...more };
}

export const MODELS: Model[] = [
	model('claude-fable-5-2', 'Claude Fable 5.2', '2026-11-10'),
	model('claude-opus-5-5', 'Claude Opus 5.5', '2026-10-01'),
	model('claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-10-01'),
	model('claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-15', { thinks: false, maxOutput: 64_000 }),
	model('claude-sonnet-4-5', 'Claude Sonnet 4.5', '2025-09-29', {
		shutdownDate: '2026-11-30',
		thinks: false,
		samples: true,
		maxOutput: 64_000,
	}),
	model('claude-sonnet-4-0', 'Claude Sonnet 4', '2025-05-14', { shutdownDate: '2026-06-15', thinks: false, samples: true }),
];

/** @param now milliseconds since 1970 */
export function liveModels(now: number): Model[] {
	return MODELS.filter(({ shutdownDate }) => shutdownDate === null || now < Date.parse(shutdownDate));
}

export function describe({ id, name, released, maxOutput }: Model) {
	return {
		type: 'model',
		id,
		display_name: name,
		created_at: `${released}T00:00:00Z`,
		capabilities: null,
		max_input_tokens: 1_000_000,
		max_tokens: maxOutput,
	};
}
