/** What revenue adds to a profile's totals, added once: Mixpanel has no dedupe for it, so our store says what was sent. */
import { mayHaveArrived, retryRefused } from '../deliveries/arrived';
import type { Held } from '../deliveries/claims';
import { deliver } from '../deliveries/deliver';
import { isYtempireError, type YtempireError } from '../errors';
import type { Store } from '../store/store';

import { PATIENCE, type MixpanelConnection } from './connection';
import { insertIdOf, type AnalyticsEvent } from './mixpanel';
import { additionBatches, addToProfiles, type ProfileAddition } from './profiles';

export interface Totals {
	/** Added to `total_revenue`. */
	revenue_usd: number;
	/** Counted in `videos_monetized` with its first revenue above 0. */
	video_id: string;
}

export interface Added {
	error?: YtempireError;
	/** What this run added; nothing when it was there already. */
	added?: Record<string, number>;
	warnings: string[];
}

const UNSURE =
	'Nobody heard whether this was added to the profile’s totals, so it is not added again: compare total_revenue with the Revenue events in Mixpanel.';

interface Wish {
	/** Of the revenue, and of the video's first one. */
	keys: { total: string; monetized: string };
	event: AnalyticsEvent;
	totals: Totals;
	outcome: Added;
}

interface Addition extends ProfileAddition {
	wish: Wish;
	/** What is done with it. */
	keys: string[];
}

/**
 * Adds what is not known to be added. Where a request's end was never heard it isn't sent again: a total that
 * lacks an addition is put right from the events, which are all there; one that has it twice looks right.
 * @returns what became of each, in order
 * @throws YtempireError `cancelled`
 */
export async function addOnce(
	store: Store,
	connection: MixpanelConnection,
	wanted: Array<{ event: AnalyticsEvent; totals: Totals }>,
	signal?: AbortSignal,
): Promise<Added[]> {
	const wishes = wanted.map(({ event, totals }): Wish => {
		const monetized = insertIdOf(JSON.stringify([event.distinctId, totals.video_id]));
		return {
			keys: {
				total: `total ${connection.projectId} ${insertIdOf(event.key)}`,
				monetized: `monetized ${connection.projectId} ${monetized}`,
			},
			event,
			totals,
			outcome: { warnings: [] },
		};
	});
	const keys = new Set(wishes.flatMap(({ keys: { total, monetized }, totals }) => (monetizes(totals) ? [total, monetized] : [total])));
	if (keys.size > 0) {
		await deliver({ store, signal }, [...keys].map((key) => ({ key })), async (held) => {
			for (const { keys: { total }, outcome } of wishes) if (held.taken.get(total)?.unsure) outcome.warnings.push(UNSURE);
			await addAll(connection, additionsOf(wishes, held), held, signal);
		});
	}
	return wishes.map(({ outcome }) => outcome);
}

function monetizes({ revenue_usd }: Totals): boolean {
	return revenue_usd > 0;
}

/** Of what nobody has added, each once. */
function additionsOf(wishes: Wish[], held: Held): Addition[] {
	const used = new Set<string>();
	const free = (key: string) => held.taken.get(key)?.unsure === false && !used.has(key);
	return wishes.flatMap((wish) => {
		const { keys: { total, monetized }, event, totals } = wish;
		if (!free(total)) return [];
		used.add(total);
		const first = monetizes(totals) && free(monetized);
		if (first) used.add(monetized);
		return {
			wish,
			keys: first ? [total, monetized] : [total],
			distinctId: event.distinctId,
			add: { total_revenue: totals.revenue_usd, ...(first ? { videos_monetized: 1 } : {}) },
		};
	});
}

async function addAll(connection: MixpanelConnection, additions: Addition[], held: Held, signal?: AbortSignal): Promise<void> {
	for (const batch of additionBatches(connection, additions)) {
		const some = batch.indexes.map((index) => additions[index] as Addition);
		const keys = some.flatMap((one) => one.keys);
		const attempt = async () => {
			await held.leaving(keys);
			try {
				return await addToProfiles(connection, batch, signal);
			} catch (error) {
				if (!mayHaveArrived(error)) await held.cameBack(keys);
				throw error;
			}
		};
		try {
			const failures = await retryRefused(attempt, { ...PATIENCE, signal });
			const arrived = some.filter((_, index) => !failures[index]);
			await held.done(new Map(arrived.flatMap((one) => one.keys).map((key) => [key, {}])));
			await held.cameBack(some.flatMap((one, index) => (failures[index] ? one.keys : [])));
			some.forEach(({ wish, add }, index) => {
				Object.assign(wish.outcome, failures[index] ? { error: failures[index] } : { added: add });
			});
		} catch (error) {
			if (!isYtempireError(error) || error.errorClass === 'cancelled') throw error;
			const said = mayHaveArrived(error) ? undefined : error;
			for (const { wish } of some) {
				if (said) wish.outcome.error = said;
				else wish.outcome.warnings.push(UNSURE);
			}
		}
	}
}
