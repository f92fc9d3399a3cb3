/** Events of /import: what is valid, and which two are the same. */

export interface MixpanelEvent {
	event: string;
	properties: Record<string, unknown>;
}

export interface FailedRecord {
	index: number;
	insert_id: string;
	field: string;
	message: string;
}

/** Placeholders that hide that nobody is known. */
const FORBIDDEN_IDS = new Set(
	('00000000-0000-0000-0000-000000000000 anon anonymous nil none null n/a na undefined unknown <nil> 0 -1 true false [] {} lmy47d').split(' '),
);

const EARLIEST_MS = Date.parse('1971-01-01');
const FUTURE_MS = 3_600_000;

/** Seconds or milliseconds since 1970, told apart by size. */
export function timeMs(time: unknown): number | undefined {
	if (typeof time !== 'number' || !Number.isFinite(time)) return undefined;
	return time < 1e11 ? time * 1000 : time;
}

/** @param nowMs milliseconds since 1970 */
export function findFailure(record: unknown, index: number, nowMs: number): FailedRecord | undefined {
	const { event, properties } = (record ?? {}) as Partial<MixpanelEvent>;
	const insertId = properties?.$insert_id;
	const fail = (field: string, why: string): FailedRecord => ({
		index,
		insert_id: typeof insertId === 'string' ? insertId : '',
		field,
		message: `'${field}' is invalid: ${why}`,
	});
	if (typeof event !== 'string' || event === '') return fail('event', 'must not be missing');
	if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
		return fail('properties', 'must be an object');
	}
	const time = timeMs(properties.time);
	if (time === undefined) return fail('properties.time', 'must be specified as seconds since epoch');
	if (time < EARLIEST_MS || time > nowMs + FUTURE_MS) {
		return fail('properties.time', 'must be after 1971-01-01 and not in the future');
	}
	const { distinct_id: distinctId } = properties;
	if (typeof distinctId !== 'string') return fail('properties.distinct_id', 'must not be missing');
	if (FORBIDDEN_IDS.has(distinctId.toLowerCase())) return fail('properties.distinct_id', 'must not be a placeholder');
	if (typeof insertId !== 'string' || insertId === '') return fail('properties.$insert_id', 'must not be missing');
	if (!/^[A-Za-z0-9-]{1,36}$/.test(insertId)) {
		return fail('properties.$insert_id', 'must be at most 36 bytes of letters, digits and -');
	}
	if (Buffer.byteLength(JSON.stringify(record)) > 1024 * 1024) return fail('event', 'must not be larger than 1 MB');
	if (Object.keys(properties).length > 255) return fail('properties', 'must not have more than 255 keys');
	return undefined;
}

/** Two events with the same key are one. */
export function sameKey({ event, properties }: MixpanelEvent): string {
	return JSON.stringify([event, timeMs(properties.time), properties.distinct_id, properties.$insert_id]);
}
