/** Lines that an operator draws otherwise, for all channels or for one: read from JSON, laid over the table's. */
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

import { THRESHOLDS, type Graded, type Thresholds } from './table';

/** Beside this name, names are IDs of channels. */
const ALL_CHANNELS = 'default';

const number = z.number();
const graded = z.object({ pass: number, warn: number, zero: number }).partial().strict();

const lines = z
	.object(
		Object.fromEntries(
			Object.entries(THRESHOLDS).map(([name, value]) => [name, typeof value === 'number' ? number : graded]),
		),
	)
	.partial()
	.strict();

const given = z.record(z.string(), lines);

/**
 * E.g. `{"default": {"loudnessOff": {"pass": 0.5}}, "UC123": {"freeze": {"pass": 6, "warn": 8}}}`: a channel's own
 * line goes before that of all channels, and that before the table's. `warn` and `zero` never lie before `pass`.
 * @param value JSON or its text; empty for the table as it is
 * @param score from which a video passes where no line says so
 * @throws YtempireError `invalid-request` when it names a line that doesn't exist
 */
export function thresholdsFor(value: unknown, channelId: string, score = THRESHOLDS.score): Thresholds {
	const result = given.safeParse(parsed(value));
	if (!result.success) {
		throw invalidRequest('The thresholds can\'t be read', {
			reason: 'invalid-thresholds',
			issues: result.error.issues
				.slice(0, 10)
				.map(({ path, message }) => ({ field: ['thresholds', ...path].join('.'), reason: message })),
			cure: `Give a JSON object of channels, each with lines of the table: ${Object.keys(THRESHOLDS).join(', ')}.`,
		});
	}
	const own = channelId && Object.hasOwn(result.data, channelId) ? result.data[channelId] : undefined;
	return laidOver(laidOver({ ...THRESHOLDS, score }, result.data[ALL_CHANNELS]), own);
}

function laidOver(base: Thresholds, over: object = {}): Thresholds {
	const entries = Object.entries(over).map(([name, value]: [string, number | Partial<Graded>]) => {
		if (typeof value === 'number') return [name, value];
		const { pass, warn, zero } = { ...(base[name as keyof Thresholds] as Graded), ...value };
		return [name, { pass, warn: Math.max(pass, warn), zero: Math.max(pass, warn, zero) }];
	});
	return { ...base, ...(Object.fromEntries(entries) as Partial<Thresholds>) };
}

function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value ?? {};
	if (value.trim() === '') return {};
	try {
		return JSON.parse(value);
	} catch {
		return value;
	}
}
