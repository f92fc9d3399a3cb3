/** Events, and what they add to a profile's totals, counted once: by Mixpanel for events, by our store for totals. */
import type { Wanted } from '../deliveries/claims';
import { deliver } from '../deliveries/deliver';
import { invalidRequest, isYtempireError, type YtempireError } from '../errors';
import type { Store } from '../store/store';

import { PROVIDER, type MixpanelConnection } from './connection';
import { assertEvent, importEvents, insertIdOf, type AnalyticsEvent } from './mixpanel';
import { assertToken } from './profiles';
import { addOnce, type Totals } from './totals';

export interface Tracked {
	event: AnalyticsEvent;
	/** False for an event that never comes again: the store needs not know it. */
	once: boolean;
	/** Added to the totals of the event's distinct ID. */
	totals?: Totals;
}

export interface TrackOutcome {
	/** Undefined when Mixpanel has the event and, if asked for, its totals. */
	error?: YtempireError;
	/** True when an earlier run, or another execution, had sent it. */
	kept: boolean;
	/** What this run added to the profile. */
	added?: Record<string, number>;
	warnings: string[];
}

interface Memo {
	/** Milliseconds: Mixpanel takes an event for the same only when its time is the same, too. */
	time?: number;
	revenue_usd?: number;
}

/** @throws YtempireError `cancelled`; all else is said at its place */
export async function trackOnce(
	store: Store,
	connection: MixpanelConnection,
	tracked: Tracked[],
	signal?: AbortSignal,
): Promise<TrackOutcome[]> {
	const outcomes = tracked.map(({ event, totals }): TrackOutcome => {
		const error = errorOf(() => {
			assertEvent(event);
			if (totals) assertToken(connection);
		});
		return { error, kept: false, warnings: [] };
	});
	const sendable = (index: number) => outcomes[index]?.error === undefined;
	const places = tracked.map((_, index) => index);
	await sendOnce(store, connection, tracked, outcomes, places.filter((index) => sendable(index) && tracked[index]?.once), signal);

	const random = places.filter((index) => sendable(index) && !tracked[index]?.once);
	const failures = await importEvents(connection, random.map((index) => (tracked[index] as Tracked).event), signal);
	random.forEach((place, index) => Object.assign(outcomes[place] as TrackOutcome, { error: failures[index] }));

	const additions = places.flatMap((index) => {
		const { event, totals } = tracked[index] as Tracked;
		return totals && sendable(index) ? [{ index, event, totals }] : [];
	});
	const added = await addOnce(store, connection, additions, signal);
	additions.forEach(({ index }, place) => Object.assign(outcomes[index] as TrackOutcome, added[place]));
	return outcomes;
}

function errorOf(check: () => void): YtempireError | undefined {
	try {
		check();
		return undefined;
	} catch (error) {
		if (!isYtempireError(error)) throw error;
		return error;
	}
}

async function sendOnce(
	store: Store,
	connection: MixpanelConnection,
	tracked: Tracked[],
	outcomes: TrackOutcome[],
	places: number[],
	signal?: AbortSignal,
): Promise<void> {
	if (places.length === 0) return;
	const placesByKey = new Map<string, number[]>();
	for (const place of places) {
		const key = eventKey(connection, (tracked[place] as Tracked).event);
		placesByKey.set(key, [...(placesByKey.get(key) ?? []), place]);
	}
	const firsts = new Map([...placesByKey].map(([key, [first]]) => [key, tracked[first as number] as Tracked]));
	const wanted: Wanted[] = [...firsts].map(([key, { event, totals }]) => ({
		key,
		memo: { time: event.time, ...(totals ? { revenue_usd: totals.revenue_usd } : {}) } satisfies Memo,
	}));
	const errors = new Map<string, YtempireError>();
	const sent = await deliver({ store, signal }, wanted, async (held) => {
		const keys = [...held.taken.keys()];
		const events = keys.map((key) => {
			const { event } = firsts.get(key) as Tracked;
			return { ...event, time: (held.taken.get(key)?.memo as Memo).time ?? event.time };
		});
		const failures = await importEvents(connection, events, signal);
		const arrived = keys.filter((key, index) => {
			const error = failures[index];
			if (error) errors.set(key, error);
			return !error;
		});
		await held.done(new Map(arrived.map((key) => [key, {}])));
	});
	for (const [key, some] of placesByKey) {
		const delivered = sent.get(key);
		for (const place of some) {
			const { totals } = tracked[place] as Tracked;
			const counted = (delivered?.memo as Memo | undefined)?.revenue_usd;
			const other = totals && counted !== undefined && counted !== totals.revenue_usd;
			Object.assign(outcomes[place] as TrackOutcome, {
				error: errors.get(key) ?? (other ? countedAlready(counted) : undefined),
				kept: delivered?.kept === true || place !== some[0],
			});
		}
	}
}

/** Not of whom it is about: a video that gets its channel later is still the same. */
function eventKey({ projectId }: MixpanelConnection, { name, key }: AnalyticsEvent): string {
	return `event ${projectId} ${insertIdOf(JSON.stringify([name, key]))}`;
}

function countedAlready(usd: number): YtempireError {
	return invalidRequest(`The revenue of this video and period was counted already, with $${usd}`, {
		cure: 'Count the difference in a period of its own, e.g. "2026-11 correction".',
		provider: PROVIDER,
		reason: 'revenue-counted',
	});
}
