/** A YouTube pool for tests: the sandbox's fifteen accounts, or any others. */
import { poolFromCredential, type YouTubePool } from '../../core/pool/accounts';
import { KEYS } from '../../sandbox/keys';

export interface TestPool {
	baseUrl?: string;
	active?: number;
	reserve?: number;
	/** Client ID of the account at that place, from 0 on. */
	clientId?: (index: number) => string;
	/** Further fields of the credential. */
	rules?: Record<string, unknown>;
}

/** The credential's data as n8n hands it to a node. */
export function poolCredential(options: TestPool = {}): Record<string, unknown> {
	const { baseUrl = 'http://127.0.0.1:1', active = 10, reserve = 5, clientId, rules } = options;
	const account = Array.from({ length: active + reserve }, (_, index) => {
		const known = KEYS.youtube.accounts[index];
		return {
			accountId: known?.id ?? `account-${index + 1}`,
			email: '',
			role: index < active ? 'active' : 'reserve',
			clientId: clientId?.(index) ?? KEYS.youtube.clientId,
			clientSecret: KEYS.youtube.clientSecret,
			refreshToken: known?.refreshToken ?? `refresh-${index + 1}`,
			channelId: known?.channelId ?? `UCtest${index + 1}`,
		};
	});
	return { accounts: { account }, baseUrl, oauthTokenUrl: `${baseUrl}/token`, analyticsBaseUrl: baseUrl, encryptionKey: '', ...rules };
}

export function testPool(options: TestPool = {}): YouTubePool {
	return poolFromCredential(poolCredential(options));
}
