/** The smallest files that pass for what they are. */

const u32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(Math.round(value));
	return bytes;
};

const box = (type: string, ...parts: Buffer[]): Buffer => {
	const content = Buffer.concat(parts);
	return Buffer.concat([u32(content.length + 8), Buffer.from(type, 'latin1'), content]);
};

/** An MP4 that has a head and nothing to play. */
export function tinyMp4({ seconds, width, height }: { seconds: number; width: number; height: number }): Buffer {
	const mvhd = box('mvhd', Buffer.alloc(12), u32(1000), u32(seconds * 1000), Buffer.alloc(80));
	const tkhd = box('tkhd', Buffer.alloc(76), u32(width * 65_536), u32(height * 65_536));
	return Buffer.concat([
		box('ftyp', Buffer.from('isomiso2', 'latin1')),
		box('moov', mvhd, box('trak', tkhd)),
		box('mdat', Buffer.alloc(16)),
	]);
}

/** One transparent pixel. */
export function tinyPng(): Buffer {
	return Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
		'base64',
	);
}
