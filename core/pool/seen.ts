/** The pool as the store alone knows it: the accounts that were in turn last, without the credential that names them. */
import type { Store } from '../store/store';

import type { YouTubePool } from './accounts';
import { DEFAULT_POLICY } from './quota';
import { accountStates, type AccountState } from './state';

/**
 * How the accounts of the newest list stand. Their limits are the default rules, as the credential that may say others
 * is in n8n; an account that never uploaded has no account ID yet. Nothing is changed.
 */
export async function statesSeen(store: Store): Promise<AccountState[]> {
	const { db } = store;
	const newest = await db.selectFrom('pool_rosters').select((eb) => eb.fn.max('seen_day').as('day')).executeTakeFirst();
	if (!newest?.day) return [];
	const seats = await db
		.selectFrom('pool_seats')
		.innerJoin('pool_rosters', 'pool_rosters.id', 'pool_seats.roster')
		.leftJoin('pool_accounts', 'pool_accounts.channel_id', 'pool_seats.channel_id')
		.select(['pool_seats.channel_id', 'role', 'project', 'account_id', 'quarantine_reason'])
		.where('seen_day', '=', newest.day)
		.orderBy('role')
		.orderBy('place')
		.execute();
	const byChannel = new Map(seats.map((seat) => [seat.channel_id, seat]));
	const pool: YouTubePool = {
		id: '',
		accounts: [...byChannel.values()].map((seat) => ({
			accountId: seat.account_id ?? '',
			email: '',
			role: seat.role === 'reserve' ? 'reserve' : 'active',
			clientId: '',
			clientSecret: '',
			refreshToken: '',
			channelId: seat.channel_id,
			project: seat.project,
		})),
		baseUrl: '',
		oauthTokenUrl: '',
		analyticsBaseUrl: '',
		encryptionKey: '',
		quota: DEFAULT_POLICY,
	};
	const states = await accountStates(store, pool);
	return states.map((state) => {
		// spoken over a connection that only the credential can confirm
		const quarantine = byChannel.get(state.channel_id)?.quarantine_reason;
		return quarantine ? { ...state, state: 'quarantined', why: `in quarantine (${quarantine})`, back_at: null } : state;
	});
}
