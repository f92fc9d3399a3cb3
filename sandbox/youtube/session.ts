/** One resumable upload: what it was opened with, and the bytes kept so far, streamed to disk and hashed on the way. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import type { Video, VideoMetadata } from './state';

/** Google keeps and wants chunks in multiples of 256 KiB. */
export const GRANULE = 256 * 1024;

export interface UploadOpening {
	id: string;
	accountId: string;
	metadata: VideoMetadata;
	parts: string[];
	notifySubscribers: boolean;
	contentType: string;
	/** `X-Upload-Content-Length`, where it was given. */
	declaredBytes?: number;
	/** Milliseconds since 1970. */
	openedAt: number;
	path: string;
}

export class UploadSession {
	/** Bytes that need not be sent again. */
	kept = 0;

	/** Size of the whole file, once it is known. */
	total: number | undefined;

	/** The video that it becomes, once every byte is here. */
	finished: Promise<Video> | undefined;

	/** Set when the session is lost: with this status its address answers. */
	lost: 404 | 410 | undefined;

	private readonly hash = createHash('sha256');

	private receiving: Readable | undefined;

	private turn: Promise<unknown> = Promise.resolve();

	constructor(readonly opening: UploadOpening) {
		this.total = opening.declaredBytes;
	}

	/** Of the bytes kept so far, hex. */
	sha256(): string {
		return this.hash.copy().digest('hex');
	}

	/** One request after the other; a newer one ends the one whose body is still being read. */
	exclusively<T>(work: () => Promise<T>): Promise<T> {
		this.receiving?.destroy();
		const result = this.turn.then(work);
		this.turn = result.catch(() => undefined);
		return result;
	}

	/**
	 * Appends what the stream brings; when it breaks off, what came in whole granules stays.
	 * @param skip bytes at its beginning that are kept already
	 * @param take bytes to keep at most; the others are read and forgotten
	 * @returns bytes that came
	 * @throws the stream's error when it breaks off
	 */
	async receive(stream: Readable, skip: number, take: number): Promise<number> {
		this.receiving = stream;
		try {
			return await this.append(stream, skip, take);
		} finally {
			this.receiving = undefined;
		}
	}

	private async append(stream: Readable, skip: number, take: number): Promise<number> {
		const file = await open(this.opening.path, this.kept === 0 ? 'w' : 'r+');
		let came = 0;
		let pending: Buffer[] = [];
		let pendingBytes = 0;
		try {
			for await (const chunk of stream as AsyncIterable<Buffer>) {
				const from = Math.max(0, skip - came);
				const to = Math.min(chunk.length, skip + take - came);
				came += chunk.length;
				if (to <= from) continue;
				pending.push(chunk.subarray(from, to));
				pendingBytes += to - from;
				if (pendingBytes < GRANULE) continue;
				const [whole, rest] = split(pending, pendingBytes - (pendingBytes % GRANULE));
				await this.keep(file, whole);
				pending = rest;
				pendingBytes %= GRANULE;
			}
			await this.keep(file, pending);
			return came;
		} finally {
			await file.close();
		}
	}

	/** Hashes while the disk writes. */
	private async keep(file: FileHandle, buffers: Buffer[]): Promise<void> {
		const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
		if (bytes === 0) return;
		const writing = writeAll(file, buffers, bytes, this.kept);
		for (const buffer of buffers) this.hash.update(buffer);
		await writing;
		this.kept += bytes;
	}
}

async function writeAll(file: FileHandle, buffers: Buffer[], bytes: number, position: number): Promise<void> {
	const { bytesWritten } = await file.writev(buffers, position);
	if (bytesWritten === bytes) return;
	const [, rest] = split(buffers, bytesWritten);
	await writeAll(file, rest, bytes - bytesWritten, position + bytesWritten);
}

/** The first `bytes` of the buffers, and what follows them. */
function split(buffers: Buffer[], bytes: number): [Buffer[], Buffer[]] {
	const first: Buffer[] = [];
	const rest: Buffer[] = [];
	let room = bytes;
	for (const buffer of buffers) {
		const head = buffer.subarray(0, room);
		room -= head.length;
		if (head.length > 0) first.push(head);
		if (head.length < buffer.length) rest.push(buffer.subarray(head.length));
	}
	return [first, rest];
}
