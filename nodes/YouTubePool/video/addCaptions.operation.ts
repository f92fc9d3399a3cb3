/** Video: Add Captions: a track of SRT or WebVTT; one that is there gets the new text. */
import { addCaptions } from '../../../core/youtube/captions';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';

import { captionFields, captionsOf, type CaptionChoice } from './caption-fields';
import { againField, isAgain, poolDepsOf, readVideo, videoFields } from './video-fields';

export const addCaptionsOperation: Operation = {
	name: 'Add Captions',
	value: 'addCaptions',
	action: 'Add captions to a video',
	description:
		'Add a caption track, or replace the text of the one with this language and name; adds caption_track to the item. Costs 400 units of quota, up to 501 to replace, nothing when the same text was sent before.',
	properties: [...videoFields, ...captionFields, againField],
	async execute(context, itemIndex) {
		const deps = await poolDepsOf(context, itemIndex);
		const choice = Object.fromEntries(
			captionFields.map(({ name }) => [name, context.getNodeParameter(name, itemIndex, null) as unknown]),
		) as CaptionChoice;
		const track = await addCaptions(
			{
				...readVideo(context, itemIndex),
				...(await captionsOf(context, itemIndex, choice)),
				again: isAgain(context, itemIndex),
			},
			deps,
		);
		return [stageItem(context, itemIndex, { caption_track: track })];
	},
};
