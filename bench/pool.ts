/** What lending an account costs, from the choice to giving it back, as the pool grows: on SQLite and on PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { poolFromCredential, type PoolAccount, type YouTubePool } from '../core/pool/accounts';
import { acquire, giveBack } from '../core/pool/lease';
import { markSent, settle } from '../core/pool/ledger';
import type { StorePlace } from '../core/store/place';
import { openStore, type Store } from '../core/store/store';
import { POSTGRES_CURE, postgresAvailable, startPostgres } from '../host/postgres';
import { figure, inTurns, median, type Figure } from './report';

const SIZES = ['15', '1000', '10000'] as const;

type Size = (typeof SIZES)[number];

const ROUNDS = 5;

/** Several times around the smallest pool in each round. */
const LEASES = 30;

const DAY_MS = 86_400_000;

interface Situation {
	name: string;
	/** Accounts that share a client, and so a project's quota. */
	perProject: number;
	/** @param place the account's place among those of its role, from 0 on */
	rests(role: 'active' | 'reserve', place: number): boolean;
}

const SITUATIONS: Situation[] = [
	{ name: 'all free', perProject: 1, rests: () => false },
	{ name: 'all free, 15 to a project', perProject: 15, rests: () => false },
	{ name: 'every second at rest', perProject: 1, rests: (_role, place) => place % 2 === 0 },
	{ name: 'all active but five at rest', perProject: 1, rests: (role, place) => role === 'active' && place >= 5 },
	{ name: 'all active at rest, reserve serves', perProject: 1, rests: (role) => role === 'active' },
];

/** A pool in a store of its own. */
interface Bed {
	store: Store;
	pool: YouTubePool;
	/** Milliseconds of the first lease, which writes the list of accounts. */
	first: number;
}

export async function measure(): Promise<Figure[]> {
	const scratch = mkdtempSync(join(tmpdir(), 'ytempire-bench-'));
	try {
		const onSqlite = await onDatabase('SQLite', () => ({ file: join(scratch, `${randomBytes(8).toString('hex')}.sqlite`) }));
		return [...credentialFigures(), ...onSqlite, ...(await onPostgres(scratch))];
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/** @throws Error where there is no PostgreSQL, in CI; else its half is left out, and stderr says so */
async function onPostgres(mediaFolder: string): Promise<Figure[]> {
	if (!postgresAvailable() && process.env.CI !== 'true') {
		process.stderr.write(`Left out: leases on PostgreSQL: ${POSTGRES_CURE}\n`);
		return [];
	}
	const server = await startPostgres();
	try {
		return await onDatabase('PostgreSQL', () => ({
			connectionString: server.url,
			schema: `bench_${randomBytes(8).toString('hex')}`,
			mediaFolder,
		}));
	} finally {
		await server.stop();
	}
}

async function onDatabase(database: string, placeOf: () => StorePlace): Promise<Figure[]> {
	const figures: Figure[] = [];
	for (const situation of SITUATIONS) {
		const beds = Object.fromEntries(
			await Promise.all(SIZES.map(async (size) => [size, await makeBed(placeOf(), Number(size), situation)] as const)),
		) as Record<Size, Bed>;
		const runs = await inTurns(
			ROUNDS,
			Object.fromEntries(SIZES.map((size) => [size, async () => [await lend(beds[size])]])) as Record<Size, () => Promise<number[]>>,
		);
		const cost = (size: Size): number => median(runs[size].flat());
		const name = `${database}, ${situation.name}`;
		figures.push(
			...SIZES.map((size) => figure(`${name}: ${size} accounts`, 1000 / cost(size), 'leases/s', { peer: 1000 / cost('15') })),
			figure(`${name}: cost of a lease, 10000 against 15`, cost('10000') / cost('15'), 'times', { atMost: 1.5 }),
		);
		if (situation === SITUATIONS[0]) {
			figures.push(figure(`${database}: the first lease of 10000 accounts, once`, beds['10000'].first, 'ms', { peer: beds['15'].first }));
		}
		for (const size of SIZES) await beds[size].store.close();
	}
	return figures;
}

async function makeBed(place: StorePlace, size: number, { perProject, rests }: Situation): Promise<Bed> {
	const store = await openStore(place);
	const pool = poolFromCredential(credential(size, perProject));
	await rest(store, resting(pool, rests));
	const began = performance.now();
	await lendOnce(store, pool);
	const first = performance.now() - began;
	// once around the smallest pool
	for (let warm = 0; warm < 15; warm += 1) await lendOnce(store, pool);
	return { store, pool, first };
}

function resting({ accounts }: YouTubePool, rests: Situation['rests']): PoolAccount[] {
	const places = { active: 0, reserve: 0 };
	return accounts.filter(({ role }) => rests(role, places[role]++));
}

/** As YouTube's `uploadLimitExceeded` does, for many at once. */
async function rest(store: Store, accounts: PoolAccount[]): Promise<void> {
	const now = store.clock.now();
	await store.transaction(async (trx) => {
		for (let start = 0; start < accounts.length; start += 500) {
			const rows = accounts.slice(start, start + 500).map(({ channelId, accountId }) => ({
				channel_id: channelId,
				account_id: accountId,
				lease_holder: '',
				lease_token: 0,
				lease_until: 0,
				rests_until: now + DAY_MS,
				rest_reason: 'uploadLimitExceeded',
				quarantine_reason: '',
				quarantine_connection: '',
				updated_at: now,
			}));
			await trx.insertInto('pool_accounts').values(rows).execute();
		}
	});
}

/** @returns milliseconds of a lease */
async function lend({ store, pool }: Bed): Promise<number> {
	const began = performance.now();
	for (let lease = 0; lease < LEASES; lease += 1) await lendOnce(store, pool);
	return (performance.now() - began) / LEASES;
}

/** As an upload does: an account and its units, the call that may have left, the units settled, the account given back. */
async function lendOnce(store: Store, pool: YouTubePool): Promise<void> {
	const lease = await acquire(store, pool, { holder: randomBytes(8).toString('hex'), waitMs: 0 });
	await store.transaction(async (trx) => {
		await markSent(trx, lease.holds);
	});
	await store.transaction(async (trx) => {
		for (const hold of lease.holds) await settle(trx, hold);
	});
	await giveBack(store, lease);
}

/** Two active accounts to one in reserve; rules under which the smallest pool isn't used up by the bench. */
function credential(size: number, perProject: number): Record<string, unknown> {
	const active = Math.round((size * 2) / 3);
	const account = Array.from({ length: size }, (_, index) => ({
		accountId: `account-${index + 1}`,
		email: `account-${index + 1}@example.com`,
		role: index < active ? 'active' : 'reserve',
		clientId: `${100_000_000_000 + Math.floor(index / perProject)}-bench.apps.googleusercontent.com`,
		clientSecret: `secret-${index + 1}`,
		refreshToken: `1//refresh-${index + 1}`,
		channelId: `UC${String(index + 1).padStart(22, '0')}`,
	}));
	return { accounts: { account }, videosPerAccount: 1000, videoUploadsLimit: 1_000_000 };
}

/** Reading the credential does grow with its list; n8n hands it over for every item. */
function credentialFigures(): Figure[] {
	const ms = (size: Size): number => {
		const data = credential(Number(size), 1);
		return median(
			Array.from({ length: ROUNDS }, () => {
				const began = performance.now();
				poolFromCredential(data);
				return performance.now() - began;
			}),
		);
	};
	return [figure('reading a credential of 10000 accounts', ms('10000'), 'ms', { peer: ms('15') })];
}
