/** Savings as they come in an item: from the step before, or from anybody. */
import { invalidRequest } from '../errors';
import { SWITCHABLE_STAGES } from '../routing/stages';
import { z } from '../vendor/zod';

import type { Saving } from './savings';
import type { SwitchSet } from './together';

const arm = z.object({ provider: z.string().min(1).max(64), model: z.string().min(1).max(128) });

const schema = z.object({
	savings: z.array(
		z.object({
			kind: z.enum(['cache', 'draft-tier', 'shorter-narration', 'switch']),
			stage: z.enum(SWITCHABLE_STAGES),
			what: z.string().default(''),
			saving_usd: z.number(),
			monthly_usd: z.number(),
			confidence: z.number().min(0).max(1).nullable(),
			risk: z.enum(['high', 'low', 'medium']),
			evidence: z.array(z.string()).default([]),
			from: arm.optional(),
			to: arm.optional(),
			alone: z.boolean().optional(),
		}),
	),
	together: z.array(z.object({ stages: z.array(z.enum(SWITCHABLE_STAGES)), confidence: z.number().min(0).max(1) })).optional(),
});

/** @throws YtempireError `invalid-request` when they aren't what Savings: Identify gives */
export function readSavings(given: unknown): { savings: Saving[]; together?: SwitchSet[] } {
	const parsed = schema.safeParse(given);
	if (parsed.success) return parsed.data;
	throw invalidRequest('The savings are not as Savings: Identify gives them', {
		reason: 'invalid-savings',
		cure: 'Let the node read the field savings of the item that Savings: Identify has made.',
		issues: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'savings', reason: message })),
	});
}
