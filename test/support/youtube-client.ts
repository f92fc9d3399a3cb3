/** A bare client of the YouTube protocol for tests: plain HTTP, nothing that hides a status. */
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';

/** 256 KiB. */
export const GRANULE = 256 * 1024;

export const METADATA = {
	snippet: { title: 'Why the sky is blue', description: 'Light and air.', tags: ['sky', 'blue light'], categoryId: '27' },
	status: { privacyStatus: 'unlisted', selfDeclaredMadeForKids: false, containsSyntheticMedia: true },
};

export interface Answer {
	status: number;
	headers: Headers;
	body: any;
}

async function send(url: string, init: RequestInit): Promise<Answer> {
	const response = await fetch(url, { redirect: 'manual', ...init });
	const text = await response.text();
	const isJson = response.headers.get('content-type') === 'application/json';
	return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** POST /token with the right fields, or with others in their place. */
export function requestToken(sandbox: Sandbox, account = 1, fields: Record<string, string> = {}): Promise<Answer> {
	const { clientId, clientSecret, accounts } = KEYS.youtube;
	return send(`${sandbox.services.youtube.url}/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			client_id: clientId,
			client_secret: clientSecret,
			refresh_token: accounts[account - 1]?.refreshToken ?? '',
			...fields,
		}),
	});
}

export class YouTubeClient {
	private constructor(
		readonly sandbox: Sandbox,
		readonly token: string,
	) {}

	/** @param account from 1 to 15 */
	static async signIn(sandbox: Sandbox, account = 1): Promise<YouTubeClient> {
		const { body } = await requestToken(sandbox, account);
		return new YouTubeClient(sandbox, body.access_token);
	}

	call(method: string, path: string, options: { json?: unknown; body?: RequestInit['body']; headers?: Record<string, string> } = {}): Promise<Answer> {
		return send(`${this.sandbox.services.youtube.url}${path}`, {
			method,
			headers: {
				authorization: `Bearer ${this.token}`,
				...(options.json !== undefined && { 'content-type': 'application/json' }),
				...options.headers,
			},
			body: options.json === undefined ? options.body : JSON.stringify(options.json),
		});
	}

	insert(metadata: unknown = METADATA, headers: Record<string, string> = {}, query = 'uploadType=resumable&part=snippet,status'): Promise<Answer> {
		return this.call('POST', `/upload/youtube/v3/videos?${query}`, { json: metadata, headers });
	}

	/** Opens a session and returns its address. */
	async begin(size: number, metadata: unknown = METADATA): Promise<string> {
		const answer = await this.insert(metadata, {
			'x-upload-content-length': String(size),
			'x-upload-content-type': 'video/mp4',
		});
		return answer.headers.get('location') ?? '';
	}

	/** Uploads a whole file in one request. */
	async upload(file: Buffer, metadata: unknown = METADATA): Promise<Answer> {
		return putChunk(await this.begin(file.length, metadata), file, 0, file.length);
	}
}

/** Sends `file` from byte `first` to before byte `end`. */
export function putChunk(address: string, file: Buffer, first: number, end: number, total: number | '*' = file.length): Promise<Answer> {
	return send(address, {
		method: 'PUT',
		headers: { 'content-range': `bytes ${first}-${end - 1}/${total}` },
		body: new Uint8Array(file.subarray(first, end)),
	});
}

/** Asks how much is there. */
export function askStatus(address: string, total: number | '*'): Promise<Answer> {
	return send(address, { method: 'PUT', headers: { 'content-range': `bytes */${total}`, 'content-length': '0' } });
}
