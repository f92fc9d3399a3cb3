/** POST /import: batches of events; good ones are kept also when others of the batch fail. */
import { KEYS } from '../keys';
import { type Handler, RefusedRequest, type Reply, type SandboxRequest, type ServiceContext } from '../service';
import { errorBody } from './errors';
import { findFailure, type MixpanelEvent, sameKey } from './events';

const MAX_EVENTS = 2000;
const MAX_BYTES = 10 * 1024 * 1024;

/** A service account with the project's number, or the project's token as user name. */
export function refusedAccess(request: SandboxRequest): Reply | undefined {
	const basic = /^Basic (.+)$/.exec(request.header('authorization') ?? '')?.[1] ?? '';
	const [user = '', password = ''] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s);
	const { projectId, projectToken, serviceAccount } = KEYS.mixpanel;
	if (user === projectToken) return undefined;
	if (user !== serviceAccount.username || password !== serviceAccount.secret) return { status: 401, body: errorBody(401) };
	const asked = request.query.get('project_id');
	if (asked === null) return { status: 400, body: errorBody(400, undefined, 'project_id is required with a service account') };
	return asked === projectId ? undefined : { status: 403, body: errorBody(403) };
}

export function importEvents(context: ServiceContext): Handler {
	return async (request) => {
		const records = await readRecords(request);
		if (records.length > MAX_EVENTS) {
			throw new RefusedRequest(413, 'too_large', `request exceeds max limit of ${MAX_EVENTS} events`);
		}
		const events = context.table<MixpanelEvent>('events');
		const now = context.clock.now();
		const failed = records.flatMap((record, index) => {
			const failure = findFailure(record, index, now);
			if (!failure) events.set(sameKey(record as MixpanelEvent), record as MixpanelEvent);
			return failure ? [failure] : [];
		});
		const imported = records.length - failed.length;
		if (failed.length === 0 || request.query.get('strict') === '0') {
			return { status: 200, body: { code: 200, num_records_imported: imported, status: 'OK' } };
		}
		return {
			status: 400,
			body: { ...(errorBody(400) as object), num_records_imported: imported, failed_records: failed },
		};
	};
}

/** A JSON array, or one JSON value a line. */
async function readRecords(request: SandboxRequest): Promise<unknown[]> {
	const body = await request.buffer();
	if (body.length > MAX_BYTES) throw new RefusedRequest(413, 'too_large', 'request exceeds max limit of 10MB');
	const lines = (request.header('content-type') ?? '').includes('x-ndjson');
	try {
		const text = body.toString('utf8');
		const records: unknown = lines
			? text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown)
			: JSON.parse(text);
		if (Array.isArray(records)) return records as unknown[];
	} catch {
		// answered below
	}
	throw new RefusedRequest(400, 'invalid_json', 'request body is not a list of events');
}
