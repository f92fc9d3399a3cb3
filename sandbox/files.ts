/** Files over HTTP as a plain web server gives them: length, type, and one range at a time. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import type { Reply, SandboxRequest } from './service';

/** First and last byte that `Range` asks for; undefined without one (or several), null when it can't be satisfied. */
export function requestedRange(
	header: string | undefined,
	size: number,
): { first: number; last: number } | undefined | null {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
	if (from === '' && to === '') return undefined;
	const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
	const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
	return first <= last ? { first, last } : null;
}

/** Answers GET and HEAD for one file. */
export async function serveFile(
	request: SandboxRequest,
	path: string,
	contentType: string,
): Promise<Reply> {
	const { size } = await stat(path);
	const range = requestedRange(request.header('range'), size);
	const headers: Record<string, string> = { 'accept-ranges': 'bytes', 'content-type': contentType };
	if (range === null) {
		return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } };
	}
	const { first, last } = range ?? { first: 0, last: size - 1 };
	headers['content-length'] = String(last - first + 1);
	if (range) headers['content-range'] = `bytes ${first}-${last}/${size}`;
	const status = range ? 206 : 200;
	if (request.method === 'HEAD' || size === 0) return { status, headers };
	return { status, headers, body: createReadStream(path, { start: first, end: last }) };
}
