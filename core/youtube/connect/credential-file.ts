/** The n8n credentials file that grows account by account: mode 0600, whole at every moment. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { invalidRequest } from '../../errors';
import { z } from '../../vendor/zod';
import { sweepAside, writeAside } from '../../video/ffmpeg/aside';

export const CREDENTIAL_TYPE = 'ytempireYouTubePoolApi';

/** One row of the credential's accounts, in its own words. */
export interface CredentialAccount {
	accountId: string;
	channelId: string;
	clientId: string;
	clientSecret: string;
	email: string;
	refreshToken: string;
	role: 'active' | 'reserve';
}

export interface PoolCredential {
	id: string;
	name: string;
	type: typeof CREDENTIAL_TYPE;
	/** Further fields, such as the quota rules, are kept as they are. */
	data: Record<string, unknown> & { accounts: { account: CredentialAccount[] } };
}

const credentialSchema = z.looseObject({
	id: z.string(),
	name: z.string(),
	type: z.literal(CREDENTIAL_TYPE),
	data: z.looseObject({
		accounts: z.object({
			account: z.array(
				z.looseObject({
					accountId: z.string(),
					channelId: z.string(),
					clientId: z.string(),
					clientSecret: z.string(),
					email: z.string().default(''),
					refreshToken: z.string(),
					role: z.enum(['active', 'reserve']).default('active'),
				}),
			),
		}),
	}),
});

const MODE = 0o600;

export class CredentialFile {
	private constructor(
		readonly path: string,
		readonly credential: PoolCredential,
		/** Other credentials in the same file. */
		private readonly others: unknown[],
	) {}

	/**
	 * The file as it is, or a new one that isn't written yet.
	 * @throws YtempireError `invalid-request` when something else is under the path
	 */
	static async open(path: string, name: string): Promise<CredentialFile> {
		const text = await readFile(path, 'utf8').catch((error: unknown) => {
			if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
			throw notOurs(path, 'can’t be read');
		});
		await sweepAside(dirname(path)).catch(() => undefined);
		const entries = text === undefined ? [] : parse(path, text);
		const isOurs = (entry: unknown) => typeof entry === 'object' && entry !== null && 'type' in entry && entry.type === CREDENTIAL_TYPE;
		const found = entries.find(isOurs);
		if (found === undefined) return new CredentialFile(path, newCredential(name), entries);
		const parsed = credentialSchema.safeParse(found);
		if (!parsed.success) throw notOurs(path, 'holds a YouTube Pool credential that is encrypted or not whole');
		return new CredentialFile(path, parsed.data, entries.filter((entry) => entry !== found));
	}

	get accounts(): CredentialAccount[] {
		return this.credential.data.accounts.account;
	}

	/** @throws YtempireError `invalid-request` when it can't be written; what stood there before stays */
	async save(): Promise<void> {
		try {
			await writeAside(this.path, async (temporary) => {
				const text = `${JSON.stringify([this.credential, ...this.others], null, '\t')}\n`;
				await writeFile(temporary, text, { mode: MODE, flag: 'wx' });
			});
		} catch (error) {
			throw invalidRequest(`The credentials file ${this.path} can't be written`, {
				cure: 'Make room or choose another place with --out, then connect the account again.',
				reason: 'file-unwritable',
				cause: error,
			});
		}
	}
}

/** n8n's own IDs are sixteen letters and digits. */
function newCredential(name: string): PoolCredential {
	const id = randomBytes(8).toString('hex');
	return { id, name, type: CREDENTIAL_TYPE, data: { accounts: { account: [] } } };
}

function parse(path: string, text: string): unknown[] {
	try {
		const content: unknown = JSON.parse(text);
		if (Array.isArray(content)) return content;
	} catch {
		// told below, like any other content
	}
	throw notOurs(path, 'is not an n8n credentials file');
}

function notOurs(path: string, what: string) {
	return invalidRequest(`${path} ${what}`, { cure: 'Choose another file with --out.', reason: 'credentials-file' });
}
