/** Mixpanel's stand-in: /import for servers, /track and /engage as in clients. */
import { KEYS } from '../keys';
import { type Reply, RefusedRequest, type SandboxRequest, type Service } from '../service';
import { errorBody } from './errors';
import { type MixpanelEvent, sameKey, timeMs } from './events';
import { importEvents, refusedAccess } from './import';
import { applyUpdate, type Profile, updateProblem } from './profiles';

/** /track drops older events without a word. */
const TRACKED_MS = 5 * 24 * 3_600_000;

const MAX_UPDATES = 2000;

export const mixpanel: Service = {
	name: 'mixpanel',
	authenticate: refusedAccess,
	errorBody,

	mount(router, context) {
		const events = context.table<MixpanelEvent>('events');
		const profiles = context.table<Profile>('profiles');
		router.on('POST', '/import', importEvents(context));

		router.on(
			'POST',
			'/track',
			async (request) => {
				const records = await readData(request);
				const tokens = records.map(({ properties }) => (properties as Record<string, unknown> | undefined)?.token);
				if (!tokens.every(isToken)) return wrongToken();
				for (const record of records as unknown as MixpanelEvent[]) {
					const time = timeMs(record.properties.time) ?? context.clock.now();
					if (typeof record.event !== 'string') return short(request, 'event, missing or empty');
					if (time > context.clock.now() - TRACKED_MS) events.set(sameKey(record), record);
				}
				return short(request);
			},
			{ open: true },
		);

		router.on(
			'POST',
			'/engage',
			async (request) => {
				const updates = await readData(request);
				if (updates.length > MAX_UPDATES) {
					throw new RefusedRequest(413, 'too_large', `request exceeds max limit of ${MAX_UPDATES} updates`);
				}
				if (!updates.every(({ $token }) => isToken($token))) return wrongToken();
				const problems = updates.map(updateProblem);
				updates.forEach((update, index) => {
					if (problems[index] === undefined) applyUpdate(profiles, update);
				});
				const failed = problems.flatMap((message, index) => {
					const { $distinct_id: id } = updates[index] ?? {};
					return message === undefined ? [] : [{ index, $distinct_id: id, field: '$add', message }];
				});
				if (request.query.get('strict') === '1') return strictly(updates.length, failed);
				// 1: one or more are valid
				return short(request, failed.length === updates.length ? failed[0]?.message : undefined);
			},
			{ open: true },
		);
	},
};

function isToken(token: unknown): boolean {
	return token === KEYS.mixpanel.projectToken;
}

function wrongToken(): Reply {
	return { status: 401, body: errorBody(401) };
}

/** With `strict=1` the answer names each update that was not right; the others are in. */
function strictly(count: number, failed: object[]): Reply {
	const imported = count - failed.length;
	if (failed.length === 0) return { status: 200, body: { code: 200, num_records_imported: imported, status: 'OK' } };
	return { status: 400, body: { ...(errorBody(400) as object), num_records_imported: imported, failed_records: failed } };
}

/** `1` or `0` as text; with `verbose=1` JSON that says why. */
function short({ query }: SandboxRequest, error?: string): Reply {
	const status = error === undefined ? 1 : 0;
	if (query.get('verbose') === '1') return { status: 200, body: { status, error: error ?? null } };
	return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(String(status)) };
}

/** A JSON object or list, or the form field `data` with JSON or base64 of it. */
async function readData(request: SandboxRequest): Promise<Array<Record<string, unknown>>> {
	const isForm = (request.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
	const value: unknown = isForm ? parseField((await request.form()).get('data') ?? '') : await request.json();
	const records = Array.isArray(value) ? value : [value];
	if (records.every((record) => typeof record === 'object' && record !== null)) return records as Array<Record<string, unknown>>;
	throw new RefusedRequest(400, 'invalid_data', 'data, missing or empty');
}

function parseField(data: string): unknown {
	try {
		return JSON.parse(/^\s*[[{]/.test(data) ? data : Buffer.from(data, 'base64').toString('utf8'));
	} catch {
		throw new RefusedRequest(400, 'invalid_data', 'data, missing or empty');
	}
}
