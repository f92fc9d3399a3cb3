/** How a camera was held: the orientation in a JPEG's EXIF block, which old decoders leave to their caller. */
import { open } from 'node:fs/promises';

/** EXIF stands before the picture data, and its block has at most 64 KB. */
const HEAD_BYTES = 128 * 1024;

const ORIENTATION_TAG = 0x0112;

/** ffmpeg's filters for the orientations of TIFF 6.0, from 1 (upright) to 8. */
const UPRIGHT: readonly string[][] = [
	[], [], ['hflip'], ['hflip', 'vflip'], ['vflip'], ['transpose=0'], ['transpose=1'], ['transpose=3'], ['transpose=2'],
];

/** Filters that set a picture upright; none when the file doesn't say. */
export function uprightFilters(orientation: number): readonly string[] {
	return UPRIGHT[orientation] ?? [];
}

/** 1 to 8; 1 when the file is no JPEG or doesn't say. */
export async function exifOrientation(path: string): Promise<number> {
	const file = await open(path, 'r');
	try {
		const head = Buffer.alloc(HEAD_BYTES);
		const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
		return orientationIn(head.subarray(0, bytesRead));
	} finally {
		await file.close();
	}
}

function orientationIn(jpeg: Buffer): number {
	if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== 0xffd8) return 1;
	for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
		const marker = jpeg[at + 1] ?? 0;
		// the picture itself begins
		if (marker === 0xda) return 1;
		const length = jpeg.readUInt16BE(at + 2);
		const block = jpeg.subarray(at + 4, at + 2 + length);
		if (marker === 0xe1 && block.toString('latin1', 0, 6) === 'Exif\0\0') return orientationOf(block.subarray(6));
		at += 2 + length;
	}
	return 1;
}

function orientationOf(tiff: Buffer): number {
	if (tiff.length < 8) return 1;
	const isLittle = tiff.toString('latin1', 0, 2) === 'II';
	const short = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
	const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
	for (let entry = 0; entry < short(directory); entry++) {
		const at = directory + 2 + 12 * entry;
		if (short(at) !== ORIENTATION_TAG) continue;
		const value = short(at + 8);
		return value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
}
