/** What mails and events tell of a video: the few facts that people ask for. */
import type { QualityResult, ScriptResult, UploadResult, VideoResult } from '../documents';

import type { Job, JobFailure } from './job';

export interface VideoSummary {
	video_id: string;
	title: string;
	topic: string;
	style: string;
	channel_id: string;
	/** Seconds, measured; what was asked for until there is a video. */
	duration_s: number;
	/** 0 to 1; null until measured. */
	quality_score: number | null;
	quality_threshold: number | null;
	quality_reasons: string[];
	cost_usd: number;
	/** Where to watch it, or else what a mail leads to in its place; empty until published. */
	link: string;
	failure: JobFailure | null;
	/** How many executions have worked on it. */
	attempt: number;
	/** ISO 8601: when it was published, else when it was asked for; the same at every look. */
	at: string;
}

export function summaryOf(job: Job): VideoSummary {
	const script = job.results.script as ScriptResult | undefined;
	const video = job.results.video as VideoResult | undefined;
	const quality = job.results.quality as QualityResult | undefined;
	const upload = job.results.upload as UploadResult | undefined;
	return {
		video_id: job.video_id,
		title: script?.script.title ?? job.request.topic,
		topic: job.request.topic,
		style: job.request.style,
		channel_id: upload?.channel_id ?? job.request.channel_id ?? '',
		duration_s: video?.duration_s ?? job.request.duration,
		quality_score: quality?.score ?? null,
		quality_threshold: quality?.threshold ?? null,
		quality_reasons: quality?.reasons ?? [],
		cost_usd: job.cost_usd,
		link: upload?.youtube_url ?? '',
		failure: job.failure,
		attempt: job.attempt,
		at: upload?.published_at ?? job.created_at,
	};
}
