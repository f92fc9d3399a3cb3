/** The store that a node's credential names, or the one in n8n's own folder. */
import { homedir } from 'node:os';
import { join } from 'node:path';

import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialDescription,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { invalidRequest, isYtempireError } from '../../core/errors';
import { redact } from '../../core/redact';
import { placeName, SSL_MODES, type StorePlace } from '../../core/store/place';
import { openStore, sharedStore, type Store } from '../../core/store/store';

/** Optional: without it the store is a file in n8n's folder, with no set-up. */
export const storeCredential: INodeCredentialDescription = {
	name: 'ytempireStoreApi',
	required: false,
	displayName: 'YTEMPIRE Store',
};

export async function storeOf(context: Pick<IExecuteFunctions, 'getNode' | 'getCredentials'>): Promise<Store> {
	const chosen = context.getNode().credentials?.[storeCredential.name] !== undefined;
	const credential = chosen ? await context.getCredentials(storeCredential.name) : {};
	return await sharedStore(placeFromCredential(credential));
}

/**
 * Where the credential says that the store is; a credential of the first version has only a file.
 * @throws YtempireError `invalid-request` when PostgreSQL is chosen and something that it needs is missing
 */
export function placeFromCredential(credential: ICredentialDataDecryptedObject): StorePlace {
	const text = (name: string) => {
		const value = credential[name];
		return typeof value === 'string' ? value.trim() : '';
	};
	const mediaFolder = text('mediaFolder');
	if (credential.type !== 'postgres') {
		return { file: text('databaseFile') || defaultFile(), ...(mediaFolder ? { mediaFolder } : {}) };
	}
	const missing = ['host', 'database', 'user', 'mediaFolder'].filter((name) => !text(name));
	if (missing.length > 0) {
		throw invalidRequest('The YTEMPIRE Store credential is not complete', {
			cure: 'Open the credential and fill in the named fields. The Media Folder is one that all workers share.',
			reason: 'store-credential',
			issues: missing.map((field) => ({ field, reason: 'must be filled in' })),
		});
	}
	return {
		host: text('host'),
		port: Number(credential.port) || 5432,
		database: text('database'),
		user: text('user'),
		password: typeof credential.password === 'string' ? credential.password : '',
		ssl: SSL_MODES.find((mode) => mode === credential.ssl) ?? 'disable',
		schema: text('schema'),
		mediaFolder,
	};
}

/** What the credential's Test button does: opens the store, which makes its tables when they are not there. */
export async function testStore(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const place = placeFromCredential(credential.data ?? {});
		const store = await openStore(place);
		await store.close();
		return { status: 'OK', message: `The store at ${placeName(place)} can be read and written` };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const cure = isYtempireError(error) ? error.cure : undefined;
		return { status: 'Error', message: redact([message, cure].filter(Boolean).join('. ')) };
	}
}

function defaultFile(): string {
	return join(process.env.N8N_USER_FOLDER ?? homedir(), '.n8n', 'ytempire', 'ytempire.sqlite');
}

/** Who works on a job: this instance and this execution. */
export function holderOf(context: IExecuteFunctions): string {
	return `${context.getInstanceId()}:${context.getExecutionId()}`;
}
