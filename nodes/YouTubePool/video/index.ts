/** What can be done with a video on YouTube. */
import type { Resource } from '../../shared/operation';

import { addCaptionsOperation } from './addCaptions.operation';
import { getStatusOperation } from './getStatus.operation';
import { setThumbnailOperation } from './setThumbnail.operation';
import { updateMetadataOperation } from './updateMetadata.operation';
import { uploadVideoOperation } from './upload.operation';

export const video: Resource = {
	name: 'Video',
	value: 'video',
	operations: [
		uploadVideoOperation,
		updateMetadataOperation,
		setThumbnailOperation,
		addCaptionsOperation,
		getStatusOperation,
	],
};
