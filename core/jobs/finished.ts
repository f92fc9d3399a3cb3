/** A video that is made, for what is done with it on demand: a check, an upload. */
import type { QualityResult, ScriptResult, SpeechResult, UploadResult, VideoResult } from '../documents';
import { invalidRequest, type YtempireError } from '../errors';
import type { Store } from '../store/store';
import { z } from '../vendor/zod';

import { heldByAnother } from './lease';
import { getJob, type Job } from './job';
import { unjudgedVideo } from './list';
import { issuesOf, videoIdSchema } from './request';
import { unknownJob } from './update';

export const PURPOSES = ['check', 'upload'] as const;

export type Purpose = (typeof PURPOSES)[number];

const checkSchema = z.strictObject({
	video_id: videoIdSchema,
	threshold: z.number('a number from 0 to 1').min(0, 'at least 0').max(1, 'at most 1').optional(),
});

const uploadSchema = z.strictObject({
	video_id: videoIdSchema,
	channel_id: z.string('text').trim().max(64, 'at most 64 characters').optional(),
	privacy: z.enum(['private', 'unlisted', 'public'], 'one of private, unlisted, public').optional(),
	force: z.boolean('true or false').default(false),
});

export interface FinishedVideo {
	job: Job;
	video: VideoResult;
	script?: ScriptResult;
	voice?: SpeechResult;
	quality?: QualityResult;
	/** What YouTube has of it already. */
	upload?: UploadResult;
	/** Score from which a check passes it. */
	threshold: number;
	/** What the request says of the upload, else what the video was asked for with. */
	channelId: string;
	privacy: string;
	/** When it is to become public; left out when the request says of itself who may see the video. */
	publishAt?: string;
}

/**
 * @param body `{video_id, threshold?}` for a check, `{video_id, channel_id?, privacy?, force?}` for an upload
 * @throws YtempireError `invalid-request` with the issues of the body, or with the reason `job-unknown`, `not-finished`,
 * `job-held` (being made), `not-judged` or `quality-low` (an upload needs `force` then)
 */
export async function finishedVideo(store: Store, purpose: Purpose, body: unknown): Promise<FinishedVideo> {
	const asked = readBody(purpose, body);
	const job = await getJob(store, asked.video_id);
	if (!job) throw unknownJob(asked.video_id);
	const results = job.results as Partial<{ script: ScriptResult; voice: SpeechResult; video: VideoResult; quality: QualityResult; upload: UploadResult }>;
	const { script, voice, video, quality, upload } = results;
	if (!video) throw notFinished(job);
	if (purpose === 'upload' && job.status !== 'published') {
		await mustBeFree(store, job.video_id);
		if (!asked.force) mustBeGood(job.video_id, (await isJudged(store, job.video_id)) ? quality : undefined);
	}
	const { options, channel_id: channelId = '', publish_at: publishAt } = job.request;
	return {
		job,
		video,
		script,
		voice,
		quality,
		upload,
		threshold: asked.threshold ?? options.quality_threshold,
		channelId: asked.channel_id ?? channelId,
		privacy: asked.privacy ?? options.privacy,
		...(asked.privacy === undefined && publishAt !== undefined ? { publishAt } : {}),
	};
}

interface Asked {
	video_id: string;
	threshold?: number;
	channel_id?: string;
	privacy?: string;
	force?: boolean;
}

function readBody(purpose: Purpose, body: unknown): Asked {
	const parsed = (purpose === 'check' ? checkSchema : uploadSchema).safeParse(body);
	if (parsed.success) return parsed.data;
	throw invalidRequest('The request is not valid', {
		cure: 'Correct the named fields and send it again.',
		reason: 'invalid-request',
		issues: issuesOf(parsed.error),
	});
}

function notFinished({ video_id: videoId, status, stage }: Job): YtempireError {
	const at = stage ? ` at ${stage}` : '';
	return invalidRequest(`Video ${videoId} is not finished: it is ${status}${at}`, {
		cure:
			status === 'failed'
				? 'Send its request to workflow_001 again: it goes on from the finished steps.'
				: 'Wait until it is rendered, then ask again.',
		reason: 'not-finished',
	});
}

async function mustBeFree(store: Store, videoId: string): Promise<void> {
	const row = await store.db.selectFrom('jobs').select(['holder', 'lease_until']).where('video_id', '=', videoId).executeTakeFirst();
	if (row && row.holder !== '' && row.lease_until > store.clock.now()) throw heldByAnother(videoId, row.holder);
}

/** A judgement of an earlier rendering says nothing of this one. */
async function isJudged(store: Store, videoId: string): Promise<boolean> {
	const unjudged = await store.db
		.selectFrom('jobs')
		.select('video_id')
		.where('video_id', '=', videoId)
		.where((eb) => eb.exists(unjudgedVideo(eb)))
		.executeTakeFirst();
	return unjudged === undefined;
}

function mustBeGood(videoId: string, quality: QualityResult | undefined): void {
	const cure = 'Send "force": true when a person has looked at it and wants it published.';
	if (!quality) throw invalidRequest(`The quality of video ${videoId} has not been judged`, { cure, reason: 'not-judged' });
	if (quality.passed) return;
	const { score, threshold, reasons } = quality;
	const why = [`scored ${score.toFixed(2)}, at least ${threshold.toFixed(2)} is asked for`, ...reasons].join('; ');
	throw invalidRequest(`Video ${videoId} was held back: ${why}`, { cure, reason: 'quality-low' });
}
