/** Email: Video Completed, Video Failed, Video Flagged: one mail per job and event. */
import { freeCall } from '../../../core/documents';
import { videoMail, type VideoEvent } from '../../../core/email/templates/video';
import type { VideoSummary } from '../../../core/jobs/summary';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { detailsField, videoSummaryOf } from '../../shared/video';

import { optionsField, readRecipients, send, toField } from './fields';

type Words = Pick<Operation, 'name' | 'action' | 'description'> & { value: VideoEvent };

export function videoMailOperation(words: Words): Operation {
	return {
		...words,
		properties: [videoIdField, toField, detailsField, optionsField],
		async execute(context, itemIndex) {
			const video = await videoSummaryOf(context, itemIndex);
			const { result, kept } = await runStageOf(context, itemIndex, {
				stage: `mail ${words.value}`,
				beside: true,
				input: { to: readRecipients(context, itemIndex), occasion: occasionOf(words.value, video) },
				work: async ({ signal, recordCost }) => {
					const mail = videoMail(words.value, video);
					const sent = await send(context, itemIndex, mail, words.value, signal);
					await recordCost(freeCall('sendgrid', { mails: sent.to.length }));
					return sent;
				},
			});
			return [stageItem(context, itemIndex, { email: { ...result, event: words.value, kept } })];
		},
	};
}

/** A video is completed once; it may fail or be flagged anew each time it is made again. */
function occasionOf(event: VideoEvent, { attempt }: VideoSummary): string {
	return event === 'videoCompleted' ? event : `${event} ${attempt}`;
}
