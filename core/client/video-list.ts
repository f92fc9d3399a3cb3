/** A list of videos to make, from a CSV or JSONL file: read as a stream, each line checked before anything is asked for. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

import { throwIfCancelled } from '../abort';
import { invalidRequest, isYtempireError, type FieldIssue } from '../errors';
import { contentHash } from '../hash';
import { validateRequest, type VideoRequest } from '../jobs/request';
import { excerpt } from '../redact';

/** Most videos of a list: a mistaken file doesn't fill the queue. */
const MOST_VIDEOS = 1000;

/** Characters of one line; a topic has at most 500. */
const LONGEST_LINE = 64 * 1024;

const MOST_BYTES = 16 * 1024 * 1024;

/** Problems that are told; a file of another kind has one in each line. */
const MOST_ISSUES = 50;

/** Column to place in the request. */
const COLUMNS: Record<string, { inOptions: boolean; read: (text: string) => unknown }> = {
	...columns(['video_id', 'topic', 'style', 'channel_id', 'customer_id', 'notify_email', 'publish_at'], false, (text) => text),
	...columns(['duration'], false, numberOf),
	...columns(['language', 'privacy', 'format', 'resolution', 'voice_id'], true, (text) => text),
	...columns(['quality_threshold'], true, numberOf),
	...columns(['made_for_kids'], true, (text) => ({ true: true, false: false })[text.toLowerCase()] ?? text),
};

export const COLUMN_NAMES: readonly string[] = Object.keys(COLUMNS);

export interface ListSource {
	/** Path, or a stream such as standard input. */
	from: string | Readable;
	kind: 'csv' | 'jsonl';
}

/**
 * All of the list's requests, in its order. One without `video_id` gets one from its content, so that the same list
 * again asks for the same videos.
 * @throws YtempireError `invalid-request` with one issue per line and field; then nothing should be asked for
 */
export async function readVideoList({ from, kind }: ListSource, signal?: AbortSignal): Promise<VideoRequest[]> {
	const input = Readable.from(limited(typeof from === 'string' ? createReadStream(from) : from, signal), { objectMode: false });
	const requests: VideoRequest[] = [];
	const issues: FieldIssue[] = [];
	const lineOf = new Map<string, number>();
	try {
		for await (const { line, body, problem } of kind === 'csv' ? csvRows(input) : jsonlRows(input)) {
			if (problem !== undefined) issues.push({ field: `line ${line}`, reason: problem });
			else {
				const { request, issues: found } = checked(body);
				issues.push(...found.map(({ field, reason }) => ({ field: `line ${line}, ${excerpt(field, [], 60)}`, reason })));
				const twin = request && lineOf.get(request.video_id);
				if (twin !== undefined) issues.push({ field: `line ${line}, video_id`, reason: `is the same video as line ${twin}` });
				else if (request) {
					lineOf.set(request.video_id, line);
					requests.push(request);
				}
			}
			if (issues.length >= MOST_ISSUES) break;
			if (requests.length > MOST_VIDEOS) throw wrongList([{ field: 'file', reason: `more than ${MOST_VIDEOS} videos` }]);
		}
	} catch (error) {
		if (isYtempireError(error)) throw error;
		throw wrongList([{ field: 'file', reason: excerpt(error instanceof Error ? error.message : String(error)) }]);
	}
	if (issues.length > 0) throw wrongList(issues);
	if (requests.length === 0) throw wrongList([{ field: 'file', reason: 'no video in it' }]);
	return requests;
}

/** The request, completed with an ID from its content when it has none. */
export function checked(body: unknown): { request?: VideoRequest; issues: FieldIssue[] } {
	const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
	const withId = isObject && !('video_id' in body) ? { video_id: idFor(body), ...body } : body;
	const validation = validateRequest(withId);
	return validation.valid ? { request: validation.request, issues: [] } : { issues: validation.issues };
}

