/** The environment of a throwaway n8n: nothing of ours leaks in, nothing of it calls home. */

import { queueEnv, type Queue } from './queue';

/** What any program needs of the machine; all else stays out, above all NODE_ENV, NODE_OPTIONS and NODE_PATH. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot', 'TEMP'];

/** Every switch of n8n 2.41 that keeps it from talking to n8n's own services. */
const CALLS_NO_HOME = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry',
};

export interface N8nEnvOptions {
	userFolder: string;
	port: number;
	/** Of the broker that n8n's task runners talk to. */
	brokerPort: number;
	/** Serve the editor; off by default. */
	editor?: boolean;
	/** Run Code nodes, at the price of one more process; off by default. */
	codeNodes?: boolean;
	/** Queue mode; without it n8n runs everything itself, on SQLite. */
	queue?: Queue;
	/** Wins over all else. */
	env?: Record<string, string>;
}

export function n8nEnv(options: N8nEnvOptions): Record<string, string> {
	const inherited = INHERITED.flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return {
		...Object.fromEntries(inherited),
		...CALLS_NO_HOME,
		N8N_USER_FOLDER: options.userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(options.port),
		N8N_SECURE_COOKIE: 'false',
		N8N_DISABLE_UI: String(options.editor !== true),
		N8N_RUNNERS_BROKER_PORT: String(options.brokerPort),
		// the broker starts alone, without the runner's process
		...(options.codeNodes === true
			? {}
			: { N8N_RUNNERS_MODE: 'external', N8N_RUNNERS_AUTH_TOKEN: 'no-runner-connects' }),
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		GENERIC_TIMEZONE: 'UTC',
		...(options.queue && queueEnv(options.queue)),
		...options.env,
	};
}
