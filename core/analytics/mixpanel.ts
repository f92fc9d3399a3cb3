/** Events to Mixpanel's import endpoint, each counted once however often it is sent. */
import { createHash } from 'node:crypto';

import { YtempireError } from '../errors';
import { httpRequest } from '../http';
import type { HttpFailure, ProviderVerdict } from '../http-errors';
import { retry } from '../retry';
import { z } from '../vendor/zod';

const PROVIDER = 'mixpanel';

export const MIXPANEL_BASE_URL = 'https://api.mixpanel.com';

/** Events in one request (docs.mixpanel.com, Import Events, 2026-08-21). */
const BATCH = 2000;

/** Mixpanel refuses these as distinct_id (docs.mixpanel.com, Import Events, 2026-08-21). */
const REFUSED_IDS = new Set(['', '0', '-1', 'anon', 'anonymous', 'n/a', 'na', 'nil', 'none', 'null', 'undefined', 'unknown', 'true', 'false', '[]', '{}', 'lmy47d', '00000000-0000-0000-0000-000000000000']);

export interface MixpanelConnection {
	projectId: string;
	username: string;
	secret: string;
	/** EU: `https://api-eu.mixpanel.com`, India: `https://api-in.mixpanel.com`. */
	baseUrl?: string;
}

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

export interface RejectedEvent {
	/** Place in the list that was sent. */
	index: number;
	field: string;
	reason: string;
}

export interface TrackResult {
	accepted: number;
	/** Not sent again by themselves: they would be rejected again. */
	rejected: RejectedEvent[];
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

/** At most 36 characters of [A-Za-z0-9-], the same for the same key. */
export function insertIdOf(key: string): string {
	return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

/** @throws YtempireError `invalid-request` for a distinct ID that Mixpanel refuses */
export async function track(
	connection: MixpanelConnection,
	events: AnalyticsEvent[],
	signal?: AbortSignal,
): Promise<TrackResult> {
	const result: TrackResult = { accepted: 0, rejected: [] };
	for (let start = 0; start < events.length; start += BATCH) {
		const batch = events.slice(start, start + BATCH).map(toImport);
		const rejected = await retry(async () => await send(connection, batch, signal), { signal });
		result.accepted += batch.length - rejected.length;
		result.rejected.push(...rejected.map((row) => ({ ...row, index: row.index + start })));
	}
	return result;
}

function toImport({ name, distinctId, time, key, properties }: AnalyticsEvent): object {
	if (REFUSED_IDS.has(distinctId.trim().toLowerCase())) {
		throw new YtempireError('invalid-request', `Mixpanel takes no event for the distinct ID "${distinctId}"`, {
			cure: 'Give an ID that names one channel, account or customer.',
			provider: PROVIDER,
			reason: 'distinct-id-refused',
		});
	}
	return {
		event: name,
		properties: { ...properties, time, distinct_id: distinctId, $insert_id: insertIdOf(key) },
	};
}

async function send(
	connection: MixpanelConnection,
	batch: object[],
	signal: AbortSignal | undefined,
): Promise<RejectedEvent[]> {
	const { projectId, username, secret, baseUrl } = connection;
	const authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
	const { status, body } = await httpRequest({
		provider: PROVIDER,
		method: 'POST',
		url: `${(baseUrl || MIXPANEL_BASE_URL).replace(/\/+$/, '')}/import`,
		query: { strict: 1, project_id: projectId },
		headers: { Authorization: authorization },
		body: batch,
		signal,
		// 400 with failed_records: the other rows are in
		acceptStatus: (code) => code === 200 || code === 400,
		readVerdict,
	});
	if (status === 200) return [];
	const answer = rejectionSchema.safeParse(body);
	if (!answer.success) {
		throw new YtempireError('invalid-request', `Mixpanel rejected the events: ${messageOf(body)}`, {
			cure: 'Check the project ID in the Mixpanel credential.',
			provider: PROVIDER,
			httpStatus: 400,
		});
	}
	return answer.data.failed_records.map(({ index, field, message }) => ({
		index,
		field,
		reason: message.slice(0, 200),
	}));
}

function readVerdict({ status, body }: HttpFailure): ProviderVerdict {
	return {
		message: messageOf(body),
		...(status === 401 || status === 403
			? { cure: 'Check the service account and the project ID in the Mixpanel credential.' }
			: {}),
	};
}

function messageOf(body: unknown): string {
	const error = (body as { error?: unknown } | undefined)?.error;
	return typeof error === 'string' ? error.slice(0, 200) : 'no reason given';
}
