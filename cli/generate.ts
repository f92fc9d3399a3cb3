/** `ytempire generate`: asks n8n for one video or a list of them, and follows them in the store. */
import { YtempireClient } from '../core/client';
import { read } from '../core/client/n8n-api';
import type { VideoStatus } from '../core/client/types';
import { checked, COLUMN_NAMES, readVideoList } from '../core/client/video-list';
import { videoStatusSchema } from '../core/client/video';
import { invalidRequest, isYtempireError } from '../core/errors';
import type { Job } from '../core/jobs/job';
import { STYLES, type VideoRequest } from '../core/jobs/request';
import { FORMATS } from '../core/video/formats';

import type { Command, Given } from './command';
import { EXIT, inLine, money, plain, printJson, sayError, seconds, type Terminal, UsageError } from './output';
import { n8nUrlOf, N8N_OPTIONS, placeOf, STORE_OPTIONS, warnOpenly, webhookAuthOf, WEBHOOK_OPTIONS } from './settings';
import { withStore } from './store';

export const GENERATE: Command = {
	words: 'generate',
	about: 'asks for a video, or for a list of them',
	takes: '[TOPIC]',
	options: {
		file: { type: 'string', short: 'f', value: 'FILE', about: 'a list in place of a topic: CSV or JSONL by its ending; - reads CSV from stdin, or JSONL with --jsonl' },
		jsonl: { type: 'boolean', about: 'the list is JSONL, whatever its ending' },
		wait: { type: 'boolean', short: 'w', about: 'until every video is published, flagged or failed, telling each stage; needs the store' },
		id: { type: 'string', value: 'ID', about: 'the video’s ID; the same ID is the same video (made from the request by default)' },
		style: { type: 'string', value: 'STYLE', choices: STYLES, about: 'how it is told' },
		duration: { type: 'string', value: 'SECONDS', about: '15 to 1800 (60)' },
		format: { type: 'string', value: 'FORMAT', choices: FORMATS, about: 'shape of the picture' },
		language: { type: 'string', value: 'TAG', about: 'e.g. en, pt-BR (en)' },
		privacy: { type: 'string', value: 'WHO', choices: ['private', 'unlisted', 'public'], about: 'who sees it' },
		channel: { type: 'string', value: 'ID', about: 'only this account or channel publishes it' },
		notify: { type: 'string', value: 'MAIL', about: 'who is told' },
		'publish-at': { type: 'string', value: 'TIME', about: 'when it becomes public, e.g. 2027-01-31T18:00:00+01:00' },
		...N8N_OPTIONS,
		...WEBHOOK_OPTIONS,
		...STORE_OPTIONS,
	},
	text: `Posts to n8n's webhook workflow_001. The same topic with the same options is the same video, so that a command that was
repeated makes and publishes nothing twice; a failed video goes on where it stopped. Give --id for a second video.`,
	more: `Columns of a CSV, by the names in its first line: ${COLUMN_NAMES.join(', ')}. Only topic is needed. A JSONL file has a request in each line, as the webhook takes it. Each line is checked before anything is asked for.`,
	exits: '0 taken in (with --wait: all published), 1 something failed or was flagged, 2 wrong usage or list, 3 ended by Ctrl-C; n8n goes on with what it has taken in.',
	run: generate,
};

/** A request and what became of it. */
interface Ordered {
	request: VideoRequest;
	answer?: VideoStatus;
	problem?: unknown;
	job?: Job;
}

async function generate(given: Given, terminal: Terminal): Promise<number> {
	const requests = await requestsOf(given, terminal);
	const url = n8nUrlOf(given);
	warnOpenly(url, terminal);
	const client = new YtempireClient({ url, webhookAuth: await webhookAuthOf(given, terminal) });
	const place = await placeOf(given, terminal);
	const orders: Ordered[] = requests.map((request) => ({ request }));
	try {
		await order(client, orders, terminal);
		const ids = orders.flatMap(({ answer }) => (answer ? [answer.videoId] : []));
		if (given.flag('wait') && ids.length > 0) {
			const { followVideos } = await import('../core/client/follow');
			const jobs = await withStore(place, async (store) =>
				await followVideos(store, ids, {
					signal: terminal.signal,
					onStage: ({ video_id: id }, { stage, status, progress, note, seconds: took, cost_usd: cost }) => {
						const state = status === 'running' ? [`${Math.round(progress * 100)} %`, note] : [seconds(took), cost > 0 ? money(cost) : ''];
						terminal.say(inLine(id, MARKS[status], stage, ...state));
					},
					onOver: (job) => terminal.say(endOf(job)),
				}),
			);
			for (const one of orders) one.job = jobs.find(({ video_id: id }) => id === one.request.video_id);
		}
	} catch (error) {
		const isInterrupted = isYtempireError(error) && error.errorClass === 'cancelled';
		if (!isInterrupted) sayError(terminal, error);
		terminal.say(`${isInterrupted ? 'Ended' : 'It can’t be followed'}. n8n goes on with what it has taken in; the same command again asks how it stands.`);
		report(orders, given.flag('json'), terminal);
		return isInterrupted ? EXIT.interrupted : EXIT.failed;
	}
	return report(orders, given.flag('json'), terminal);
}

