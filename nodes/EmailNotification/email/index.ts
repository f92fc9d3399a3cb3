/** What mails can be sent. */
import type { Resource } from '../../shared/operation';

import { sendOperation } from './send.operation';
import { videoMailOperation } from './video.operation';

export const email: Resource = {
	name: 'Email',
	value: 'email',
	operations: [
		sendOperation,
		videoMailOperation({
			name: 'Video Completed',
			value: 'videoCompleted',
			action: 'Send that a video is completed',
			description: 'Tell that a video is made and uploaded: title, duration, quality, cost, link',
		}),
		videoMailOperation({
			name: 'Video Failed',
			value: 'videoFailed',
			action: 'Send that a video failed',
			description: 'Tell where a video stopped, why, and what to do',
		}),
		videoMailOperation({
			name: 'Video Flagged',
			value: 'videoFlagged',
			action: 'Send that a video is flagged',
			description: 'Tell that a video was measured below its quality threshold and held back',
		}),
	],
};
