/** The operator's list of accounts to connect, and the clients that they are connected with. */
import { invalidRequest, type FieldIssue } from '../../errors';
import { cleanText } from '../../text';
import { z } from '../../vendor/zod';

/** The owner's rule: accounts 1 to 10 are active, 11 to 15 stand in. */
const ACTIVE = 10;
const ALL = 15;

export interface PlannedAccount {
	accountId: string;
	/** Offered to Google as the account to sign in with; may be empty. */
	email: string;
	role: 'active' | 'reserve';
	clientId: string;
	clientSecret: string;
	/** The channel that must come back; empty when any will do. */
	channelId: string;
}

export interface ConnectPlan {
	/** The credential's name in n8n. */
	name: string;
	accounts: PlannedAccount[];
}

const text = z.string().transform((value) => cleanText(value)).pipe(z.string().max(320, 'too long'));
const filled = text.pipe(z.string().min(1, 'must be filled in'));
const secret = z.string().trim().min(1, 'must be filled in').max(4096, 'too long');

const client = { client_id: filled, client_secret: secret };

const planSchema = z.object({
	name: filled.default('YouTube Pool'),
	clients: z.record(z.string(), z.object(client)).default({}),
	accounts: z
		.array(
			z.object({
				account_id: filled,
				email: text.default(''),
				role: z.enum(['active', 'reserve'], 'active or reserve').default('active'),
				channel_id: text.default(''),
				client: z.string().optional(),
				client_id: client.client_id.optional(),
				client_secret: client.client_secret.optional(),
			}),
		)
		.min(1, 'at least one account')
		.max(1000, 'at most 1000 accounts'),
});

/**
 * Reads the accounts file.
 * @param json its text
 * @throws YtempireError `invalid-request` with one issue per field that isn't right; no values are shown
 */
export function readPlan(json: string): ConnectPlan {
	const parsed = planSchema.safeParse(parse(json));
	if (!parsed.success) {
		throw badPlan(parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'file', reason: message })));
	}
	const { name, clients, accounts } = parsed.data;
	const issues: FieldIssue[] = [];
	const seen = new Set<string>();
	const planned = accounts.map((account, index): PlannedAccount => {
		const at = `accounts.${index}`;
		const shared = account.client !== undefined && Object.hasOwn(clients, account.client) ? clients[account.client] : undefined;
		const { client_id: clientId = shared?.client_id, client_secret: clientSecret = shared?.client_secret } = account;
		if (account.client !== undefined && !shared) issues.push({ field: `${at}.client`, reason: 'is not among the clients' });
		else if (!clientId || !clientSecret) issues.push({ field: at, reason: 'names neither a client nor a client_id with its client_secret' });
		for (const [field, value] of [['account_id', account.account_id], ['channel_id', account.channel_id]] as const) {
			const key = `${field}:${value}`;
			if (value && seen.has(key)) issues.push({ field: `${at}.${field}`, reason: 'stands twice in the list' });
			seen.add(key);
		}
		return {
			accountId: account.account_id,
			email: account.email,
			role: account.role,
			clientId: clientId ?? '',
			clientSecret: clientSecret ?? '',
			channelId: account.channel_id,
		};
	});
	if (issues.length > 0) throw badPlan(issues);
	return { name, accounts: planned };
}

/** A plan to fill in: fifteen accounts, ten of them active, on one shared client. */
export function planTemplate(): string {
	const accounts = Array.from({ length: ALL }, (_, index) => ({
		account_id: `account-${String(index + 1).padStart(2, '0')}`,
		email: '',
		role: index < ACTIVE ? 'active' : 'reserve',
		client: 'main',
		channel_id: '',
	}));
	const clients = { main: { client_id: '', client_secret: '' } };
	return `${JSON.stringify({ name: 'YouTube Pool', clients, accounts }, null, '\t')}\n`;
}

function parse(json: string): unknown {
	try {
		return JSON.parse(json) as unknown;
	} catch {
		throw badPlan([{ field: 'file', reason: 'is not valid JSON' }]);
	}
}

function badPlan(issues: FieldIssue[]) {
	return invalidRequest('The accounts file is not right', {
		cure: 'Correct the named fields; `ytempire accounts init` writes a file to begin with.',
		reason: 'accounts-file',
		issues,
	});
}
