/** How many videos are in which state, and what became of those asked for on each day. */
import { dayOf } from '../cost/budget';
import { JOB_STATUSES } from '../jobs/job';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import type { ExpressionBuilder } from '../vendor/kysely';

export interface StateCount {
	/** A job's status; `interrupted` when it is being made and its execution gives no sign of life. */
	state: string;
	videos: number;
}

export interface VideosView {
	/** Of all time. */
	total: number;
	/** Of all time; the states that every job passes are there with 0, too. */
	by_state: StateCount[];
	/** Of all time: a person has to look at them, published ones too. */
	for_person: number;
	/** Asked for since the first day looked at. */
	recent: number;
	/** Of `recent`. */
	published: number;
	/** Of `recent`, by the UTC day on which they were asked for; days and states with none are left out. */
	per_day: Array<StateCount & { day: string }>;
}

/** In the order in which people read them; unknown ones come last. */
const ORDER = ['published', 'running', 'queued', 'interrupted', 'flagged', 'failed'];

const DAY_MS = 86_400_000;

export async function videosView(store: Store, since: string): Promise<VideosView> {
	const now = store.clock.now();
	const ever = await store.db
		.selectFrom('jobs')
		.select((eb) => [stateOf(eb, now).as('state'), eb.fn.countAll<number>().as('videos')])
		.groupBy('state')
		.execute();
	const perDay = await store.db
		.selectFrom('jobs')
		// whole numbers: both databases cut the rest off
		.select((eb) => [
			eb('created_at', '/', eb.lit(DAY_MS)).as('day'),
			stateOf(eb, now).as('state'),
			eb.fn.countAll<number>().as('videos'),
		])
		.where('created_at', '>=', Date.parse(since))
		.groupBy(['day', 'state'])
		.orderBy('day')
		.execute();
	const { left } = await store.db
		.selectFrom('reviews')
		.select((eb) => eb.fn.countAll<number>().as('left'))
		.where('person', '!=', '')
		.executeTakeFirstOrThrow();
	const counts = new Map([...JOB_STATUSES.map((state) => [state as string, 0] as const), ...ever.map(({ state, videos }) => [state, videos] as const)]);
	const sum = (rows: StateCount[]) => rows.reduce((total, { videos }) => total + videos, 0);
	return {
		total: sum(ever),
		by_state: sortStates([...counts.keys()]).map((state) => ({ state, videos: counts.get(state) ?? 0 })),
		for_person: left,
		recent: sum(perDay),
		published: sum(perDay.filter(({ state }) => state === 'published')),
		per_day: perDay.map(({ day, state, videos }) => ({ day: dayOf(day * DAY_MS), state, videos })),
	};
}

export function sortStates(states: string[]): string[] {
	const place = (state: string) => (ORDER.includes(state) ? ORDER.indexOf(state) : ORDER.length);
	return [...new Set(states)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function stateOf(eb: ExpressionBuilder<Database, 'jobs'>, now: number) {
	return eb
		.case()
		.when(eb.and([eb('status', '=', 'running'), eb('lease_until', '<', now)]))
		.then(eb.val('interrupted'))
		.else(eb.ref('status'))
		.end();
}
