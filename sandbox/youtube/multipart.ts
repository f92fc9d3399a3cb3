/** `multipart/related` uploads (uploadType=multipart): JSON first, then the media. */
import type { SandboxRequest } from '../service';
import { refusal } from './errors';

export interface Multipart {
	json: unknown;
	media: { contentType: string; body: Buffer };
}

const LINE_END = '\r\n';

/** @throws RefusedRequest 400 when it isn't two parts */
export async function readMultipart(request: SandboxRequest): Promise<Multipart> {
	const [, boundary] = /^multipart\/related;.*boundary="?([^";]+)"?/i.exec(request.header('content-type') ?? '') ?? [];
	if (!boundary) throw refusal('badContent', 'Expected multipart/related with a boundary.');
	const whole = await request.buffer();
	const mark = `--${boundary}`;
	const marks: number[] = [];
	for (let at = whole.indexOf(mark); at >= 0; at = whole.indexOf(mark, at + mark.length)) marks.push(at);
	const [first, second, last] = marks;
	if (first === undefined || second === undefined || last === undefined) throw refusal('badRequest', 'Malformed multipart body.');
	const [metadata, media] = [partIn(whole, first + mark.length, second), partIn(whole, second + mark.length, last)];
	try {
		return { json: JSON.parse(metadata.body.toString('utf8')) as unknown, media };
	} catch {
		throw refusal('badRequest', 'The first part of a multipart body must be JSON.');
	}
}

/** A part between two boundaries: headers, an empty line, the body, a line's end. */
function partIn(whole: Buffer, from: number, to: number): Multipart['media'] {
	const part = whole.subarray(from, to);
	const headersEnd = part.indexOf(LINE_END + LINE_END);
	if (headersEnd < 0) throw refusal('badRequest', 'Malformed multipart body.');
	const headers = part.subarray(0, headersEnd).toString('latin1');
	const [, contentType = 'application/octet-stream'] = /^content-type:\s*([^;\r\n]+)/im.exec(headers) ?? [];
	return { contentType: contentType.trim(), body: part.subarray(headersEnd + 4, part.length - LINE_END.length) };
}
