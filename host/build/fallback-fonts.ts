/**
 * Makes `core/video/fonts/`: the fonts for what Montserrat lacks, each cut to a script's usual characters and packed.
 * Run by hand when a font is to change: `node_modules/.bin/tsx host/build/fallback-fonts.ts`. Whole, they would be 35 MB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const SUBSETTER = 'subset-font@2.9.0';

const TARGET = join(__dirname, '../../core/video/fonts');

type Range = [first: number, last: number];

type SubsetFont = (font: Buffer, characters: string, options: { targetFormat: 'truetype' }) => Promise<Buffer>;

/** Characters that a standard of two bytes a character knows; its decoder is in Node. */
function charactersOf(encoding: string, leads: Range, trails: Range): string {
	const decoder = new TextDecoder(encoding, { fatal: true });
	const found: string[] = [];
	for (let lead = leads[0]; lead <= leads[1]; lead++) {
		for (let trail = trails[0]; trail <= trails[1]; trail++) {
			try {
				const text = decoder.decode(Uint8Array.of(lead, trail));
				if ([...text].length === 1) found.push(text);
			} catch {
				// a hole in the table
			}
		}
	}
	return found.join('');
}

const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)).join('');

/** Marks of all three: CJK punctuation, full-width forms. */
const COMMON = range(0x3000, 0x303f) + range(0xff01, 0xff60);

/** Package, version, file, and which characters of it: all of them when left out. */
const FONTS: Array<[name: string, version: string, file: string, characters?: string]> = [
	['noto-sans', '0.4.2', 'NotoSans'],
	['noto-sans-arabic', '0.4.3', 'NotoSansArabic'],
	['noto-sans-hebrew', '0.4.1', 'NotoSansHebrew'],
	['noto-sans-thai', '0.4.2', 'NotoSansThai'],
	['noto-emoji', '0.4.7', 'NotoEmoji'],
	// GB 2312: what China's schools, press and offices use
	['noto-sans-sc', '0.4.3', 'NotoSansSC', charactersOf('gbk', [0xa1, 0xf7], [0xa1, 0xfe])],
	// Big5, level 1: the usual traditional characters
	[
		'noto-sans-tc', '0.4.3', 'NotoSansTC',
		charactersOf('big5', [0xa1, 0xc6], [0x40, 0x7e]) + charactersOf('big5', [0xa1, 0xc6], [0xa1, 0xfe]),
	],
	// JIS X 0208
	['noto-sans-jp', '0.4.3', 'NotoSansJP', charactersOf('euc-jp', [0xa1, 0xf4], [0xa1, 0xfe])],
	// every modern syllable
	['noto-sans-kr', '0.4.3', 'NotoSansKR', range(0xac00, 0xd7a3) + range(0x3131, 0x3163)],
];

/**
 * Old renderers take the first Windows map of a font, which knows the basic plane alone, so that emoji have no
 * picture: it is made to be the map of all planes (OpenType 1.9, table cmap: platform 3, encodings 1 and 10).
 */
function withWholeMapFirst(font: Buffer): Buffer {
	const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + 16 * index);
	const record = tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap');
	if (record === undefined) return font;
	const cmap = font.readUInt32BE(record + 8);
	const maps = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, index) => cmap + 4 + 8 * index);
	const find = (encoding: number) =>
		maps.find((at) => font.readUInt16BE(at) === 3 && font.readUInt16BE(at + 2) === encoding);
	const [basic, whole] = [find(1), find(10)];
	if (basic === undefined || whole === undefined) return font;
	const patched = Buffer.from(font);
	patched.writeUInt16BE(10, basic + 2);
	patched.writeUInt32BE(font.readUInt32BE(whole + 4), basic + 4);
	return patched;
}

async function make(folder: string): Promise<void> {
	const packages = FONTS.map(([name, version]) => `@expo-google-fonts/${name}@${version}`);
	const arguments_ = ['install', '--prefix', folder, '--ignore-scripts', '--no-save', SUBSETTER, ...packages];
	const { status } = spawnSync('npm', arguments_, { stdio: 'inherit' });
	if (status !== 0) throw new Error('npm could not bring the fonts');
	const subsetFont = createRequire(join(folder, 'here.js'))('subset-font') as SubsetFont;
	const copyrights: string[] = [];
	let licence = '';
	for (const [name, , file, characters] of FONTS) {
		const source = join(folder, 'node_modules/@expo-google-fonts', name);
		const whole = readFileSync(join(source, '700Bold', `${file}_700Bold.ttf`));
		const cut = characters ? await subsetFont(whole, characters + COMMON, { targetFormat: 'truetype' }) : whole;
		const packed = brotliCompressSync(withWholeMapFirst(cut));
		writeFileSync(join(TARGET, `${name}.ttf.br`), packed);
		console.log(`${name}: ${whole.length} bytes, cut to ${cut.length}, packed to ${packed.length}`);
		const [copyright, ...text] = readFileSync(join(source, 'LICENSE_FONT'), 'utf8').split('\n');
		copyrights.push(`${name}.ttf.br: ${copyright}`);
		licence ||= text.join('\n');
	}
	writeFileSync(join(TARGET, 'OFL.txt'), `${copyrights.join('\n')}\n${licence}`);
}

const folder = mkdtempSync(join(tmpdir(), 'fallback-fonts-'));
make(folder)
	.finally(() => {
		rmSync(folder, { recursive: true, force: true });
	})
	.catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	});
