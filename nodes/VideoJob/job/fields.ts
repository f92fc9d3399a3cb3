/** Fields that several job operations share, and how their values are read. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';
import { validateRequest, type VideoRequest } from '../../../core/jobs/request';
import { textParameter } from '../../shared/text';

export const requestField: INodeProperties = {
	displayName: 'Request',
	name: 'request',
	type: 'json',
	required: true,
	default: '={{ $json }}',
	description:
		'What to make: video_id, topic, style, duration (seconds), channel_id, customer_id, notify_email, publish_at and options; or a list of these',
};

export const atOnceField: INodeProperties = {
	displayName: 'Videos at Once',
	name: 'atOnce',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description: 'How many videos are made at the same time, over all executions and workers; the others wait for their turn. 0 for no limit.',
};

export const videoIdField: INodeProperties = {
	displayName: 'Video ID',
	name: 'videoId',
	type: 'string',
	required: true,
	default: '={{ $json.video_id }}',
	placeholder: 'e.g. volcanoes-001',
	description: 'The ID that the request gave',
};

export function readVideoId(context: IExecuteFunctions, itemIndex: number): string {
	const videoId = textParameter(context, 'videoId', itemIndex);
	if (!videoId) {
		throw invalidRequest('The Video ID is empty', {
			cure: 'Fill in Video ID, e.g. with an expression that reads it from the item.',
		});
	}
	return videoId;
}

/** @throws YtempireError `invalid-request` with one issue per field that isn't right */
export function readRequest(body: unknown): VideoRequest {
	const validation = validateRequest(body);
	if (validation.valid) return validation.request;
	throw invalidRequest('The request is not valid', {
		cure: 'Correct the named fields and send it again.',
		reason: 'invalid-request',
		issues: validation.issues,
	});
}

/** @throws YtempireError `invalid-request` when it is a text and not JSON */
export function readJson(context: IExecuteFunctions, name: string, itemIndex: number): unknown {
	const given = context.getNodeParameter(name, itemIndex);
	return typeof given === 'string' ? parseJson(given) : given;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw invalidRequest('The request is not JSON', {
			cure: 'Send a JSON object with at least video_id and topic.',
			reason: 'invalid-json',
			issues: [{ field: 'body', reason: 'not JSON' }],
		});
	}
}
