/** The three mails about a video: completed, failed, flagged. */
import type { VideoSummary } from '../../jobs/summary';
import { webLink } from '../html';

import { oneLine, renderMail, type MailContent, type RenderedMail } from './layout';

export const VIDEO_EVENTS = ['videoCompleted', 'videoFailed', 'videoFlagged'] as const;

export type VideoEvent = (typeof VIDEO_EVENTS)[number];

export function videoMail(event: VideoEvent, video: VideoSummary): RenderedMail {
	return renderMail(CONTENT[event](video));
}

/** What a template of the account's own may show; all of it clean text, and links only http or https. */
export function videoTemplateData(event: VideoEvent, video: VideoSummary): Record<string, unknown> {
	return {
		event,
		subject: videoMail(event, video).subject,
		video_id: video.video_id,
		title: oneLine(video.title),
		duration: minutes(video.duration_s),
		duration_s: video.duration_s,
		quality: score(video),
		quality_score: video.quality_score,
		quality_threshold: video.quality_threshold,
		quality_reasons: video.quality_reasons.map((reason) => oneLine(reason)),
		cost: money(video.cost_usd),
		cost_usd: video.cost_usd,
		link: webLink(video.link) ?? '',
		stage: oneLine(video.failure?.stage ?? ''),
		reason: oneLine(video.failure?.reason ?? ''),
		cure: oneLine(video.failure?.cure ?? ''),
	};
}

const FOOTER = 'Sent by YTEMPIRE in your n8n.';

const CONTENT: Record<VideoEvent, (video: VideoSummary) => MailContent> = {
	videoCompleted: (video) => ({
		subject: `Video ready: ${video.title}`,
		preview: `${minutes(video.duration_s)}, quality ${score(video)}, ${money(video.cost_usd)}`,
		badge: { label: 'Video ready', tone: 'good' },
		heading: video.title,
		paragraphs: ['Your video is made and uploaded.'],
		figures: figures(video),
		facts: [{ label: 'Video ID', value: video.video_id || 'none' }],
		button: { label: 'Watch the video', url: video.link },
		footer: FOOTER,
	}),
	videoFailed: (video) => ({
		subject: `Video not made: ${video.title}`,
		preview: video.failure?.reason ?? 'A step could not be finished',
		badge: { label: 'Video not made', tone: 'bad' },
		heading: video.title,
		paragraphs: [
			`It stopped at the step "${video.failure?.stage || 'unknown'}". What was finished is kept and is not paid for again.`,
		],
		figures: [],
		facts: [
			{ label: 'What happened', value: video.failure?.reason ?? 'unknown' },
			{ label: 'What to do', value: video.failure?.cure ?? 'Look at the execution in n8n.' },
			{ label: 'Cost so far', value: money(video.cost_usd) },
			{ label: 'Video ID', value: video.video_id || 'none' },
		],
		button: { label: 'Look at it', url: video.link },
		footer: FOOTER,
	}),
	videoFlagged: (video) => ({
		subject: `Video held back: ${video.title}`,
		preview: `Quality ${score(video)}`,
		badge: { label: 'Video held back', tone: 'warning' },
		heading: video.title,
		paragraphs: [
			'The video was measured below its quality threshold and was not uploaded. A person should look at it.',
		],
		figures: figures(video),
		facts: [
			...video.quality_reasons.map((reason) => ({ label: 'Measured', value: reason })),
			{ label: 'Video ID', value: video.video_id || 'none' },
		],
		button: { label: 'Look at it', url: video.link },
		footer: FOOTER,
	}),
};

function figures(video: VideoSummary): MailContent['figures'] {
	const { quality_score: measured, quality_threshold: threshold } = video;
	return [
		{ label: 'Duration', value: minutes(video.duration_s) },
		{
			label: 'Quality',
			value: measured === null ? 'none' : `${measured.toFixed(2)} of 1`,
			note: measured === null ? 'not measured' : threshold === null ? '' : `at least ${threshold.toFixed(2)}`,
		},
		{ label: 'Cost', value: money(video.cost_usd) },
	];
}

function minutes(seconds: number): string {
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

function score({ quality_score: measured, quality_threshold: threshold }: VideoSummary): string {
	if (measured === null) return 'not measured';
	const least = threshold === null ? '' : ` (at least ${threshold.toFixed(2)})`;
	return `${measured.toFixed(2)} of 1${least}`;
}

function money(usd: number): string {
	return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}
