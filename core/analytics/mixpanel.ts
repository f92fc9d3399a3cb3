/** Events to Mixpanel's import endpoint, each counted once however often it is sent. */
import { createHash } from 'node:crypto';

import { isYtempireError, YtempireError } from '../errors';
import { retry } from '../retry';
import { z } from '../vendor/zod';

import { batchesOf } from './batches';
import { messageOf, PATIENCE, post, PROVIDER, type MixpanelConnection } from './connection';

/** Of one request, uncompressed, and of one event (docs.mixpanel.com, Import Events, 2026-08-21). */
const LIMITS = { records: 2000, bytes: 10_000_000 };
const EVENT_BYTES = 1_000_000;
const EVENT_PROPERTIES = 255;

/** Mixpanel refuses these as distinct_id (docs.mixpanel.com, Import Events, 2026-08-21). */
const REFUSED_IDS = new Set(['', '0', '-1', 'anon', 'anonymous', 'n/a', 'na', 'nil', '<nil>', 'none', 'null', 'undefined', 'unknown', 'true', 'false', '[]', '{}', 'lmy47d', '00000000-0000-0000-0000-000000000000']);

export interface AnalyticsEvent {
	name: string;
	/** Whom it is about: a channel, an account. */
	distinctId: string;
	/** Milliseconds since 1970. */
	time: number;
	/** What makes it the same event when it is sent again, e.g. video and event. */
	key: string;
	properties: Record<string, unknown>;
}

/** At most 36 characters of [A-Za-z0-9-], the same for the same key. */
export function insertIdOf(key: string): string {
	return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

/** @throws YtempireError `invalid-request` for what Mixpanel would refuse */
export function assertEvent({ distinctId, properties }: AnalyticsEvent): void {
	const wrong = (message: string, cure: string, reason: string) =>
		new YtempireError('invalid-request', message, { cure, provider: PROVIDER, reason });
	if (REFUSED_IDS.has(distinctId.trim().toLowerCase())) {
		throw wrong(
			`Mixpanel takes no event for the distinct ID "${distinctId}"`,
			'Give an ID that names one channel, account or customer.',
			'distinct-id-refused',
		);
	}
	// time, distinct_id and $insert_id are properties, too
	if (Object.keys(properties).length > EVENT_PROPERTIES - 3 || Buffer.byteLength(JSON.stringify(properties)) > EVENT_BYTES) {
		throw wrong(
			`Mixpanel takes at most ${EVENT_PROPERTIES} properties and 1 MB an event`,
			'Give fewer or shorter properties.',
			'event-too-large',
		);
	}
}

const rejectionSchema = z.object({
	failed_records: z
		.array(
			z.object({
				index: z.number().int().min(0),
				field: z.string().default(''),
				message: z.string().default('rejected'),
			}),
		)
		.min(1),
});

/**
 * Sends all in as few requests as Mixpanel allows. A rejected row is said at its place and never sent again by
 * itself, nor are the good rows beside it, which Mixpanel has taken. When a whole request fails, its events and
 * those behind it have that error.
 * @returns for each event undefined when Mixpanel has it, else why not
 * @throws YtempireError `cancelled`
 */
export async function importEvents(
	connection: MixpanelConnection,
	events: AnalyticsEvent[],
	signal?: AbortSignal,
): Promise<Array<YtempireError | undefined>> {
	const failures = events.map((): YtempireError | undefined => undefined);
	let failed: YtempireError | undefined;
	for (const { indexes, body } of batchesOf(events.map(toImport), LIMITS)) {
		try {
			if (failed) throw failed;
			for (const rejected of await retry(async () => await send(connection, body, signal), { ...PATIENCE, signal })) {
				const place = indexes[rejected.index];
				const event = events[place ?? -1];
				if (place !== undefined && event) failures[place] = rejection(event, rejected);
			}
		} catch (error) {
			if (!isYtempireError(error) || error.errorClass === 'cancelled') throw error;
			failed = error;
			for (const place of indexes) failures[place] = error;
		}
	}
	return failures;
}

function toImport({ name, distinctId, time, key, properties }: AnalyticsEvent): string {
	return JSON.stringify({
		event: name,
		properties: { ...properties, time, distinct_id: distinctId, $insert_id: insertIdOf(key) },
	});
}

interface Rejected {
	/** In the request. */
	index: number;
	field: string;
	reason: string;
}

async function send(connection: MixpanelConnection, body: string, signal?: AbortSignal): Promise<Rejected[]> {
	const { projectId, username, secret } = connection;
	const { status, body: answer } = await post(connection, '/import', { strict: 1, project_id: projectId }, body, {
		headers: { Authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` },
		signal,
		// 400 with failed_records: the other rows are in
		acceptStatus: (code) => code === 200 || code === 400,
	});
	if (status === 200) return [];
	const read = rejectionSchema.safeParse(answer);
	if (!read.success) {
		throw new YtempireError('invalid-request', `Mixpanel rejected the events: ${messageOf(answer)}`, {
			cure: 'Check the project ID in the Mixpanel credential.',
			provider: PROVIDER,
			httpStatus: 400,
		});
	}
	return read.data.failed_records.map(({ index, field, message }) => ({ index, field, reason: message.slice(0, 200) }));
}

function rejection({ name }: AnalyticsEvent, { field, reason }: Rejected): YtempireError {
	return new YtempireError('invalid-request', `Mixpanel rejected the event "${name}"`, {
		cure: 'Correct the named property and run it again.',
		provider: PROVIDER,
		reason: 'event-rejected',
		httpStatus: 400,
		issues: [{ field, reason }],
	});
}
