/** A request's body on its way to the service: counted, hashed, kept for the record when small, cut when a fault says so. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import { gunzipSync } from 'node:zlib';

import { redactFields } from './recorder';

/** Longer bodies are recorded by their size and the hash of this beginning: hashing gigabytes would slow the service down. */
const KEPT_BYTES = 256 * 1024;

export class BodyTap extends Transform {
	private readonly hash = createHash('sha256');

	private bytes = 0;

	private kept: Buffer[] = [];

	private readonly kind: 'json' | 'form' | 'other';

	private readonly gzip: boolean;

	/** @param cutAfter bytes after which the client's connection is destroyed */
	constructor(
		private readonly raw: IncomingMessage,
		private readonly cutAfter?: number,
	) {
		super();
		const type = raw.headers['content-type'] ?? '';
		this.gzip = raw.headers['content-encoding'] === 'gzip';
		if (/\bjson\b/.test(type)) this.kind = 'json';
		else this.kind = type.startsWith('application/x-www-form-urlencoded') ? 'form' : 'other';
	}

	override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
		const room = this.cutAfter === undefined ? chunk.length : this.cutAfter - this.bytes;
		const passed = chunk.subarray(0, room);
		if (this.bytes < KEPT_BYTES) this.hash.update(passed.subarray(0, KEPT_BYTES - this.bytes));
		this.bytes += passed.length;
		if (this.kind !== 'other' && this.bytes <= KEPT_BYTES) this.kept.push(passed);
		if (passed.length > 0) this.push(passed);
		if (room > chunk.length || this.cutAfter === undefined) done();
		else this.breakOff();
	}

	/** Once the service has taken what was to reach it. */
	private breakOff(): void {
		if (this.readableLength > 0) setImmediate(() => this.breakOff());
		else this.raw.socket.destroy();
	}

	/** For the record, when the body has passed; undefined when there was none. */
	recorded(): unknown {
		if (this.bytes === 0) return undefined;
		const digest = { bytes: this.bytes, sha256: this.hash.copy().digest('hex') };
		if (this.kind === 'other' || this.bytes > KEPT_BYTES) return digest;
		try {
			const whole = Buffer.concat(this.kept);
			const text = (this.gzip ? gunzipSync(whole, { maxOutputLength: 16 * KEPT_BYTES }) : whole).toString('utf8');
			return this.kind === 'json' ? JSON.parse(text) : redactFields(new URLSearchParams(text));
		} catch {
			return digest;
		}
	}
}
