/** The pool's accounts as the node YouTube Pool lists them: read at the door, without e-mail addresses. */
import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

const allowance = z.object({ used: z.number(), left: z.number(), limit: z.number() });

const account = z.object({
	account_id: z.string(),
	channel_id: z.string(),
	role: z.string(),
	project: z.string(),
	state: z.string(),
	why: z.string(),
	back_at: z.iso.datetime().nullable(),
	videos: allowance,
	videos_left: z.number(),
	quota: z.record(z.string(), allowance),
	resets_at: z.iso.datetime(),
});

/** See AccountState of core/pool. */
export type AccountRow = z.infer<typeof account>;

export interface AccountsView {
	/** In the order of the pool. */
	list: AccountRow[];
	/** How many could take an upload now. */
	ready: number;
	/** Why there is no list, or not the whole one; empty when it is whole. */
	problem: string;
}

/** What the node hands on in place of a list that it could not make. */
const failed = z.object({ error: z.string(), details: z.object({ cure: z.string() }).optional() });

/**
 * @param given items' `json`; those that say why there is no account make the `problem`
 * @throws YtempireError `invalid-request` when it is neither a list of accounts nor of failures
 */
export function accountsView(given: unknown): AccountsView {
	const items = z.array(z.record(z.string(), z.unknown())).safeParse(given);
	if (!items.success) throw notAccounts('a list');
	const list: AccountRow[] = [];
	const problems: string[] = [];
	for (const [index, item] of items.data.entries()) {
		if (Object.keys(item).length === 0) continue;
		const failure = failed.safeParse(item);
		if (failure.success) {
			problems.push([failure.data.error, failure.data.details?.cure].filter(Boolean).join('. '));
			continue;
		}
		const parsed = account.safeParse(item);
		if (!parsed.success) throw notAccounts(parsed.error.issues[0]?.message ?? 'an account', `accounts[${index}].${parsed.error.issues[0]?.path.join('.') ?? ''}`);
		list.push(parsed.data);
	}
	return {
		list,
		ready: list.filter(({ state }) => ['ready', 'half-open'].includes(state)).length,
		problem: problems.join(' '),
	};
}

function notAccounts(reason: string, field = 'accounts') {
	return invalidRequest("The accounts aren't as the node YouTube Pool lists them", {
		cure: 'Give the items of Account: Get Many, e.g. by an expression, or an empty list.',
		reason: 'dashboard-accounts',
		issues: [{ field, reason }],
	});
}
