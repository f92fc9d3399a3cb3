/** `ytempire accounts`: how the pool stands. */
import type { AccountState } from '../core/pool/state';

import type { Command, Given } from './command';
import { EXIT, moment, plain, printJson, printTable, type Terminal, UsageError } from './output';
import { placeOf, readPrivate, STORE_OPTIONS } from './settings';
import { withStore } from './store';

export const ACCOUNTS: Command = {
	words: 'accounts',
	about: 'how each account of the pool stands',
	options: {
		pool: { type: 'string', value: 'FILE', about: 'the credentials file that `accounts connect` wrote: its names, limits and roles are taken' },
		...STORE_OPTIONS,
	},
	text: `Reads the store, and changes nothing in it. The store alone knows the accounts that n8n has used, and counts by the
default limits, as the credential is in n8n; --pool tells it the accounts that you have.`,
	exits: '0 listed, 1 the store can’t be read, 2 wrong usage or pool file.',
	run: accounts,
};

async function accounts(given: Given, terminal: Terminal): Promise<number> {
	const file = given.text('pool');
	const pool = file === undefined ? undefined : await poolIn(file, terminal);
	const states = await withStore(await placeOf(given, terminal), async (store) => {
		const { statesSeen } = await import('../core/pool/seen');
		const { accountStates } = await import('../core/pool/state');
		return pool ? await accountStates(store, pool) : await statesSeen(store);
	});
	if (given.flag('json')) printJson(terminal, { limits: pool ? 'credential' : 'default', accounts: states.map(withoutMail) });
	else if (states.length === 0) terminal.say('No account has been used yet.');
	else {
		printTable(
			terminal,
			['ACCOUNT', 'ROLE', 'STATE', 'TODAY', 'LEFT', 'BACK (UTC)', 'WHY'],
			states.map(({ account_id: id, channel_id: channel, role, state, videos, videos_left: left, back_at: back, why }) => [
				id || channel, role, state, String(videos.used), String(left), back ? moment(back) : '', why,
			]),
		);
	}
	return EXIT.done;
}

function withoutMail({ email, ...state }: AccountState): Omit<AccountState, 'email'> {
	return state;
}

async function poolIn(file: string, terminal: Terminal) {
	const { poolFromCredential } = await import('../core/pool/accounts');
	const text = await readPrivate(file, terminal);
	let data: unknown;
	try {
		const parsed = JSON.parse(text) as unknown;
		const first = (Array.isArray(parsed) ? parsed[0] : parsed) as { data?: unknown } | null;
		data = first?.data;
	} catch {
		throw new UsageError(plain(`${file} is not JSON.`));
	}
	return poolFromCredential(data);
}
