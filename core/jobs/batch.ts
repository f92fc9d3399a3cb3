/** A list of videos in one request: each is looked at for itself, and waits until it may be made. */
import type { Budget } from '../cost/budget';
import { invalidRequest, isYtempireError, type FieldIssue } from '../errors';
import type { Store } from '../store/store';

import type { Job } from './job';
import { queueJob, type Disposition, type QueueRules } from './queue';
import { validateRequest } from './request';

/** More would keep the caller waiting for its answer. */
export const MOST_IN_BATCH = 200;

/** One of the list, in its order. */
export type BatchEntry =
	| { accepted: true; video_id: string; job: Job; disposition: Disposition }
	| {
			accepted: false;
			video_id: string;
			error: string;
			errors: FieldIssue[];
			/** As in the answer to a single request: e.g. `plan-limit`, what to do, and 402. */
			reason?: string;
			cure?: string;
			http_status?: number;
	  };

/**
 * The videos of a body that is a list, or that has one as `videos`; undefined for a body that is one video.
 * @throws YtempireError `invalid-request` for an empty or a too long list, and for what stands beside it
 */
export function listOf(body: unknown): unknown[] | undefined {
	const fields: Record<string, unknown> = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
	const list = Array.isArray(body) ? (body as unknown[]) : fields.videos;
	if (list === undefined) return undefined;
	const issues: FieldIssue[] = Object.keys(fields)
		.filter((field) => field !== 'videos')
		.map((field) => ({ field: field.slice(0, 100), reason: 'unknown field beside videos' }));
	const count = Array.isArray(list) ? list.length : 0;
	if (!Array.isArray(list)) issues.push({ field: 'videos', reason: 'a list of videos' });
	else if (count === 0) issues.push({ field: 'videos', reason: 'at least one video' });
	else if (count > MOST_IN_BATCH) issues.push({ field: 'videos', reason: `${count} videos, at most ${MOST_IN_BATCH}` });
	if (issues.length === 0) return list as unknown[];
	throw invalidRequest('The list of videos is not valid', {
		reason: 'invalid-request',
		cure: 'Send {"videos": [ … ]} or a list, each with at least video_id and topic.',
		issues,
	});
}

/** @throws YtempireError `invalid-request` with each field of each video when not one of them is right */
export function assertOneIsRight(list: readonly unknown[], now: number): void {
	const looks = list.map((body) => validateRequest(body, now));
	if (looks.some(({ valid }) => valid)) return;
	throw invalidRequest('No video of the list is valid', {
		reason: 'invalid-request',
		cure: 'Correct the named fields and send it again.',
		issues: looks.flatMap((look, index) =>
			look.valid ? [] : look.issues.map(({ field, reason }) => ({ field: `videos.${index}.${field}`, reason })),
		),
	});
}

/**
 * Those that are right are taken in, all of them waiting; one that isn't doesn't stop the others.
 * @throws YtempireError `unavailable` when the store can't be reached: sent again, the list goes on
 */
export async function queueBatch(
	store: Store,
	list: readonly unknown[],
	holder: string,
	budget: Budget = {},
	rules: Pick<QueueRules, 'customersWithoutPlan'> = {},
): Promise<BatchEntry[]> {
	const entries: BatchEntry[] = [];
	const seen = new Set<string>();
	for (const body of list) {
		const look = validateRequest(body, store.clock.now());
		if (!look.valid) {
			entries.push({ accepted: false, video_id: idIn(body), error: 'The request is not valid', errors: look.issues });
			continue;
		}
		const { video_id: id } = look.request;
		if (seen.has(id)) {
			entries.push({ accepted: false, video_id: id, error: 'The request is not valid', errors: [{ field: 'video_id', reason: 'twice in the list' }] });
			continue;
		}
		seen.add(id);
		try {
			entries.push({ accepted: true, video_id: id, ...(await queueJob(store, look.request, holder, budget, { ...rules, later: true })) });
		} catch (error) {
			if (!isYtempireError(error) || error.errorClass === 'unavailable') throw error;
			const { message, issues: errors, reason, cure, httpStatus } = error;
			entries.push({
				accepted: false,
				video_id: id,
				error: message,
				errors,
				...(reason === undefined ? {} : { reason }),
				...(cure === undefined ? {} : { cure }),
				...(httpStatus === undefined ? {} : { http_status: httpStatus }),
			});
		}
	}
	return entries;
}

/** As far as it can be told. */
function idIn(body: unknown): string {
	const { video_id: id } = (typeof body === 'object' && body !== null ? body : {}) as { video_id?: unknown };
	return typeof id === 'string' ? id.slice(0, 64) : '';
}
