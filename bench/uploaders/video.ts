/** Files to upload: an MP4's first box and bytes that no two files share. */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

export interface BenchVideo {
	path: string;
	bytes: number;
	sha256: string;
}

const BLOCK_BYTES = 1024 * 1024;

/** `ftyp`, and an `mdat` that goes to the end of the file (ISO/IEC 14496-12 §4.2, §4.3). */
const HEAD = Buffer.concat([box(24, 'ftyp', 'isom\x00\x00\x02\x00isommp41'), box(0, 'mdat', '')]);

/** @param bytes a whole number of MiB */
export function writeVideo(path: string, bytes: number): BenchVideo {
	const hash = createHash('sha256');
	const block = randomBytes(BLOCK_BYTES);
	const file = openSync(path, 'w');
	try {
		for (let written = 0; written < bytes; written += BLOCK_BYTES) {
			block.writeBigUInt64LE(BigInt(written), BLOCK_BYTES - 8);
			const part = written === 0 ? Buffer.concat([HEAD, block.subarray(HEAD.length)]) : block;
			hash.update(part);
			writeSync(file, part);
		}
	} finally {
		closeSync(file);
	}
	return { path, bytes, sha256: hash.digest('hex') };
}

function box(size: number, type: string, content: string): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(size);
	return Buffer.concat([length, Buffer.from(type + content, 'latin1')]);
}
