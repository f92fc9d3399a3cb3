/** Whether an account serves at this moment, and if not, why and until when. */
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
	/** Empty for the last one of a long list, which counts the others. */
	account_id: string;
	why: string;
}

export type Verdict =
	| { serves: true }
	/** `until`: milliseconds since 1970 when it may serve again; undefined when a person must act. */
	| { serves: false; kind: 'busy' | 'resting' | 'exhausted' | 'quarantined'; why: string; until?: number };

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
