/** Who is connected and who is being asked: each state is accepted once, each grant is written before it counts. */
import type { Clock } from '../../clock';
import { isYtempireError, YtempireError } from '../../errors';
import { excerpt } from '../../redact';

import type { CredentialAccount, CredentialFile } from './credential-file';
import { beginConsent, completeConsent, GOOGLE, problem, refusedConsent, type GoogleAddresses, type Grant } from './grant';
import type { Row } from './page';
import type { ConnectPlan, PlannedAccount } from './plan';

/** A person may need that long to sign in, second factor included. */
const ATTEMPT_MS = 30 * 60_000;

/** Attempts that wait for an answer; the oldest go first. */
const MOST_ATTEMPTS = 100;

interface Waiting {
	row: Row;
	verifier: string;
	/** Milliseconds since 1970. */
	expiresAt: number;
}

export interface DeskOptions {
	plan: ConnectPlan;
	file: CredentialFile;
	google: GoogleAddresses;
	clock: Clock;
	/** Accounts that are to be connected though they are already. */
	again?: readonly string[];
	signal?: AbortSignal;
	/** Told after each attempt that came to an end. */
	tell: (row: Row) => void;
}

export class Desk {
	readonly rows: Row[];

	private readonly waiting = new Map<string, Waiting>();

	/** Grants are taken in one after another. */
	private last: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly options: DeskOptions,
		private readonly redirectUri: () => string,
	) {
		const { plan, file, again = [] } = options;
		this.rows = plan.accounts.map((account) => {
			const kept = again.includes(account.accountId) ? undefined : keptFor(account, file.accounts);
			return { account, channel: kept && { id: kept.channelId, title: '' } };
		});
	}

	get isDone(): boolean {
		return this.rows.every(({ channel }) => channel);
	}

	/** Takes over what the list says otherwise by now about accounts that are connected: role, e-mail, a renewed client secret. */
	async refresh(): Promise<void> {
		const { file } = this.options;
		const before = JSON.stringify(file.accounts);
		for (const { account, channel } of this.rows) {
			const { email, role, clientSecret } = account;
			const known = channel && file.accounts.find((one) => one.accountId === account.accountId);
			if (known) Object.assign(known, { email, role, clientSecret });
		}
		if (JSON.stringify(file.accounts) !== before) await file.save();
	}

	/** @returns where to send the person; undefined when there is no such account */
	async begin(index: number): Promise<string | undefined> {
		const row = this.rows[index];
		if (!row) return undefined;
		const { google, clock } = this.options;
		const { state, verifier, url } = await beginConsent(google, row.account, this.redirectUri());
		this.waiting.set(state, { row, verifier, expiresAt: clock.now() + ATTEMPT_MS });
		const oldest = this.waiting.keys().next();
		if (this.waiting.size > MOST_ATTEMPTS && !oldest.done) this.waiting.delete(oldest.value);
		return url;
	}

	/** @returns false when the answer belongs to no attempt of this run, or came before */
	async finish(query: URLSearchParams): Promise<boolean> {
		const state = query.get('state') ?? '';
		const attempt = this.waiting.get(state);
		this.waiting.delete(state);
		if (!attempt || attempt.expiresAt <= this.options.clock.now()) return false;
		const settled = this.last.then(() => this.settle(attempt, query));
		this.last = settled.catch(() => undefined);
		await settled;
		return true;
	}

	/** When what was begun is also written. */
	async settled(): Promise<void> {
		await this.last;
	}

	private async settle({ row, verifier }: Waiting, query: URLSearchParams): Promise<void> {
		const { google, signal, tell } = this.options;
		const code = query.get('code');
		try {
			if (!code) throw refusedConsent(query.get('error') ?? 'no code');
			const grant = await completeConsent(google, row.account, this.redirectUri(), { code, verifier }, signal);
			await this.keep(row, grant);
			row.channel = { id: grant.channelId, title: grant.channelTitle };
			row.problem = undefined;
		} catch (error) {
			row.problem = isYtempireError(error) ? error : unexpected(error);
		}
		tell(row);
	}

	private async keep({ account }: Row, { refreshToken, channelId, channelTitle }: Grant): Promise<void> {
		const { file, google } = this.options;
		const twin = file.accounts.find((one) => one.channelId === channelId && one.accountId !== account.accountId);
		if (twin) {
			throw problem(
				'channel-twice',
				`The channel ${channelTitle} (${channelId}) is already connected as ${excerpt(twin.accountId, [], 100)}`,
				'Connect again, and choose another Google account or another of its channels.',
			);
		}
		const before = file.credential.data.accounts.account;
		const { accountId, clientId, clientSecret, email, role } = account;
		const known = before.find((one) => one.accountId === accountId);
		const entry: CredentialAccount = { ...known, accountId, channelId, clientId, clientSecret, email, refreshToken, role };
		file.credential.data.accounts.account = this.inOrder([...before.filter((one) => one !== known), entry]);
		if (google !== GOOGLE) {
			const [baseUrl, oauthTokenUrl] = [google.apiBase, google.tokenUrl];
			Object.assign(file.credential.data, { baseUrl, oauthTokenUrl, analyticsBaseUrl: baseUrl });
		}
		try {
			await file.save();
		} catch (error) {
			file.credential.data.accounts.account = before;
			throw error;
		}
	}

	/** As in the plan; those that are no longer in it come last. */
	private inOrder(accounts: CredentialAccount[]): CredentialAccount[] {
		const places = new Map(this.rows.map(({ account }, index) => [account.accountId, index]));
		const place = ({ accountId }: CredentialAccount) => places.get(accountId) ?? places.size;
		return accounts.sort((a, b) => place(a) - place(b));
	}
}

/** A refresh token serves only with the client that it was given to, and only for the expected channel. */
function keptFor(account: PlannedAccount, kept: readonly CredentialAccount[]): CredentialAccount | undefined {
	return kept.find(
		(one) =>
			one.accountId === account.accountId &&
			one.clientId === account.clientId &&
			one.refreshToken !== '' &&
			(account.channelId === '' || account.channelId === one.channelId),
	);
}

function unexpected(error: unknown): YtempireError {
	const message = excerpt(error instanceof Error ? error.message : String(error));
	return new YtempireError('unavailable', `Something unexpected happened: ${message}`, { cure: 'Connect again.', reason: 'unexpected' });
}
