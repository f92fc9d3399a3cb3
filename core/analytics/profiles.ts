/** Additions to profiles' totals. Mixpanel adds whatever it is sent, however often: who sends knows what was added. */
import { invalidRequest, isYtempireError, YtempireError } from '../errors';
import { z } from '../vendor/zod';

import { batchesOf, type Batch } from './batches';
import { messageOf, post, PROVIDER, type MixpanelConnection } from './connection';

/** Of one request (docs.mixpanel.com, User Profiles, Limits, 2026-08-21); the bytes are those of an import. */
const LIMITS = { records: 2000, bytes: 10_000_000 };

export interface ProfileAddition {
	/** Whose totals. */
	distinctId: string;
	/** Property to what is added to it; the property begins at 0. */
	add: Record<string, number>;
}

/** @throws YtempireError `invalid-request` */
export function assertToken({ projectToken }: MixpanelConnection): void {
	if (projectToken) return;
	throw invalidRequest('Adding to profiles needs the token of the Mixpanel project', {
		cure: 'Fill in Project Token in the Mixpanel credential.',
		provider: PROVIDER,
		reason: 'no-project-token',
	});
}

export function additionBatches({ projectToken }: MixpanelConnection, additions: ProfileAddition[]): Batch[] {
	const updates = additions.map(({ distinctId, add }) =>
		JSON.stringify({ $token: projectToken, $distinct_id: distinctId, $add: add }),
	);
	return batchesOf(updates, LIMITS);
}

const answerSchema = z.union([
	z.literal(0).or(z.literal(1)).transform((status) => ({ status, error: undefined, failed_records: undefined })),
	z.object({
		status: z.union([z.number(), z.string()]).optional(),
		error: z.string().nullish(),
		failed_records: z.array(z.object({ index: z.number().int().min(0), message: z.string().default('rejected') })).optional(),
	}),
]);

/**
 * One request, once: what becomes of a failure is the caller's, see `mayHaveArrived`.
 * @returns for each row of the batch undefined when it was added, else why not
 * @throws YtempireError of every class
 */
export async function addToProfiles(
	connection: MixpanelConnection,
	{ indexes, body }: Batch,
	signal?: AbortSignal,
): Promise<Array<YtempireError | undefined>> {
	const { status, body: answer } = await post(connection, '/engage', { ip: 0, strict: 1, verbose: 1 }, body, {
		signal,
		acceptStatus: (code) => code === 200 || code === 400,
	}).catch((error: unknown) => {
		throw hideToken(error, connection);
	});
	// 200 stands also for rows that were not right: the answer says which
	const read = answerSchema.safeParse(answer);
	if (!read.success && status === 200) {
		throw new YtempireError('unavailable', 'Mixpanel answered with something that says neither yes nor no', {
			cure: 'Look at the profiles in Mixpanel, and at the base URL in the credential.',
			provider: PROVIDER,
			reason: 'malformed-answer',
		});
	}
	const failed = read.data?.failed_records ?? [];
	if (read.data?.status === 0 || (status === 400 && failed.length === 0)) {
		throw new YtempireError('invalid-request', `Mixpanel did not add to the profiles: ${messageOf(answer)}`, {
			cure: 'Check the project token in the Mixpanel credential.',
			provider: PROVIDER,
			reason: 'addition-refused',
			httpStatus: status,
		});
	}
	const reasons = new Map(failed.map(({ index, message }) => [index, message]));
	return indexes.map((_, index) => {
		const reason = reasons.get(index);
		return reason === undefined
			? undefined
			: new YtempireError('invalid-request', 'Mixpanel did not add to the profile', {
					cure: 'Correct the named value and run it again.',
					provider: PROVIDER,
					reason: 'addition-rejected',
					issues: [{ field: 'profile', reason: reason.slice(0, 200) }],
				});
	});
}

/** The token goes in the body, where the request's own care for secrets doesn't look. */
function hideToken(error: unknown, { projectToken }: MixpanelConnection): unknown {
	if (!isYtempireError(error) || !projectToken || !error.message.includes(projectToken)) return error;
	const { cure, provider, reason, httpStatus, retryAfterMs } = error;
	return new YtempireError(error.errorClass, error.message.replaceAll(projectToken, '[hidden]'), { cure, provider, reason, httpStatus, retryAfterMs });
}
