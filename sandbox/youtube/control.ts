/** What a test sets on the YouTube stand-in beyond the frame's faults: accounts, allowances, tokens, sessions. */
import type { Reply, Router, SandboxRequest } from '../service';
import { refusal } from './errors';
import { type Account, BUCKETS, STANDINGS, type Standing, type YouTubeState } from './state';
import { loseSessions } from './upload';

type Fields = Record<string, unknown>;

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

async function fieldsOf(request: SandboxRequest): Promise<Fields> {
	if ((await request.buffer()).length === 0) return {};
	const body = await request.json();
	if (typeof body !== 'object' || body === null) throw refusal('invalidParameter', 'The body must be a JSON object');
	return body as Fields;
}

function changeAccount(account: Account, { standing, clientId, uploadsPerDay, signInEnds }: Fields): void {
	if (standing !== undefined) {
		if (!STANDINGS.includes(standing as Standing)) {
			throw refusal('invalidParameter', `standing must be one of ${STANDINGS.join(', ')}`);
		}
		account.standing = standing as Standing;
	}
	if (typeof clientId === 'string') account.clientId = clientId;
	if (isCount(uploadsPerDay)) account.uploadsPerDay = uploadsPerDay;
	if (isCount(signInEnds)) account.signInEnds = signInEnds;
}

function changeSettings(state: YouTubeState, { processingPolls, limits }: Fields): void {
	const settings = state.settings();
	if (isCount(processingPolls)) settings.processingPolls = processingPolls;
	for (const bucket of BUCKETS) {
		const limit = (limits as Fields | undefined)?.[bucket];
		if (isCount(limit)) settings.limits[bucket] = limit;
	}
}

/** Open paths below `/sandbox`, which YouTube doesn't have. */
export function mountControl(router: Router, state: YouTubeState): void {
	const open = { open: true };
	const done: Reply = { status: 204 };

	/** `{standing?, clientId?, uploadsPerDay?, signInEnds?}`; another client id is another Google project. */
	router.on('PATCH', '/sandbox/accounts/:id', async (request) => {
		const account = state.accounts().get(request.params.id ?? '');
		if (!account) throw refusal('notFound');
		changeAccount(account, await fieldsOf(request));
		return done;
	}, open);

	/** `{processingPolls?, limits?: {inserts?, searches?, units?}}` */
	router.on('PATCH', '/sandbox/settings', async (request) => {
		changeSettings(state, await fieldsOf(request));
		return done;
	}, open);

	/** `{accountId?}`: its access tokens, or all, are no longer good. */
	router.on('POST', '/sandbox/tokens/expire', async (request) => {
		const { accountId } = await fieldsOf(request);
		for (const token of state.tokens.values()) {
			if (accountId === undefined || token.accountId === accountId) token.expiresAt = 0;
		}
		return done;
	}, open);

	/** `{status: 404 | 410}`: with it every open upload session answers from now on. */
	router.on('POST', '/sandbox/sessions/lose', async (request) => {
		const { status } = await fieldsOf(request);
		return { status: 200, body: { lost: loseSessions(state, status) } };
	}, open);
}
