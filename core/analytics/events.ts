/** The product's own events. */
import type { VideoSummary } from '../jobs/summary';

import type { AnalyticsEvent } from './mixpanel';

/** Stands for videos that name no channel. */
const NO_CHANNEL = 'ytempire-no-channel';

export function videoGenerated(video: VideoSummary): AnalyticsEvent {
	return {
		name: 'Video Generated',
		distinctId: video.channel_id || NO_CHANNEL,
		time: Date.parse(video.at),
		key: `video-generated:${video.video_id}`,
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
