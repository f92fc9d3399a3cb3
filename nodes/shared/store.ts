/** The store that a node's credential names, or the one in n8n's own folder. */
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { IExecuteFunctions, INodeCredentialDescription } from 'n8n-workflow';

import { sharedStore, type Store } from '../../core/store/store';

/** Optional: without it the store is a file in n8n's folder, with no set-up. */
export const storeCredential: INodeCredentialDescription = {
	name: 'ytempireStoreApi',
	required: false,
	displayName: 'YTEMPIRE Store',
};

export async function storeOf(context: IExecuteFunctions): Promise<Store> {
	const chosen = context.getNode().credentials?.[storeCredential.name] !== undefined;
	const credential = chosen ? await context.getCredentials(storeCredential.name) : {};
	const file = typeof credential.databaseFile === 'string' ? credential.databaseFile.trim() : '';
	return await sharedStore(file || defaultFile());
}

function defaultFile(): string {
	return join(process.env.N8N_USER_FOLDER ?? homedir(), '.n8n', 'ytempire', 'ytempire.sqlite');
}

/** Who works on a job: this instance and this execution. */
export function holderOf(context: IExecuteFunctions): string {
	return `${context.getInstanceId()}:${context.getExecutionId()}`;
}
