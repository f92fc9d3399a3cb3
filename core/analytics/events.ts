/** The product's own events. */
import { randomUUID } from 'node:crypto';

import type { VideoSummary } from '../jobs/summary';

import type { AnalyticsEvent } from './mixpanel';

/** Stands for videos that name no channel. */
const NO_CHANNEL = 'ytempire-no-channel';

export function videoGenerated(video: VideoSummary): AnalyticsEvent {
	return {
		name: 'Video Generated',
		distinctId: video.channel_id || NO_CHANNEL,
		time: Date.parse(video.at),
		// what has no ID can't be known again
		key: `video-generated:${video.video_id || randomUUID()}`,
		properties: {
			video_id: video.video_id,
			channel_id: video.channel_id,
			cost_usd: video.cost_usd,
			duration_s: video.duration_s,
			quality_score: video.quality_score,
			style: video.style,
		},
	};
}

export interface Revenue {
	video_id: string;
	/** Whose totals it is added to. */
	channel_id: string;
	/** US dollars; below 0 takes back what was counted before. */
	revenue_usd: number;
	/** What it was earned in or for, e.g. `2026-11`: of one video and period, revenue is counted once. */
	period: string;
	/** Milliseconds since 1970. */
	time: number;
}

export function revenueEarned({ video_id, channel_id, revenue_usd, period, time }: Revenue): AnalyticsEvent {
	return {
		name: 'Revenue',
		distinctId: channel_id,
		time,
		key: `revenue:${JSON.stringify([video_id, period])}`,
		properties: { video_id, channel_id, revenue_usd, currency: 'USD', period },
	};
}
