/** `ytempire jobs` and `ytempire status`: videos as the store knows them. */
import type { Job } from '../core/jobs/job';

import type { Command, Given } from './command';
import { EXIT, inLine, moment, money, plain, printJson, printTable, seconds, short, type Terminal, UsageError } from './output';
import { placeOf, STORE_OPTIONS } from './settings';
import { withStore } from './store';

const STATUSES = ['queued', 'running', 'published', 'flagged', 'failed'] as const;

const STORE_TEXT = 'Reads the store, and changes nothing in it: run it where n8n runs, or name its PostgreSQL database.';

export const JOBS: Command = {
	words: 'jobs',
	about: 'lists videos, the newest first',
	options: {
		status: { type: 'string', value: 'STATUS', choices: STATUSES, about: 'only these' },
		channel: { type: 'string', value: 'ID', about: 'only those asked for on this channel' },
		limit: { type: 'string', short: 'n', value: 'N', about: 'at most so many (20)' },
		...STORE_OPTIONS,
	},
	text: STORE_TEXT,
	exits: '0 listed, 1 the store can’t be read, 2 wrong usage.',
	run: jobs,
};

export const STATUS: Command = {
	words: 'status',
	about: 'says how videos stand, stage by stage; without an ID, how the factory stands',
	takes: '[VIDEO_ID …]',
	options: STORE_OPTIONS,
	text: STORE_TEXT,
	exits: '0 said, 1 an ID is not known, or its video failed or was flagged, or the store can’t be read, 2 wrong usage.',
	run: status,
};

async function jobs(given: Given, terminal: Terminal): Promise<number> {
	const limit = given.whole('limit', 1, 100_000) ?? 20;
	const wanted = STATUSES.filter((one) => one === given.text('status'));
	const found = await withStore(await placeOf(given, terminal), async (store) => {
		const { listJobs } = await import('../core/jobs/list');
		return await listJobs(store, { limit, channelId: given.text('channel'), ...(wanted.length > 0 ? { statuses: wanted } : {}) }, 'upload');
	});
	if (given.flag('json')) printJson(terminal, { jobs: found.map(summary) });
	else if (found.length === 0) terminal.say('No videos.');
	else {
		printTable(
			terminal,
			['ASKED FOR (UTC)', 'VIDEO', 'STATUS', 'STAGE', 'COST', 'TOPIC'],
			found.map((job) => [moment(job.created_at), job.video_id, job.status, job.stage, money(job.cost_usd), short(job.request.topic, 50)]),
		);
	}
	return EXIT.done;
}

/** What a list needs of a job; the texts of scripts and the like stay in the store. */
function summary({ results, ...job }: Job): Record<string, unknown> {
	const { youtube_url: link = null } = (results.upload ?? {}) as { youtube_url?: string };
	return { ...job, youtube_url: link };
}

async function status(given: Given, terminal: Terminal): Promise<number> {
	const ids = [...new Set(given.rest)];
	const place = await placeOf(given, terminal);
	if (ids.length === 0) return await overview(place, given, terminal);
	if (ids.length > 500) throw new UsageError('Ask for at most 500 videos at a time.');
	const found = await withStore(place, async (store) => {
		const { getJobs } = await import('../core/jobs/job');
		return await getJobs(store, ids, 'upload');
	});
	const unknown = ids.filter((id) => !found.some((job) => job.video_id === id));
	if (given.flag('json')) printJson(terminal, { jobs: found.map(summary), unknown });
	else for (const job of found) tell(job, terminal);
	for (const id of unknown) terminal.say(plain(`${id} is not in the store.`));
	const isGood = unknown.length === 0 && found.every((job) => job.status !== 'failed' && job.status !== 'flagged');
	return isGood ? EXIT.done : EXIT.failed;
}

function tell(job: Job, terminal: Terminal): void {
	const { out } = terminal;
	out(`${inLine(job.video_id, job.status, money(job.cost_usd), job.request.topic)}\n`);
	for (const { stage, status: state, progress, seconds: took, cost_usd: cost, providers } of job.stages) {
		const mark = { running: '…', done: '✔', failed: '✘' }[state];
		const about = state === 'running' ? `${Math.round(progress * 100)} %` : seconds(took);
		out(`  ${mark} ${inLine(stage, about, cost > 0 && money(cost), providers.join(', '))}\n`);
	}
	const link = summary(job).youtube_url;
	if (typeof link === 'string') out(`  ${plain(link)}\n`);
	if (job.failure) out(`  ${plain(`${job.failure.stage}: ${job.failure.reason}`)}\n  ${plain(job.failure.cure)}\n`);
}

async function overview(place: Awaited<ReturnType<typeof placeOf>>, given: Given, terminal: Terminal): Promise<number> {
	const view = await withStore(place, async (store) => {
		const { statesSeen } = await import('../core/pool/seen');
		const counts = await store.db
			.selectFrom('jobs')
			.select((eb) => ['status', eb.fn.countAll<number>().as('videos')])
			.groupBy('status')
			.execute();
		const today = new Date(store.clock.now()).toISOString().slice(0, 10);
		const { micro } = await store.db
			.selectFrom('costs')
			.select((eb) => eb.fn.coalesce(eb.fn.sum<number>('micro_usd'), eb.lit(0)).as('micro'))
			.where('day', '=', today)
			.executeTakeFirstOrThrow();
		const accounts = await statesSeen(store);
		return {
			videos: Object.fromEntries(STATUSES.map((one) => [one, counts.find((row) => row.status === one)?.videos ?? 0])),
			cost_today_usd: micro / 1_000_000,
			accounts: { ready: accounts.filter(({ state }) => state === 'ready' || state === 'half-open').length, total: accounts.length },
		};
	});
	if (given.flag('json')) printJson(terminal, view);
	else {
		const { videos, accounts } = view;
		terminal.out(`Videos    ${STATUSES.map((one) => `${videos[one]} ${one}`).join(', ')}\n`);
		terminal.out(`Today     ${money(view.cost_today_usd)} (UTC)\n`);
		terminal.out(`Accounts  ${accounts.ready} of ${accounts.total} ready\n`);
	}
	return EXIT.done;
}
