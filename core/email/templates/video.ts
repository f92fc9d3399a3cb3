/** The three mails about a video: completed, failed, flagged. */
import type { VideoSummary } from '../../jobs/summary';

import { renderMail, type MailContent, type RenderedMail } from './layout';

export const VIDEO_EVENTS = ['videoCompleted', 'videoFailed', 'videoFlagged'] as const;

export type VideoEvent = (typeof VIDEO_EVENTS)[number];

export function videoMail(event: VideoEvent, video: VideoSummary): RenderedMail {
	return renderMail(CONTENT[event](video));
}

const FOOTER = 'Sent by YTEMPIRE in your n8n.';

const CONTENT: Record<VideoEvent, (video: VideoSummary) => MailContent> = {
	videoCompleted: (video) => ({
		subject: `Video ready: ${video.title}`,
		preview: `${minutes(video.duration_s)}, quality ${score(video)}, ${money(video.cost_usd)}`,
		accent: '#15803d',
		heading: video.title,
		paragraphs: ['Your video is made and uploaded.'],
		facts: [...facts(video), { label: 'Link', value: video.link || 'none' }],
		button: { label: 'Watch the video', url: video.link },
		footer: FOOTER,
	}),
	videoFailed: (video) => ({
		subject: `Video not made: ${video.title}`,
		preview: video.failure?.reason ?? 'A step could not be finished',
		accent: '#b91c1c',
		heading: video.title,
		paragraphs: [
			`It stopped at the step "${video.failure?.stage || 'unknown'}". What was finished is kept and is not paid for again.`,
		],
		facts: [
			{ label: 'What happened', value: video.failure?.reason ?? 'unknown' },
			{ label: 'What to do', value: video.failure?.cure ?? 'Look at the execution in n8n.' },
			{ label: 'Video ID', value: video.video_id },
			{ label: 'Cost so far', value: money(video.cost_usd) },
		],
		footer: FOOTER,
	}),
	videoFlagged: (video) => ({
		subject: `Video held back: ${video.title}`,
		preview: `Quality ${score(video)}`,
		accent: '#b45309',
		heading: video.title,
		paragraphs: [
			'The video was measured below its quality threshold and was not uploaded. A person should look at it.',
		],
		facts: [
			...facts(video),
			...video.quality_reasons.map((reason) => ({ label: 'Measured', value: reason })),
		],
		footer: FOOTER,
	}),
};

function facts(video: VideoSummary): MailContent['facts'] {
	return [
		{ label: 'Duration', value: minutes(video.duration_s) },
		{ label: 'Quality', value: score(video) },
		{ label: 'Cost', value: money(video.cost_usd) },
		{ label: 'Video ID', value: video.video_id },
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
