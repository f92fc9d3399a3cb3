/** Looks at all that a factory needs, changes nothing, and says what is wrong with its cure. */
import { dirname, join } from 'node:path';

import { N8nApi } from '../client/n8n-api';
import { settingsOf } from '../client/settings';
import type { WebhookAuth } from '../client/types';
import { throwIfCancelled } from '../abort';
import { isYtempireError } from '../errors';
import { isSqlite, type StorePlace } from '../store/place';

import { finding, fromError, type CheckName, type Finding } from './finding';
import { checkCredentials, checkPackage, checkWorkflows } from './inside';
import { checkDisk, checkFfmpeg, checkNode } from './machine';
import { checkApiKey, checkReachable, checkVersion } from './n8n';
import { ownPackage } from './own-package';
import { checkStore } from './store';
import { checkWebhookKey } from './webhook-key';

export interface DoctorOptions {
	/** Of n8n. */
	url: string;
	apiKey?: string;
	webhookAuth?: WebhookAuth;
	place: StorePlace;
	/** Files of the workflows that should be there, e.g. `video_generation`; all that are shipped when left out. */
	workflows?: readonly string[];
	/** Gigabytes that should be free where videos are made. */
	minFreeGb: number;
	/** Folder of this package, where it isn't the one that runs. */
	root?: string;
	signal?: AbortSignal;
	/** Told as each is found. */
	onFinding?(found: Finding): void;
}

/** One finding or more for each check, in the order of CHECKS; what rests on something broken is `unknown`. */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
	const { place, signal, onFinding } = options;
	const findings: Finding[] = [];
	const add = (...found: Finding[]) => {
		throwIfCancelled(signal);
		findings.push(...found);
		for (const one of found) onFinding?.(one);
	};
	add(checkNode());
	add(await checkFfmpeg());
	const media = isSqlite(place) ? place.mediaFolder || join(dirname(place.file), 'media') : place.mediaFolder;
	if (media) add(await guarded('disk', async () => await checkDisk(media, options.minFreeGb)));
	else add(finding('disk', 'unknown', 'Where videos are made is not given', 'Name the Media Folder of the YTEMPIRE Store credential in YTEMPIRE_MEDIA_FOLDER.'));
	add(await checkStore(place));
	const { url } = settingsOf({ url: options.url });
	const reachable = await checkReachable(url, signal);
	add(reachable);
	if (reachable.level !== 'ok') {
		add(...(['n8n-version', 'api-key', 'package', 'workflows', 'credentials', 'webhook-key'] as const).map((check) => finding(check, 'unknown', 'n8n does not answer')));
		return findings;
	}
	add(await checkVersion(url, signal));
	await examineInside(options, url, add);
	add(await guarded('webhook-key', async () => await checkWebhookKey(url, options.webhookAuth, signal)));
	return findings;
}

async function examineInside(options: DoctorOptions, url: string, add: (...found: Finding[]) => void): Promise<void> {
	const { signal } = options;
	const api = new N8nApi({ url, apiKey: options.apiKey });
	const key = await checkApiKey(api, signal);
	add(key);
	if (key.level !== 'ok') {
		add(...(['package', 'workflows', 'credentials'] as const).map((check) => finding(check, 'unknown', 'n8n can’t be asked without an API key that it accepts')));
		return;
	}
	let own: ReturnType<typeof ownPackage>;
	try {
		own = ownPackage(options.root);
	} catch (error) {
		add(fromError('package', error));
		return;
	}
	add(await checkPackage(api, own, signal));
	const wanted = own.workflows.filter(({ file }) => options.workflows?.includes(file) ?? true);
	const { findings, found } = await checkWorkflows(api, wanted, signal);
	add(...findings);
	if (found.length > 0) add(...(await checkCredentials(api, found, own, signal)));
	else add(finding('credentials', 'unknown', 'There is no workflow whose nodes could be looked at'));
}

async function guarded(check: CheckName, work: () => Promise<Finding>): Promise<Finding> {
	try {
		return await work();
	} catch (error) {
		if (isYtempireError(error) && error.errorClass === 'cancelled') throw error;
		return fromError(check, error);
	}
}
