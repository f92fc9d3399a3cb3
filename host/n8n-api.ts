/** n8n's public API, with a key that it makes for itself in a throwaway n8n. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/** The one user of a throwaway n8n. */
export interface Owner {
	email: string;
	password: string;
}

export interface ExecutionRecord {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
	startedAt: string;
	stoppedAt: string | null;
	/** With `includeData`: what each node gave, and the error. */
	data?: {
		resultData: {
			runData: Record<string, Array<Record<string, unknown>>>;
			error?: { message: string; description?: string };
			lastNodeExecuted?: string;
		};
	};
}

export class N8nApi {
	private constructor(
		private readonly url: string,
		private readonly key: string,
		/** Of the signed-in owner, for what the public API doesn't have. */
		private readonly cookie = '',
	) {}

	/** For an n8n that somebody else runs. */
	static withKey(url: string, key: string): N8nApi {
		return new N8nApi(url, key);
	}

	/** Sets the owner up, or signs in as the one set up before, and makes a key with every scope. */
	static async signIn(url: string, userFolder: string): Promise<N8nApi> {
		const { email, password } = ownerOf(userFolder);
		const setUp = await post(`${url}/rest/owner/setup`, {
			email,
			password,
			firstName: 'Throwaway',
			lastName: 'Owner',
		});
		const signedIn = setUp.ok
			? setUp
			: await post(`${url}/rest/login`, { emailOrLdapLoginId: email, password });
		if (!signedIn.ok) throw await failure('signing in to n8n', signedIn);
		const cookie = signedIn.headers
			.getSetCookie()
			.map((line) => line.split(';')[0])
			.join('; ');
		const scopes = await fetch(`${url}/rest/api-keys/scopes`, { headers: { cookie } });
		if (!scopes.ok) throw await failure('asking for the scopes of an API key', scopes);
		const made = await post(
			`${url}/rest/api-keys`,
			{
				label: `ytempire ${Date.now()}`,
				expiresAt: null,
				scopes: ((await scopes.json()) as { data: string[] }).data,
			},
			{ cookie },
		);
		if (!made.ok) throw await failure('making an API key', made);
		const { data } = (await made.json()) as { data: { rawApiKey: string } };
		return new N8nApi(url, data.rawApiKey, cookie);
	}

	/** @param path after `/api/v1`, e.g. `/workflows` */
	async get<T>(path: string): Promise<T> {
		return await this.request<T>('GET', path);
	}

	async post<T>(path: string, body: unknown = {}): Promise<T> {
		return await this.request<T>('POST', path, body);
	}

	async request<T>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await fetch(`${this.url}/api/v1${path}`, {
			method,
			headers: {
				'x-n8n-api-key': this.key,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!answer.ok) throw await failure(`${method} ${path}`, answer);
		return (await answer.json()) as T;
	}

	/**
	 * Runs a workflow now from one of its triggers, as the editor's button does: an hourly one need not be waited for.
	 * @returns the execution's ID
	 */
	async run(workflowId: string, trigger: string): Promise<string> {
		const { executionId } = await this.rest<{ executionId: string }>('POST', `/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: trigger },
		});
		return executionId;
	}

	/** Waits for the end of an execution. */
	async ended(id: string): Promise<ExecutionRecord> {
		for (;;) {
			const record = await this.get<ExecutionRecord>(`/executions/${id}?includeData=true`);
			if (record.stoppedAt !== null) return record;
			await delay(POLL_MS);
		}
	}

	/** What the editor itself asks; only for an n8n that was signed in to. */
	async rest<T>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: { cookie: this.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!answer.ok) throw await failure(`${method} ${path}`, answer);
		return ((await answer.json()) as { data: T }).data;
	}

	/** The newest first. */
	async executions(filter: { workflowId?: string; status?: string } = {}): Promise<ExecutionRecord[]> {
		const query = new URLSearchParams({ ...filter, includeData: 'true' });
		const { data } = await this.get<{ data: ExecutionRecord[] }>(`/executions?${query}`);
		return data;
	}
}

/** Made once for a user folder and kept in it. */
export function ownerOf(userFolder: string): Owner {
	const file = join(userFolder, 'owner.json');
	if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Owner;
	// n8n asks for a capital letter and a digit
	const owner = {
		email: 'owner@ytempire.example',
		password: `Yt1-${randomBytes(12).toString('base64url')}`,
	};
	writeFileSync(file, JSON.stringify(owner), { mode: 0o600 });
	return owner;
}

async function post(
	url: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<Response> {
	return await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
}

async function failure(what: string, answer: Response): Promise<Error> {
	return new Error(`${what}: n8n answered ${answer.status} ${(await answer.text()).slice(0, 500)}`);
}
