/** What each plan allows: the table of the package, or the operator's own. */
import { readFileSync } from 'node:fs';

import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

import table from './plans.json';

/** Names a JSON file in the form of `plans.json` that takes its place. */
export const PLANS_FILE = 'YTEMPIRE_PLANS_FILE';

const planTable = z.object({
	tiers: z.record(
		z.string(),
		z.object({
			/** Days are UTC. */
			videos_per_day: z.number().int().min(0),
			/** US dollars of all the customer's videos on one day (UTC). */
			budget_usd_per_day: z.number().min(0),
		}),
	),
	/** Stripe's statuses of a subscription with which the plan holds. */
	entitled_statuses: z.array(z.string()),
	/** How long after its period a plan holds without news of the next: Stripe tries to deliver an event for three days. */
	grace_days: z.number().min(0),
});

export type PlanTable = z.infer<typeof planTable>;

const read = new Map<string, PlanTable>();

/**
 * The file is read once per process.
 * @throws YtempireError `invalid-request` when the file can't be read or isn't of that form
 */
export function plansInForce(file = process.env[PLANS_FILE]): PlanTable {
	if (!file) return table;
	const known = read.get(file) ?? ownOf(file);
	read.set(file, known);
	return known;
}

function ownOf(file: string): PlanTable {
	try {
		return planTable.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch (error) {
		throw invalidRequest(`The plans in ${file} can't be used`, {
			reason: 'plans-file',
			cure: `Correct the file that ${PLANS_FILE} names: {"tiers": {"starter": {"videos_per_day", "budget_usd_per_day"}, …}, "entitled_statuses": […], "grace_days"}.`,
			cause: error,
		});
	}
}
