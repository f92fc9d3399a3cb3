/** Video: Get Status: who sees it, how its processing stands, how often it was watched. */
import { videoStatus } from '../../../core/youtube/status';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';

import { poolDepsOf, readVideo, videoFields } from './video-fields';

export const getStatusOperation: Operation = {
	name: 'Get Status',
	value: 'getStatus',
	action: 'Get the status of a video',
	description:
		'Get privacy, processing, reasons of a failure with their cure, and statistics; adds youtube_status to the item',
	properties: videoFields,
	async execute(context, itemIndex) {
		const deps = await poolDepsOf(context, itemIndex);
		const status = await videoStatus(readVideo(context, itemIndex), deps);
		return [stageItem(context, itemIndex, { youtube_status: status })];
	},
};
