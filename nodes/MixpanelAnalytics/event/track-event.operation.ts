/** Event: Track Event: any event of the user's own. */
import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import type { Operation } from '../../shared/operation';
import { stageItem } from '../../shared/stage';
import { textParameter } from '../../shared/text';

import { sendEvent } from './send';

export const trackEventOperation: Operation = {
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
					description: 'Events with the same name, key and time are counted once. Random when empty.',
				},
				{
					displayName: 'Time',
					name: 'time',
					type: 'dateTime',
					default: '',
					description: 'When it happened. Now when empty.',
				},
			],
		},
	],
	async execute(context, itemIndex) {
		const { key, time } = context.getNodeParameter('options', itemIndex) as {
			key?: string;
			time?: string;
		};
		const name = textParameter(context, 'eventName', itemIndex);
		const sent = await sendEvent(
			context,
			itemIndex,
			{
				name,
				distinctId: textParameter(context, 'distinctId', itemIndex),
				time: readTime(time),
				key: `${name}:${key || randomUUID()}`,
				properties: readProperties(context.getNodeParameter('properties', itemIndex)),
			},
			context.getExecutionCancelSignal(),
		);
		return [stageItem(context, itemIndex, { event: sent })];
	},
};

function readTime(time: string | undefined): number {
	const at = time ? Date.parse(time) : Date.now();
	if (Number.isNaN(at)) throw invalidRequest('Time is not a date', { cure: 'Give a date such as 2026-11-22T12:00:00Z.' });
	return at;
}

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
