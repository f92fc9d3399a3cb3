/** Event: Track Event: any event of the user's own; one of a video counts once for it. */
import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import { videoIdField } from '../../shared/stage';
import { textParameter } from '../../shared/text';
import type { TrackOperation } from '../batch';

import { readTime, timeField } from './fields';

export const trackEventOperation: TrackOperation = {
	name: 'Track Event',
	value: 'trackEvent',
	action: 'Track an event',
	description: 'Count an event of your own',
	properties: [
		{
			displayName: 'Event Name',
			name: 'eventName',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Channel Connected',
		},
		{
			displayName: 'Distinct ID',
			name: 'distinctId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. a channel ID',
			description: 'Whom the event is about',
		},
		{
			...videoIdField,
			description:
				'The video that the event belongs to: it is counted once for this video, name and distinct ID, however often it runs. Leave empty for an event that happens again and again.',
		},
		{
			displayName: 'Properties',
			name: 'properties',
			type: 'json',
			default: '{}',
			description: 'A JSON object',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				{
					displayName: 'Deduplication Key',
					name: 'key',
					type: 'string',
					default: '',
					description:
						'In place of the video: events with the same name, distinct ID and key are counted once, however often it runs',
				},
				timeField,
			],
		},
	],
	async read(context, itemIndex) {
		const { key, time } = context.getNodeParameter('options', itemIndex) as {
			key?: string;
			time?: string;
		};
		const name = textParameter(context, 'eventName', itemIndex);
		const videoId = textParameter(context, 'videoId', itemIndex);
		const distinctId = textParameter(context, 'distinctId', itemIndex);
		const properties = readProperties(context.getNodeParameter('properties', itemIndex));
		return {
			event: {
				name,
				distinctId,
				time: readTime(time),
				key: JSON.stringify([name, distinctId, key || (videoId ? ['video', videoId] : randomUUID())]),
				properties: { ...(videoId ? { video_id: videoId } : {}), ...properties },
			},
			once: Boolean(key || videoId),
		};
	},
};

function readProperties(given: unknown): IDataObject {
	let value = given;
	if (typeof given === 'string') {
		try {
			value = JSON.parse(given || '{}');
		} catch {
			value = undefined;
		}
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw invalidRequest('Properties is not a JSON object', { cure: 'Give an object such as {"plan": "growth"}.' });
	}
	return value as IDataObject;
}
