/** Whether the webhook lets us in: it is asked with an empty request, which the workflow rejects before anything is made. */
import { YtempireClient } from '../client';
import type { WebhookAuth } from '../client/types';
import { isYtempireError } from '../errors';

import { finding, fromError, type Finding } from './finding';

/** n8n keeps an execution of it, as of any request. */
export async function checkWebhookKey(url: string, webhookAuth: WebhookAuth | undefined, signal?: AbortSignal): Promise<Finding> {
	if (!webhookAuth) {
		return finding('webhook-key', 'warning', 'No key of the webhooks is given: whether they let you in can’t be looked at', 'Name the file that holds it: --webhook-key-file FILE, or set YTEMPIRE_WEBHOOK_KEY.');
	}
	try {
		const client = new YtempireClient({ url, webhookAuth });
		await client.triggerWorkflow('video_generation', {}, { signal, timeoutMs: 20_000 });
	} catch (error) {
		if (!isYtempireError(error) || error.reason !== 'fields') return fromError('webhook-key', error);
		return finding('webhook-key', 'ok', 'The webhook of video_generation accepts the key');
	}
	return finding('webhook-key', 'fault', 'The webhook workflow_001 took an empty request: it is not this package’s', 'Look which workflow of n8n has that webhook, and publish video_generation in its place.');
}
