/** Widths of text, read from a TrueType file (tables head, OS/2, hhea, hmtx, cmap; see the OpenType specification 1.9). */

export interface FontMetrics {
	/**
	 * Width in pixels of one line at an ASS font size. Kerning is left out, which makes it a little
	 * too wide and never too narrow by more than a pixel or two.
	 */
	widthOf(text: string, fontSize: number): number;
}

type CharacterMap = (codePoint: number) => number;

/** @throws Error when the bytes are not a TrueType font with a Unicode character map */
export function readFontMetrics(file: Buffer): FontMetrics {
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
	// ASS font sizes are the height from the highest to the lowest point of the Windows metrics, not the em
	const windowsHeight = file.readUInt16BE(table('OS/2') + 74) + file.readUInt16BE(table('OS/2') + 76);
	const advanceCount = file.readUInt16BE(table('hhea') + 34);
	const advances = table('hmtx');
	const glyphOf = readCharacterMap(file, table('cmap'));
	const advanceOf = (character: string): number => {
		const glyph = Math.min(glyphOf(character.codePointAt(0) ?? 0), advanceCount - 1);
		return file.readUInt16BE(advances + 4 * glyph);
	};
	return {
		widthOf: (text, fontSize) =>
			([...text].reduce((sum, character) => sum + advanceOf(character), 0) / windowsHeight) * fontSize,
	};
}

/** The subtable of format 4: the basic multilingual plane. What it lacks is glyph 0. */
function readCharacterMap(file: Buffer, cmap: number): CharacterMap {
	for (let index = 0; index < file.readUInt16BE(cmap + 2); index++) {
		const subtable = cmap + file.readUInt32BE(cmap + 4 + 8 * index + 4);
		if (file.readUInt16BE(subtable) === 4) return segmentMap(file, subtable);
	}
	throw new Error('The font has no Unicode character map');
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
