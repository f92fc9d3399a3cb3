/** From the node's credential to the pool, and the credential's Test button. */
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	INodeCredentialDescription,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { isYtempireError } from '../../core/errors';
import { poolFromCredential, type YouTubePool } from '../../core/pool/accounts';
import { redact } from '../../core/redact';
import { checkConnections } from '../../core/youtube/check-pool';

export const poolCredential: INodeCredentialDescription = {
	name: 'ytempireYouTubePoolApi',
	required: true,
	displayName: 'YouTube Pool',
	testedBy: 'testPool',
};

export async function poolOf(context: IExecuteFunctions, itemIndex: number): Promise<YouTubePool> {
	return poolFromCredential(await context.getCredentials(poolCredential.name, itemIndex));
}

/** Signs every account in; costs no quota. */
export async function testPool(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		const states = await checkConnections(poolFromCredential(credential.data));
		const failed = states.filter(({ problem }) => problem !== '');
		if (failed.length === 0) {
			return { status: 'OK', message: `All ${states.length} accounts can sign in` };
		}
		const list = failed.map(({ account_id: id, problem }) => `${id}: ${problem}`).join('; ');
		return {
			status: 'Error',
			message: redact(`${failed.length} of ${states.length} accounts can't sign in. ${list}`),
		};
	} catch (error) {
		const issues = isYtempireError(error) ? error.issues : [];
		const list = issues.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
		const message = error instanceof Error ? error.message : String(error);
		return { status: 'Error', message: redact([message, list].filter(Boolean).join('. ')) };
	}
}
