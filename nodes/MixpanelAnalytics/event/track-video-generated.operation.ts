/** Event: Track Video Generated: once per video, however often it runs. */
import { videoGenerated } from '../../../core/analytics/events';
import { freeCall } from '../../../core/documents';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { detailsField, videoSummaryOf } from '../../shared/video';

import { sendEvent } from './send';

export const trackVideoGeneratedOperation: Operation = {
	name: 'Track Video Generated',
	value: 'trackVideoGenerated',
	action: 'Track that a video was generated',
	description: 'Count a video with its channel, cost, duration, quality and style',
	properties: [videoIdField, detailsField],
	async execute(context, itemIndex) {
		const tracked = videoGenerated(await videoSummaryOf(context, itemIndex));
		const { result, kept } = await runStageOf(context, itemIndex, {
			stage: 'event videoGenerated',
			beside: true,
			input: { key: tracked.key },
			work: async ({ signal, recordCost }) => {
				const sent = await sendEvent(context, itemIndex, tracked, signal);
				await recordCost(freeCall('mixpanel', { events: 1 }));
				return sent;
			},
		});
		return [stageItem(context, itemIndex, { event: { ...result, kept } })];
	},
};
