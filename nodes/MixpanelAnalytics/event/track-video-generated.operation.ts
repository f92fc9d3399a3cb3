/** Event: Track Video Generated: once per video, however often it runs. */
import { videoGenerated } from '../../../core/analytics/events';
import { insertIdOf } from '../../../core/analytics/mixpanel';
import { freeCall } from '../../../core/documents';
import { runStageOf, videoIdField } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import { detailsField, videoSummaryOf } from '../../shared/video';
import type { TrackOperation } from '../batch';

export const trackVideoGeneratedOperation: TrackOperation = {
	name: 'Track Video Generated',
	value: 'trackVideoGenerated',
	action: 'Track that a video was generated',
	description: 'Count a video with its channel, cost, duration, quality and style',
	properties: [videoIdField, detailsField],
	async read(context, itemIndex) {
		const video = await videoSummaryOf(context, itemIndex);
		return { event: videoGenerated(video), once: video.video_id !== '' };
	},
	async keep(context, itemIndex, { event }, { error, kept }) {
		if (!textParameter(context, 'videoId', itemIndex)) return;
		await runStageOf(context, itemIndex, {
			stage: 'event videoGenerated',
			beside: true,
			input: { key: event.key },
			work: async ({ recordCost }) => {
				if (error) throw error;
				if (!kept) await recordCost(freeCall('mixpanel', { events: 1 }));
				return { name: event.name, distinct_id: event.distinctId, insert_id: insertIdOf(event.key) };
			},
		});
	},
};
