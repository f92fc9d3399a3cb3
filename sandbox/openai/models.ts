/** Models of November 2026, from the provider's SDK and its page of deprecations. */

export interface Model {
	id: string;
	/** Unix seconds. */
	created: number;
	/** ISO date on which it answers no more; null when none is announced. */
	shutdownDate: string | null;
	/** Thinks before it answers unless told not to, and then takes no sampling parameters. */
	reasons: boolean;
}

function model(id: string, released: string, shutdownDate: string | null, reasons: boolean): Model {
	return { id, created: Date.parse(released) / 1000, shutdownDate, reasons };
}

export const MODELS: Model[] = [
	model('gpt-6-astra', '2026-09-03', null, true),
	model('gpt-6.1-sol', '2026-09-29', null, true),
	model('gpt-6.1-terra', '2026-10-26', null, true),
	model('gpt-6-sol', '2026-09-01', null, true),
	model('gpt-6-luna', '2026-09-22', null, true),
	model('gpt-5.6-sol', '2026-06-15', null, true),
	model('gpt-5.6-terra', '2026-06-15', null, true),
	model('gpt-5.6-luna', '2026-06-15', null, true),
	model('gpt-5.1', '2025-11-13', '2027-04-01', true),
	model('gpt-5', '2025-08-07', '2026-12-11', true),
	model('gpt-5-mini', '2025-08-07', '2026-12-11', true),
	model('gpt-4.1', '2025-04-14', '2027-01-14', false),
	model('gpt-4.1-mini', '2025-04-14', '2027-01-14', false),
	model('gpt-4o', '2024-05-13', '2027-01-14', false),
	model('gpt-4o-mini', '2024-07-18', '2027-01-14', false),
	model('gpt-4-turbo', '2024-04-09', '2026-10-23', false),
	model('gpt-4-turbo-preview', '2024-01-25', '2026-03-26', false),
	model('gpt-4', '2023-03-14', '2026-10-23', false),
	model('gpt-3.5-turbo', '2023-03-01', '2026-10-23', false),
	model('gpt-3.5-turbo-16k', '2023-06-13', '2024-09-13', false),
];

/** @param now milliseconds since 1970 */
export function isLive(model: Model, now: number): boolean {
	return model.shutdownDate === null || now < Date.parse(model.shutdownDate);
}

export function describe({ id, created, shutdownDate }: Model) {
	return { id, object: 'model', created, owned_by: 'openai', shutdown_date: shutdownDate };
}
