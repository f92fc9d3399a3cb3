/** A file from outside onto the disk: only from allowed addresses, only of the announced kind, never larger than agreed. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { throwIfCancelled } from '../abort';
import { YtempireError } from '../errors';
import { httpRequest } from '../http';
import { errorFromSilence } from '../http-errors';

export interface FileFetch {
	provider: string;
	url: string;
	/** Asked for the address and for every address it redirects to. */
	isAllowed: (url: URL) => boolean;
	/** Media type that the answer announces, in lower case and without parameters. */
	isWanted: (type: string) => boolean;
	/** What it should be, for errors: `a video`. */
	kind: string;
	maxBytes: number;
	/** For the whole file, in ms. */
	timeoutMs: number;
	/** Says that the file was refused, and why. */
	refused: (why: string) => YtempireError;
	signal?: AbortSignal;
}

const MAX_REDIRECTS = 3;

/** @throws what `refused` makes; YtempireError `unavailable` and the like when the file can't be had */
export async function fetchFile(fetch: FileFetch, path: string): Promise<void> {
	const { provider, signal, maxBytes, refused } = fetch;
	const tooLarge = () => refused(`it is larger than ${Math.round(maxBytes / 1e6)} MB`);
	const { body, headers } = await openFollowing(fetch, new URL(fetch.url), MAX_REDIRECTS);
	const announced = Number(headers['content-length'] ?? 0);
	const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	if (announced > maxBytes) {
		body.destroy();
		throw tooLarge();
	}
	if (!fetch.isWanted(type)) {
		body.destroy();
		throw refused(`it is announced as ${type || 'nothing'} and not as ${fetch.kind}`);
	}
	let bytes = 0;
	const count = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			done(bytes > maxBytes ? tooLarge() : null, chunk);
		},
	});
	try {
		await pipeline(body, count, createWriteStream(path), { signal });
	} catch (error) {
		await rm(path, { force: true });
		throw errorFromSilence(provider, error, { signal });
	}
	if (announced > 0 && bytes !== announced) {
		throw new YtempireError('unavailable', `${provider} sent ${bytes} of ${announced} bytes of ${fetch.kind}`, {
			provider,
			cure: 'Run it again; if it lasts, the connection to the provider is bad.',
		});
	}
}

/** Redirects are followed by hand, because each address must be one that is allowed. */
async function openFollowing(
	fetch: FileFetch,
	url: URL,
	redirectsLeft: number,
): Promise<{ body: Readable; headers: Record<string, string> }> {
	const { provider, signal, refused } = fetch;
	throwIfCancelled(signal);
	if (!fetch.isAllowed(url)) {
		throw refused(`its address is not one of the provider's (${url.protocol}//${url.host})`);
	}
	const answer = await httpRequest({
		provider,
		method: 'GET',
		url: url.href,
		responseType: 'stream',
		timeoutMs: fetch.timeoutMs,
		acceptStatus: (status) => status >= 200 && status < 400,
		// no key is sent to files: a closed one says nothing about the credential
		readVerdict: ({ status }) => (status === 401 || status === 403 ? { errorClass: 'invalid-request' } : {}),
		signal,
	});
	if (answer.status < 300) return answer;
	answer.body.destroy();
	const { location } = answer.headers;
	if (!location || !URL.canParse(location, url.href) || redirectsLeft === 0) {
		throw refused('its address redirects without end or to nowhere');
	}
	return await openFollowing(fetch, new URL(location, url), redirectsLeft - 1);
}
