/** Which account serves: the next active one with room, a reserve only when no active one can; and why not the others. */
import type { PoolAccount } from './accounts';
import { hasRoom, type Spend, type Usage } from './ledger';

/** An account as it stands at this moment. */
export interface Candidate {
	account: PoolAccount;
	/** Milliseconds since 1970; 0 when free. */
	leasedUntil: number;
	restsUntil: number;
	restReason: string;
	/** Uploads that failed one after another. */
	failures: number;
	/** When its Google project is free again; 0 when it is. */
	projectRestsUntil: number;
	projectRestReason: string;
	/** Empty when it isn't in quarantine. */
	quarantineReason: string;
	/** What the call would use, and what is used already. */
	spends: Array<{ spend: Spend; usage: Usage }>;
}

export interface PassedOver {
	account_id: string;
	why: string;
}

export type Verdict =
	| { serves: true }
	/** `until`: milliseconds since 1970 when it may serve again; undefined when a person must act. */
	| { serves: false; kind: 'busy' | 'resting' | 'exhausted' | 'quarantined'; why: string; until?: number };

export interface Choice {
	chosen: PoolAccount | undefined;
	passedOver: PassedOver[];
	/** An account would serve as soon as its lease ends. */
	busy: boolean;
	/** Milliseconds since 1970 when the first of them may serve again; undefined when a person must act first. */
	freeAt: number | undefined;
}

export function judge(candidate: Candidate, now: number, dayEnds: Date): Verdict {
	const { account, quarantineReason, restsUntil, restReason, leasedUntil } = candidate;
	if (quarantineReason) {
		return { serves: false, kind: 'quarantined', why: `in quarantine (${quarantineReason})` };
	}
	if (restsUntil > now) {
		return {
			serves: false,
			kind: 'resting',
			why: `rests until ${iso(restsUntil)} (${restReason})`,
			until: restsUntil,
		};
	}
	if (candidate.projectRestsUntil > now) {
		const until = candidate.projectRestsUntil;
		const why = `project ${account.project} rests until ${iso(until)} (${candidate.projectRestReason})`;
		return { serves: false, kind: 'resting', why, until };
	}
	const full = candidate.spends.find(({ spend, usage }) => !hasRoom(spend, usage));
	if (full) {
		return { serves: false, kind: 'exhausted', why: fullWords(full, account, dayEnds), until: dayEnds.getTime() };
	}
	if (leasedUntil > now) {
		return { serves: false, kind: 'busy', why: 'uploads another video just now', until: leasedUntil };
	}
	return { serves: true };
}

/** The first candidate that serves, in the order given. */
export function choose(candidates: Candidate[], now: number, dayEnds: Date): Choice {
	const passedOver: PassedOver[] = [];
	const refusals: Array<Extract<Verdict, { serves: false }>> = [];
	for (const candidate of candidates) {
		const verdict = judge(candidate, now, dayEnds);
		if (verdict.serves) {
			return { chosen: candidate.account, passedOver, busy: false, freeAt: undefined };
		}
		passedOver.push({ account_id: candidate.account.accountId, why: verdict.why });
		refusals.push(verdict);
	}
	const times = refusals.flatMap(({ until }) => (until === undefined ? [] : [until]));
	return {
		chosen: undefined,
		passedOver,
		busy: refusals.some(({ kind }) => kind === 'busy'),
		freeAt: times.length > 0 ? Math.min(...times) : undefined,
	};
}

/** Round robin: the list from its `turn`-th entry on, once around. */
export function rotated<T>(list: T[], turn: number): T[] {
	const start = list.length === 0 ? 0 : turn % list.length;
	return [...list.slice(start), ...list.slice(0, start)];
}

function fullWords(
	{ spend, usage }: { spend: Spend; usage: Usage },
	account: PoolAccount,
	dayEnds: Date,
): string {
	const until = `free again at ${dayEnds.toISOString()}`;
	if (spend.scope.startsWith('channel:')) {
		return `has published its ${spend.limit} videos of the day, ${until}`;
	}
	const bucket = spend.bucket.replaceAll('_', ' ');
	return usage.exhausted
		? `YouTube says that project ${account.project} has no ${bucket} quota left today, ${until}`
		: `project ${account.project} has used ${usage.used} of ${spend.limit} units of ${bucket} today, ${until}`;
}

const iso = (ms: number) => new Date(ms).toISOString();
