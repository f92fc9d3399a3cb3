/** The pool's rules written a second time, in plain numbers, to hold the store's answers against. */

export const HOUR_MS = 3_600_000;

export const LEASE_MS = 45_000;

const HOLD_MS = 60_000;

export const RULES = { videosPerAccount: 2, insertsPerProject: 4, failureLimit: 2, cooldownHours: 24 };

export interface ModelAccount {
	id: string;
	project: string;
	role: 'active' | 'reserve';
}

interface Standing {
	leasedUntil: number;
	token: number;
	restsUntil: number;
	quarantined: boolean;
	failures: number;
}

interface Hold {
	/** Project or account. */
	of: string;
	day: string;
	sent: boolean;
	expiresAt: number;
}

export interface ModelLease {
	account: ModelAccount;
	token: number;
	holds: [insert: Hold, video: Hold];
}

export type Answer = { account: string } | { refusal: 'pool-busy' | 'pool-quarantined' | 'pool-exhausted'; until?: number };

const pacific = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' });

export const dayOf = (now: number): string => pacific.format(now);

/** Midnight is at a whole hour of UTC: the first one that bears another date. */
export function midnightAfter(now: number): number {
	let hour = Math.floor(now / HOUR_MS) * HOUR_MS;
	do hour += HOUR_MS;
	while (dayOf(hour) === dayOf(now));
	return hour;
}

export class PoolModel {
	private readonly standings = new Map<string, Standing>();

	private readonly projectRests = new Map<string, number>();

	private readonly settled = new Map<string, number>();

	private readonly exhausted = new Set<string>();

	private holds: Hold[] = [];

	private readonly turns = { active: 0, reserve: 0 };

	constructor(
		private readonly accounts: ModelAccount[],
		private readonly untilMidnight: boolean,
	) {}

	used(of: string, now: number): number {
		const day = dayOf(now);
		const aside = this.holds.filter((hold) => hold.of === of && hold.day === day && (hold.sent || hold.expiresAt > now));
		return (this.settled.get(`${of} ${day}`) ?? 0) + aside.length;
	}

	take(asked: string | undefined, now: number): { answer: Answer; lease?: ModelLease } {
		for (const hold of this.holds.filter(({ expiresAt }) => expiresAt <= now)) this.settle(hold, hold.sent);
		const untils: number[] = [];
		let busy = false;
		for (const role of ['active', 'reserve'] as const) {
			const inRole = this.accounts.filter((one) => one.role === role && (asked === undefined || one.id === asked));
			const first = inRole.length === 0 ? 0 : this.turns[role] % inRole.length;
			for (let step = 0; step < inRole.length; step++) {
				const account = inRole[(first + step) % inRole.length]!;
				const verdict = this.judge(account, now);
				if (verdict === 'serves') {
					if (asked === undefined) this.turns[role] += step + 1;
					return { answer: { account: account.id }, lease: this.lend(account, now) };
				}
				if (verdict.until !== undefined) untils.push(verdict.until);
				busy ||= verdict.busy === true;
			}
			if (busy) return { answer: { refusal: 'pool-busy' } };
		}
		return untils.length === 0
			? { answer: { refusal: 'pool-quarantined' } }
			: { answer: { refusal: 'pool-exhausted', until: Math.min(...untils) } };
	}

	/** False when the units have been given back in the meantime. */
	sent({ holds }: ModelLease): boolean {
		for (const hold of holds) hold.sent = true;
		return holds.every((hold) => this.holds.includes(hold));
	}

	/** A hold that a sweep has settled is settled. */
	settle(hold: Hold, counts: boolean): void {
		if (!this.holds.includes(hold)) return;
		this.holds = this.holds.filter((one) => one !== hold);
		const key = `${hold.of} ${hold.day}`;
		if (counts) this.settled.set(key, (this.settled.get(key) ?? 0) + 1);
	}

	giveBack({ account, token }: ModelLease): void {
		const standing = this.of(account);
		if (standing.token === token) standing.leasedUntil = 0;
	}

	succeeded({ account }: ModelLease): void {
		const standing = this.of(account);
		if (standing.failures >= RULES.failureLimit) standing.restsUntil = 0;
		standing.failures = 0;
	}

	refused({ account }: ModelLease, reason: string, now: number): void {
		const standing = this.of(account);
		const rest = this.untilMidnight ? midnightAfter(now) : now + RULES.cooldownHours * HOUR_MS;
		if (reason === 'quotaExceeded') this.exhausted.add(`${account.project} ${dayOf(now)}`);
		if (reason === 'accessNotConfigured') this.projectRests.set(account.project, rest);
		if (reason === 'invalid_grant') standing.quarantined = true;
		if (reason === 'uploadLimitExceeded') Object.assign(standing, { restsUntil: rest, failures: 0 });
		if (reason === 'backendError' || reason === 'forbidden') {
			standing.failures += 1;
			const short = now + (HOUR_MS / 4) * 2 ** (standing.failures - RULES.failureLimit);
			if (standing.failures >= RULES.failureLimit) standing.restsUntil = reason === 'forbidden' ? rest : Math.min(rest, short);
		}
	}

	release(account: ModelAccount): void {
		Object.assign(this.of(account), { quarantined: false, restsUntil: 0, failures: 0 });
		this.projectRests.delete(account.project);
	}

	private judge(account: ModelAccount, now: number): 'serves' | { until?: number; busy?: boolean } {
		const { quarantined, restsUntil, leasedUntil } = this.of(account);
		if (quarantined) return {};
		if (restsUntil > now) return { until: restsUntil };
		const projectRests = this.projectRests.get(account.project) ?? 0;
		if (projectRests > now) return { until: projectRests };
		const full =
			this.exhausted.has(`${account.project} ${dayOf(now)}`) ||
			this.used(account.project, now) >= RULES.insertsPerProject ||
			this.used(account.id, now) >= RULES.videosPerAccount;
		if (full) return { until: midnightAfter(now) };
		return leasedUntil > now ? { until: leasedUntil, busy: true } : 'serves';
	}

	private lend(account: ModelAccount, now: number): ModelLease {
		const standing = this.of(account);
		standing.leasedUntil = now + LEASE_MS;
		standing.token += 1;
		const hold = (of: string): Hold => ({ of, day: dayOf(now), sent: false, expiresAt: now + HOLD_MS });
		const holds: ModelLease['holds'] = [hold(account.project), hold(account.id)];
		this.holds.push(...holds);
		return { account, token: standing.token, holds };
	}

	private of({ id }: ModelAccount): Standing {
		const standing = this.standings.get(id) ?? { leasedUntil: 0, token: 0, restsUntil: 0, quarantined: false, failures: 0 };
		this.standings.set(id, standing);
		return standing;
	}
}
