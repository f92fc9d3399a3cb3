/** A request as the services see it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import type { Fault } from './faults';
import { RefusedRequest } from './service';

/** The largest body that is taken into memory; longer ones go by `stream`. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export class SandboxRequest {
	private whole: Promise<Buffer> | undefined;

	constructor(
		readonly raw: IncomingMessage,
		readonly response: ServerResponse,
		readonly method: string,
		readonly path: string,
		readonly query: URLSearchParams,
		readonly params: Record<string, string>,
		/** The body, for those who stream it. Ends with an error when the client breaks off. */
		readonly stream: Readable,
		/** A fault that the service has to carry out itself (`accept-part`). */
		readonly fault?: Fault,
	) {}

	header(name: string): string | undefined {
		const value = this.raw.headers[name.toLowerCase()];
		return Array.isArray(value) ? value.join(', ') : value;
	}

	/** The token of `Authorization: Bearer …`. */
	bearer(): string | undefined {
		return /^Bearer (.+)$/.exec(this.header('authorization') ?? '')?.[1];
	}

	/**
	 * The whole body, decompressed.
	 * @throws RefusedRequest 413 over 32 MiB
	 */
	async buffer(): Promise<Buffer> {
		this.whole ??= this.readWhole();
		return this.whole;
	}

	/** @throws RefusedRequest 400 `invalid_json` */
	async json(): Promise<unknown> {
		const text = (await this.buffer()).toString('utf8');
		try {
			return JSON.parse(text);
		} catch {
			throw new RefusedRequest(400, 'invalid_json', 'The body is not valid JSON');
		}
	}

	/** Fields of an `application/x-www-form-urlencoded` body. */
	async form(): Promise<URLSearchParams> {
		return new URLSearchParams((await this.buffer()).toString('utf8'));
	}

	private async readWhole(): Promise<Buffer> {
		const chunks: Buffer[] = [];
		let bytes = 0;
		for await (const chunk of this.stream as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > MAX_BODY_BYTES) throw new RefusedRequest(413, 'too_large', 'The body is too large');
			chunks.push(chunk);
		}
		const body = Buffer.concat(chunks);
		if (this.header('content-encoding') !== 'gzip') return body;
		try {
			return await promisify(gunzip)(body, { maxOutputLength: MAX_BODY_BYTES });
		} catch {
			throw new RefusedRequest(400, 'invalid_gzip', 'The body is not valid gzip');
		}
	}
}
