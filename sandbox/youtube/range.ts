/** `Content-Range` of an upload: which bytes a request brings, or that it only asks. */
import { refusal } from './errors';
import { GRANULE } from './session';

export interface BytesRange {
	kind: 'bytes';
	first: number;
	/** Undefined when the request does not say where it ends: then it brings the whole file. */
	last: number | undefined;
	total: number | undefined;
}

export type UploadRange = BytesRange | { kind: 'query'; total: number | undefined };

const number = (text: string | undefined): number | undefined =>
	text === undefined || text === '*' ? undefined : Number(text);

/**
 * Without the header the request brings the whole file.
 * @throws RefusedRequest 400
 */
export function parseContentRange(header: string | undefined, length: number | undefined): UploadRange {
	if (header === undefined) {
		return { kind: 'bytes', first: 0, last: length === undefined ? undefined : length - 1, total: length };
	}
	const query = /^bytes \*\/(\d+|\*)$/.exec(header);
	if (query) return { kind: 'query', total: number(query[1]) };
	const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header);
	const [first, last, total] = [match?.[1], match?.[2], match?.[3]].map(number);
	if (first === undefined || last === undefined || last < first || (total !== undefined && last >= total)) {
		throw refusal('badRequest', 'Failed to parse Content-Range header.');
	}
	return { kind: 'bytes', first, last, total };
}

/**
 * What Google asks of a chunk's place and length.
 * @param kept bytes the session holds
 * @param known the file's size, as far as the session knows it
 * @throws RefusedRequest 400
 */
export function checkChunk(range: BytesRange, kept: number, known: number | undefined, length: number | undefined): void {
	const { first, last, total } = range;
	if (total !== undefined && known !== undefined && total !== known) {
		throw refusal('badRequest', `The upload was begun with ${known} bytes, not ${total}.`);
	}
	if (first > kept) {
		throw refusal('badRequest', `The chunk begins at byte ${first}, but only ${kept} bytes are here.`);
	}
	if (last === undefined) return;
	const bytes = last - first + 1;
	if (length !== undefined && length !== bytes) {
		throw refusal(
			'badRequest',
			`Invalid request. There were ${length} byte(s) in the request body. There should have been ${bytes} byte(s) ` +
				`(starting at offset ${first} and ending at offset ${last}) according to the Content-Range header.`,
		);
	}
	const isLast = last + 1 === (total ?? known);
	if (!isLast && bytes % GRANULE !== 0) {
		throw refusal('badRequest', `The length of every chunk but the last must be a multiple of ${GRANULE}; it is ${bytes}.`);
	}
}
