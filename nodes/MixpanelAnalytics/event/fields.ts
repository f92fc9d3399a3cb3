/** What is read for more than one kind of event. */
import type { INodeProperties } from 'n8n-workflow';

import { invalidRequest } from '../../../core/errors';

export const timeField: INodeProperties = {
	displayName: 'Time',
	name: 'time',
	type: 'dateTime',
	default: '',
	description: 'When it happened. Now when empty.',
};

/** Milliseconds since 1970. @throws YtempireError `invalid-request` */
export function readTime(time: unknown): number {
	const at = time ? Date.parse(String(time)) : Date.now();
	if (Number.isNaN(at)) throw invalidRequest('Time is not a date', { cure: 'Give a date such as 2026-11-22T12:00:00Z.' });
	return at;
}