/** e.g. `how-volcanoes-work-3f2a9c01d4`: the same content has the same ID, also when it is planned for another time. */
function idFor(body: object): string {
	const { publish_at: _planned, ...content } = body as { publish_at?: unknown };
	const topic = 'topic' in body && typeof body.topic === 'string' ? body.topic : '';
	const words = topic.slice(0, 500).normalize('NFKD').toLowerCase().match(/[a-z0-9]+/g) ?? [];
	const slug = words.join('-').slice(0, 40).replace(/-$/, '');
	return `${slug || 'video'}-${contentHash(content).slice(0, 10)}`;
}

interface Row {
	line: number;
	body?: unknown;
	problem?: string;
}

async function* csvRows(input: Readable): AsyncGenerator<Row> {
	const { parse } = await import('../vendor/csv-parse');
	const parser = input.pipe(
		parse({ bom: true, info: true, trim: true, skip_empty_lines: true, max_record_size: LONGEST_LINE, relax_column_count: true, delimiter: [',', ';', '\t'] }),
	);
	input.once('error', (error) => parser.destroy(error));
	let header: string[] | undefined;
	for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
		if (!header) {
			header = record.map((name) => name.toLowerCase());
			assertHeader(header);
		} else if (record.length !== header.length) {
			yield { line: info.lines, problem: `${record.length} columns, the first line has ${header.length}; a text with commas needs quotes` };
		} else yield { line: info.lines, body: bodyOf(header, record) };
	}
}

function assertHeader(header: string[]): void {
	const issues = header.flatMap((name, index) => {
		const field = `column ${index + 1}`;
		if (!Object.hasOwn(COLUMNS, name)) return [{ field, reason: `"${excerpt(name, [], 40)}" is none of ${COLUMN_NAMES.join(', ')}` }];
		return header.indexOf(name) < index ? [{ field, reason: `${name} is there twice` }] : [];
	});
	if (!header.includes('topic')) issues.push({ field: 'line 1', reason: 'names of columns are missing, or topic is not among them' });
	if (issues.length > 0) throw wrongList(issues.slice(0, MOST_ISSUES));
}

function bodyOf(header: string[], record: string[]): Record<string, unknown> {
	const body: Record<string, unknown> = {};
	const options: Record<string, unknown> = {};
	for (const [index, name] of header.entries()) {
		const column = COLUMNS[name];
		const text = record[index] ?? '';
		if (column && text !== '') (column.inOptions ? options : body)[name] = column.read(text);
	}
	return Object.keys(options).length > 0 ? { ...body, options } : body;
}

async function* jsonlRows(input: Readable): AsyncGenerator<Row> {
	let number = 0;
	for await (const text of linesOf(input)) {
		number += 1;
		const line = text.replace(/^\ufeff/, '').trim();
		if (line === '') continue;
		if (line.length > LONGEST_LINE) yield { line: number, problem: `longer than ${LONGEST_LINE} characters` };
		else yield jsonRow(number, line);
	}
}

async function* linesOf(input: Readable): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of input as AsyncIterable<Uint8Array>) {
		const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
		rest = lines.pop() ?? '';
		yield* lines;
	}
	yield rest + decoder.decode();
}

/** No more than a list may have, so that a file of another kind doesn't fill the memory. */
async function* limited(input: Readable, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
	let bytes = 0;
	for await (const chunk of input as AsyncIterable<Buffer>) {
		throwIfCancelled(signal);
		bytes += chunk.length;
		if (bytes > MOST_BYTES) throw wrongList([{ field: 'file', reason: `larger than ${MOST_BYTES / 1024 / 1024} MiB` }]);
		yield chunk;
	}
}

function jsonRow(line: number, text: string): Row {
	try {
		return { line, body: JSON.parse(text) as unknown };
	} catch {
		return { line, problem: 'not JSON' };
	}
}

function columns(names: string[], inOptions: boolean, read: (text: string) => unknown) {
	return Object.fromEntries(names.map((name) => [name, { inOptions, read }]));
}

/** What isn't a number stays text, and the check says so. */
function numberOf(text: string): unknown {
	return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function wrongList(issues: FieldIssue[]) {
	return invalidRequest('The list of videos is not right; nothing was asked for', {
		cure: 'Correct the named lines. `ytempire generate --help` says what a list holds.',
		reason: 'video-list',
		issues,
	});
}
