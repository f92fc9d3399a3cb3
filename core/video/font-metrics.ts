/** Widths of text, read from a TrueType file (tables head, OS/2, hhea, hmtx, cmap; see the OpenType specification 1.9). */

/** What text can be measured with: one font, or several that stand in for each other. */
export interface FontMetrics {
	/**
	 * Width in pixels of one line at an ASS font size. Kerning is left out, which makes it a little
	 * too wide and never too narrow by more than a pixel or two.
	 */
	widthOf(text: string, fontSize: number): number;
}

/** One font's measures, as shares of its em. */
export interface FaceMetrics {
	has(codePoint: number): boolean;
	advanceOf(codePoint: number): number;
	/** From the base line to the highest and lowest point of the Windows metrics, which libass goes by. */
	ascent: number;
	descent: number;
}

type CharacterMap = (codePoint: number) => number;

/** @throws Error when the bytes are not a TrueType font with a Unicode character map */
export function readFontMetrics(file: Buffer): FaceMetrics {
	const tables = new Map<string, number>();
	for (let index = 0; index < file.readUInt16BE(4); index++) {
		const record = 12 + 16 * index;
		tables.set(file.toString('latin1', record, record + 4), file.readUInt32BE(record + 8));
	}
	const table = (name: string): number => {
		const offset = tables.get(name);
		if (offset === undefined) throw new Error(`The font has no table ${name}`);
		return offset;
	};
	const unitsPerEm = file.readUInt16BE(table('head') + 18);
	const advanceCount = file.readUInt16BE(table('hhea') + 34);
	const advances = table('hmtx');
	const glyphOf = readCharacterMap(file, table('cmap'));
	return {
		has: (codePoint) => glyphOf(codePoint) !== 0,
		advanceOf: (codePoint) =>
			file.readUInt16BE(advances + 4 * Math.min(glyphOf(codePoint), advanceCount - 1)) / unitsPerEm,
		ascent: file.readUInt16BE(table('OS/2') + 74) / unitsPerEm,
		descent: file.readUInt16BE(table('OS/2') + 76) / unitsPerEm,
	};
}

/** Format 12 holds every plane, format 4 the basic one. What a font lacks is glyph 0. */
function readCharacterMap(file: Buffer, cmap: number): CharacterMap {
	const subtables = Array.from(
		{ length: file.readUInt16BE(cmap + 2) },
		(_, index) => cmap + file.readUInt32BE(cmap + 4 + 8 * index + 4),
	);
	const ofFormat = (format: number) => subtables.find((subtable) => file.readUInt16BE(subtable) === format);
	const [whole, basic] = [ofFormat(12), ofFormat(4)];
	if (whole !== undefined) return groupMap(file, whole);
	if (basic !== undefined) return segmentMap(file, basic);
	throw new Error('The font has no Unicode character map');
}

function groupMap(file: Buffer, subtable: number): CharacterMap {
	const groups = subtable + 16;
	return (codePoint) => {
		let [from, to] = [0, file.readUInt32BE(subtable + 12) - 1];
		while (from <= to) {
			const middle = (from + to) >> 1;
			const group = groups + 12 * middle;
			const start = file.readUInt32BE(group);
			if (codePoint < start) to = middle - 1;
			else if (codePoint > file.readUInt32BE(group + 4)) from = middle + 1;
			else return file.readUInt32BE(group + 8) + codePoint - start;
		}
		return 0;
	};
}

function segmentMap(file: Buffer, subtable: number): CharacterMap {
	const doubledCount = file.readUInt16BE(subtable + 6);
	const ends = subtable + 14;
	const starts = ends + doubledCount + 2;
	const deltas = starts + doubledCount;
	const ranges = deltas + doubledCount;
	return (codePoint) => {
		for (let at = 0; at < doubledCount; at += 2) {
			if (file.readUInt16BE(ends + at) < codePoint) continue;
			const start = file.readUInt16BE(starts + at);
			if (start > codePoint) return 0;
			const delta = file.readUInt16BE(deltas + at);
			const range = file.readUInt16BE(ranges + at);
			if (range === 0) return (codePoint + delta) & 0xffff;
			const glyph = file.readUInt16BE(ranges + at + range + 2 * (codePoint - start));
			return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
		}
		return 0;
	};
}
