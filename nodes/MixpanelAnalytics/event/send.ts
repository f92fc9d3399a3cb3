/** One event to the project that the credential names; a rejected one is an error. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { insertIdOf, track, type AnalyticsEvent } from '../../../core/analytics/mixpanel';
import { invalidRequest } from '../../../core/errors';

export interface TrackedEvent {
	name: string;
	distinct_id: string;
	insert_id: string;
}

export async function sendEvent(
	context: IExecuteFunctions,
	itemIndex: number,
	event: AnalyticsEvent,
	signal?: AbortSignal,
): Promise<TrackedEvent> {
	const credential = await context.getCredentials('ytempireMixpanelApi', itemIndex);
	const connection = {
		projectId: String(credential.projectId),
		username: String(credential.username),
		secret: String(credential.secret),
		baseUrl: String(credential.baseUrl ?? ''),
	};
	const { rejected } = await track(connection, [event], signal);
	if (rejected.length > 0) {
		throw invalidRequest(`Mixpanel rejected the event "${event.name}"`, {
			cure: 'Correct the named property and run it again.',
			provider: 'mixpanel',
			reason: 'event-rejected',
			issues: rejected.map(({ field, reason }) => ({ field, reason })),
		});
	}
	return { name: event.name, distinct_id: event.distinctId, insert_id: insertIdOf(event.key) };
}
