/** What may be asked of the cost optimization: the webhook's body, checked field by field at the door. */
import { invalidRequest } from '../errors';
import { issuesOf } from '../jobs/request';
import { SWITCHABLE_STAGES } from '../routing/stages';
import { z } from '../vendor/zod';

import { LONGEST_PERIOD_DAYS } from './period';
import { SAVING_LIMITS } from './savings';
import { SWITCH_LIMITS } from './switch';

const share = (least: number) => z.number('a number').min(least, `at least ${least}`).max(1, 'at most 1');
const note = z.string('text').trim().max(500, 'at most 500 characters');

const schema = z.strictObject({
	apply: z.boolean('true or false').default(false),
	days: z
		.number('a number of days')
		.int('whole days')
		.min(1, 'at least 1')
		.max(LONGEST_PERIOD_DAYS, `at most ${LONGEST_PERIOD_DAYS}`)
		.default(SAVING_LIMITS.days),
	quality_floor: share(0).default(SAVING_LIMITS.qualityFloor),
	greatest_share: share(0.01).default(SWITCH_LIMITS.greatestShare),
	stages: z
		.array(z.enum(SWITCHABLE_STAGES, `one of ${SWITCHABLE_STAGES.join(', ')}`), 'a list of stages')
		.min(1, 'at least one stage')
		.default([...SWITCHABLE_STAGES]),
	by: note.default(''),
	reason: note.default(''),
});

/** `quality_floor` and `greatest_share` from 0 to 1. */
export type OptimizationRequest = z.infer<typeof schema>;

/**
 * With defaults in place of what is left out; a body that is left out asks for nothing special.
 * @throws YtempireError `invalid-request` with one issue per field: what isn't understood must not widen what is done
 */
export function readOptimization(body: unknown): OptimizationRequest {
	const parsed = schema.safeParse(body === undefined || body === null || body === '' ? {} : body);
	if (parsed.success) return parsed.data;
	throw invalidRequest('The request is not valid', {
		cure: 'Correct the named fields and send it again.',
		reason: 'invalid-request',
		issues: issuesOf(parsed.error),
	});
}
