/** POST /engage: what becomes of a profile. */

export interface Profile {
	distinct_id: string;
	properties: Record<string, unknown>;
}

type Properties = Record<string, unknown>;

const OPERATIONS: Record<string, (now: Properties, given: Properties) => Properties> = {
	$set: (now, given) => ({ ...now, ...given }),
	$set_once: (now, given) => ({ ...given, ...now }),
	$add: (now, given) => ({
		...now,
		...Object.fromEntries(Object.entries(given).map(([name, by]) => [name, Number(now[name] ?? 0) + Number(by)])),
	}),
	$append: (now, given) => ({
		...now,
		...Object.fromEntries(Object.entries(given).map(([name, item]) => [name, [...listOf(now[name]), item]])),
	}),
	$union: (now, given) => ({
		...now,
		...Object.fromEntries(
			Object.entries(given).map(([name, items]) => [name, [...new Set([...listOf(now[name]), ...listOf(items)])]]),
		),
	}),
	$unset: (now, given) =>
		Object.fromEntries(Object.entries(now).filter(([name]) => !Object.values(given).includes(name))),
};

function listOf(value: unknown): unknown[] {
	if (value === undefined) return [];
	return Array.isArray(value) ? value : [value];
}

const MAX_BYTES = 1024 * 1024;

/** Why an update can't be applied; undefined when it can. */
export function updateProblem(update: Properties): string | undefined {
	if (typeof update.$distinct_id !== 'string' || update.$distinct_id === '') return '$distinct_id, missing or empty';
	const names = Object.keys(OPERATIONS).filter((name) => name in update);
	if (names.length === 0) return 'no valid operation in the update';
	if (Buffer.byteLength(JSON.stringify(update)) > MAX_BYTES) return 'update, larger than 1 MB';
	const bad = Object.entries((update.$add ?? {}) as Properties).find(([, by]) => typeof by !== 'number');
	return bad ? `$add, '${bad[0]}' is not a number` : undefined;
}

export function applyUpdate(profiles: Map<string, Profile>, update: Properties): void {
	const id = String(update.$distinct_id);
	let properties = profiles.get(id)?.properties ?? {};
	for (const [name, operation] of Object.entries(OPERATIONS)) {
		if (name in update) properties = operation(properties, update[name] as Properties);
	}
	profiles.set(id, { distinct_id: id, properties });
}
