/** Email: Video Completed, Video Failed, Video Flagged: one mail per job, event and person. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { freeCall } from '../../../core/documents';
import { sendMailOnce } from '../../../core/email/once';
import { sendMail } from '../../../core/email/sendgrid';
import { videoMail, videoTemplateData, type VideoEvent } from '../../../core/email/templates/video';
import type { VideoSummary } from '../../../core/jobs/summary';
import { executionLink } from '../../shared/execution';
import type { Operation } from '../../shared/operation';
import { runStageOf, stageItem, videoIdField } from '../../shared/stage';
import { storeOf } from '../../shared/store';
import { textParameter } from '../../shared/text';
import { detailsField, videoSummaryOf } from '../../shared/video';

import { optionsField, readConnection, readMail, toField } from './fields';

type Words = Pick<Operation, 'name' | 'action' | 'description'> & { value: VideoEvent };

export function videoMailOperation(words: Words): Operation {
	const event = words.value;
	return {
		...words,
		properties: [videoIdField, toField, detailsField, optionsField],
		async execute(context, itemIndex) {
			const video = withLink(context, event, await videoSummaryOf(context, itemIndex));
			const options = readMail(context, itemIndex, {
				mail: videoMail(event, video),
				category: event,
				templateData: videoTemplateData(event, video),
			});
			const connection = await readConnection(context, itemIndex);
			const videoId = textParameter(context, 'videoId', itemIndex);
			if (options.sandboxMode || !videoId) {
				const sent = await sendMail(connection, options);
				return [stageItem(context, itemIndex, { email: { ...sent, event, kept: false } })];
			}
			const occasion = occasionOf(event, video);
			const { result, kept } = await runStageOf(context, itemIndex, {
				stage: `mail ${event}`,
				beside: true,
				input: { to: options.recipients, occasion },
				work: async ({ signal, recordCost }) => {
					const store = await storeOf(context);
					const sent = await sendMailOnce({ store, videoId, occasion }, connection, { ...options, signal });
					if (!sent.kept) await recordCost(freeCall('sendgrid', { mails: sent.to.length }));
					return sent;
				},
			});
			return [stageItem(context, itemIndex, { email: { ...result, event, kept: kept || result.kept } })];
		},
	};
}

/** A video that is nowhere to be watched is looked at in the execution that made it. */
function withLink(context: IExecuteFunctions, event: VideoEvent, video: VideoSummary): VideoSummary {
	return event === 'videoCompleted' || video.link ? video : { ...video, link: executionLink(context) };
}

/** A video is completed once; it may fail or be flagged anew each time it is made again. */
function occasionOf(event: VideoEvent, { attempt }: VideoSummary): string {
	return event === 'videoCompleted' ? event : `${event} ${attempt}`;
}
