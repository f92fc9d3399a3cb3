/** What an uploaded file is, read from its first bytes and, for MP4, from its boxes. */
import { type FileHandle, open } from 'node:fs/promises';

import type { FileFacts } from './state';

const MP4_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide']);

/** Boxes larger than this are not read (a `moov` of hours of video is far smaller). */
const MAX_MOOV_BYTES = 64 * 1024 * 1024;

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}

/** MP4 and QuickTime, Matroska and WebM, AVI, FLV, MPEG program and transport streams. */
function isContainer(head: Buffer): boolean {
	return (
		MP4_BOXES.has(head.toString('latin1', 4, 8)) ||
		head.readUInt32BE(0) === 0x1a45dfa3 ||
		(head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'AVI ') ||
		head.toString('latin1', 0, 3) === 'FLV' ||
		head.readUInt32BE(0) === 0x000001ba ||
		head[0] === 0x47
	);
}

interface Box {
	type: string;
	/** Of what follows the header. */
	start: number;
	end: number;
}

function boxAt(head: Buffer, position: number): Box | undefined {
	if (head.length < 8) return undefined;
	const short = head.readUInt32BE(0);
	const isLong = short === 1 && head.length >= 16;
	const size = isLong ? Number(head.readBigUInt64BE(8)) : short;
	const header = isLong ? 16 : 8;
	if (size < header) return undefined;
	return { type: head.toString('latin1', 4, 8), start: position + header, end: position + size };
}

function* boxesIn(data: Buffer, start: number, end: number): Generator<Box> {
	for (let at = start; at < end; ) {
		const box = boxAt(data.subarray(at, at + 16), at);
		if (!box || box.end > end) return;
		yield box;
		at = box.end;
	}
}

/** Time scale and duration of `mvhd`, the largest picture of the `tkhd`s (ISO/IEC 14496-12 §8). */
function factsOf(moov: Buffer): FileFacts | undefined {
	const facts: FileFacts = { seconds: 0, width: 0, height: 0 };
	for (const { type, start, end } of boxesIn(moov, 0, moov.length)) {
		if (type === 'mvhd') {
			const isLong = moov[start] === 1;
			const scale = moov.readUInt32BE(start + (isLong ? 20 : 12));
			const units = isLong ? Number(moov.readBigUInt64BE(start + 24)) : moov.readUInt32BE(start + 16);
			facts.seconds = scale === 0 ? 0 : units / scale;
		}
		if (type !== 'trak') continue;
		for (const inner of boxesIn(moov, start, end)) {
			if (inner.type !== 'tkhd') continue;
			// width and height are its last eight bytes, 16.16 fixed point
			facts.width = Math.max(facts.width, moov.readUInt16BE(inner.end - 8));
			facts.height = Math.max(facts.height, moov.readUInt16BE(inner.end - 4));
		}
	}
	return facts.seconds > 0 ? facts : undefined;
}

/** `readable` is false for what is no video at all; `facts` are there for a whole MP4. */
export async function inspect(path: string): Promise<{ readable: boolean; facts?: FileFacts }> {
	const file = await open(path, 'r');
	try {
		const first = await read(file, 0, 16);
		if (first.length < 16 || !isContainer(first)) return { readable: false };
		const { size } = await file.stat();
		for (let at = 0; at < size; ) {
			const box = boxAt(await read(file, at, 16), at);
			if (!box) break;
			if (box.type === 'moov' && box.end <= size && box.end - box.start <= MAX_MOOV_BYTES) {
				const moov = await read(file, box.start, box.end - box.start);
				return { readable: true, facts: factsOf(moov) };
			}
			at = box.end;
		}
		return { readable: true };
	} catch (error) {
		// lengths that lie inside the boxes
		if (error instanceof RangeError) return { readable: true };
		throw error;
	} finally {
		await file.close();
	}
}