const MARKS = { running: '…', done: '✔', failed: '✘' } as const;

function endOf({ video_id: id, status, cost_usd: cost, failure, results }: Job): string {
	const { youtube_url: link = '' } = (results.upload ?? {}) as { youtube_url?: string };
	return inLine(id, status, link, money(cost), failure && `${failure.reason} ${failure.cure}`);
}

/** One after another: each is a webhook call that n8n answers at once. What would end the next one as well ends the row. */
async function order(client: YtempireClient, orders: Ordered[], terminal: Terminal): Promise<void> {
	for (const one of orders) {
		try {
			const { body } = await client.triggerWorkflow('video_generation', one.request, { signal: terminal.signal });
			one.answer = read(videoStatusSchema, body);
			terminal.say(inLine(one.answer.videoId, WORDS[one.answer.disposition], one.request.topic));
		} catch (error) {
			if (isYtempireError(error) && error.errorClass === 'cancelled') throw error;
			one.problem = error;
			terminal.say(plain(`${one.request.video_id} was not taken in:`));
			sayError(terminal, error);
			if (!isOnlyThis(error)) return;
		}
	}
}

/** Its own fields, or its customer's plan: the next one may be taken in. */
function isOnlyThis(error: unknown): boolean {
	return isYtempireError(error) && (error.reason === 'fields' || error.httpStatus === 402);
}

const WORDS: Record<VideoStatus['disposition'], string> = {
	created: 'taken in',
	resumed: 'goes on',
	waiting: 'waits for its turn',
	existing: 'is there already',
};

function report(orders: Ordered[], asJson: boolean, terminal: Terminal): number {
	const videos = orders.map(({ request, answer, problem, job }) => ({
		video_id: request.video_id,
		status: job?.status ?? answer?.status ?? null,
		disposition: answer?.disposition ?? null,
		execution_id: answer?.executionId ?? null,
		cost_usd: job?.cost_usd ?? answer?.costUsd ?? 0,
		youtube_url: job ? ((job.results.upload as { youtube_url?: string } | undefined)?.youtube_url ?? null) : (answer?.youtubeUrl ?? null),
		failure: job ? job.failure : (answer?.failure ?? null),
		problem: problem instanceof Error ? { message: plain(problem.message), cure: (isYtempireError(problem) && problem.cure) || null } : null,
	}));
	const taken = videos.filter(({ disposition }) => disposition !== null).length;
	if (asJson) printJson(terminal, { taken_in: taken, total: videos.length, videos });
	else if (videos.length > 1) terminal.say(`${taken} of ${videos.length} videos are taken in.`);
	const isGood = taken === videos.length && videos.every(({ status }) => status !== 'failed' && status !== 'flagged');
	return isGood ? EXIT.done : EXIT.failed;
}

async function requestsOf(given: Given, { signal }: Terminal): Promise<VideoRequest[]> {
	const file = given.text('file');
	const [topic, ...more] = given.rest;
	if (file !== undefined) {
		const alone = ['id', 'style', 'duration', 'format', 'language', 'privacy', 'channel', 'notify', 'publish-at'].find((name) => given.text(name) !== undefined);
		if (topic !== undefined || alone !== undefined) throw new UsageError(`A list says all by itself: leave out ${alone ? `--${alone}` : 'the topic'}.`);
		const kind = given.flag('jsonl') || /\.(jsonl|ndjson)$/i.test(file) ? 'jsonl' : 'csv';
		return await readVideoList({ from: file === '-' ? process.stdin : file, kind }, signal);
	}
	if (topic === undefined || more.length > 0) throw new UsageError('Give one topic, in quotes, or a list with --file. `ytempire generate --help` tells more.');
	const options = leftIn({ language: given.text('language'), privacy: given.text('privacy'), format: given.text('format') });
	const { request, issues } = checked(
		leftIn({
			video_id: given.text('id'),
			topic,
			style: given.text('style'),
			duration: given.whole('duration', 15, 1800),
			channel_id: given.text('channel'),
			notify_email: given.text('notify'),
			publish_at: given.text('publish-at'),
			options: Object.keys(options).length > 0 ? options : undefined,
		}),
	);
	if (request) return [request];
	throw invalidRequest('The video can’t be asked for like this', { cure: 'Correct what is named.', reason: 'video-request', issues });
}

function leftIn(object: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
