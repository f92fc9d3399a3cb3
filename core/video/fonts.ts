/**
 * The fonts that the package brings, so that a bare container renders the same: Montserrat, and Noto Sans for the
 * scripts that it lacks (all SIL Open Font License 1.1). See host/build/fallback-fonts.ts for what is in them.
 */
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

import { readFontMetrics, type FaceMetrics, type FontMetrics } from './font-metrics';
import { joinedForms, shownText } from './font-text';

export type FontWeight = 'bold' | 'extra-bold' | 'medium';

export interface FontFace {
	/** As ASS styles name it. */
	family: string;
	/** Name for a copy of its file: letters and digits only. */
	fileName: string;
	bytes: Buffer;
	metrics: FaceMetrics;
}

export interface FontRun {
	/** Undefined: no font of the package has these characters. */
	face: FontFace | undefined;
	text: string;
}

/** One font and its stand-ins, enough for a known text. */
export interface FontSet extends FontMetrics {
	main: FontFace;
	/** All that may be used, the main one first. */
	faces: readonly FontFace[];
	/** The text cut where the font changes; marks stay with what is before them. */
	runsOf(text: string): FontRun[];
	/** The ASS font size at which another face has the same em as the main one. */
	sizeOf(face: FontFace, fontSize: number): number;
	/** Height of a line in pixels above and below its base line. */
	extentOf(text: string, fontSize: number): { ascent: number; descent: number };
	/** Characters of the text without a picture in any of the fonts. */
	missing: string[];
}

const MAIN: Record<FontWeight, { family: string; file: string }> = {
	medium: { family: 'Montserrat Medium', file: '500Medium' },
	bold: { family: 'Montserrat', file: '700Bold' },
	'extra-bold': { family: 'Montserrat ExtraBold', file: '800ExtraBold' },
};

interface Fallback {
	family: string;
	file: string;
	/** Characters for which it is worth loading. */
	for: RegExp;
	/** Of fonts for the same characters, the one of the text's language comes first. */
	language?: RegExp;
}

const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\u3000-\u303f\u30fb\u30fc\uff00-\uffef]/u;

const FALLBACKS: readonly Fallback[] = [
	{ family: 'Noto Sans Hebrew', file: 'noto-sans-hebrew', for: /\p{Script=Hebrew}/u },
	{ family: 'Noto Sans Arabic', file: 'noto-sans-arabic', for: /[\p{Script=Arabic}\u060c\u061b\u061f\u0640]/u },
	{ family: 'Noto Sans Thai', file: 'noto-sans-thai', for: /[\p{Script=Thai}\u0e3f]/u },
	{ family: 'Noto Sans KR', file: 'noto-sans-kr', for: HAN, language: /^ko\b/i },
	{ family: 'Noto Sans JP', file: 'noto-sans-jp', for: HAN, language: /^ja\b/i },
	{ family: 'Noto Sans TC', file: 'noto-sans-tc', for: HAN, language: /^(?:zh-(?:hant|tw|hk|mo)|yue)\b/i },
	{ family: 'Noto Sans SC', file: 'noto-sans-sc', for: HAN, language: /^zh\b/i },
	{ family: 'Noto Sans', file: 'noto-sans', for: /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Devanagari}\p{M}\p{S}\p{P}]/u },
	{ family: 'Noto Emoji', file: 'noto-emoji', for: /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{S}]/u },
	// signs that the standards for Chinese and Japanese know: arrows, boxes, circled digits
	{ family: 'Noto Sans JP', file: 'noto-sans-jp', for: /[\p{S}\p{No}\p{P}]/u },
];

/** Stays with the font before it, where that has it. */
const CLINGING = /\p{M}/u;

/**
 * @param text all that will be shown: stand-ins are loaded for what the main font lacks
 * @param language BCP 47: decides between Chinese, Japanese and Korean forms
 */
export async function fontSet(weight: FontWeight, text: string, language = ''): Promise<FontSet> {
	const main = await mainFace(weight);
	const open = new Set([...shownText(text)].filter((one) => /\S/.test(one) && !main.metrics.has(code(one))));
	const faces = [main];
	for (const fallback of inOrderFor(language, text)) {
		if (open.size === 0) break;
		if (![...open].some((one) => fallback.for.test(one))) continue;
		const face = await fallbackFace(fallback);
		const found = [...open].filter((one) => face.metrics.has(code(one)));
		for (const one of found) open.delete(one);
		if (found.length > 0) faces.push(face);
	}
	return setOf(faces, [...open].filter((one) => !/[\u200c\u200d]/.test(one)));
}

/** The language says which Han font comes first; without one, the script of the text's other characters. */
function inOrderFor(language: string, text: string): Fallback[] {
	const guessed =
		language && FALLBACKS.some((one) => one.language?.test(language))
			? language
			: /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
				? 'ja'
				: /\p{Script=Hangul}/u.test(text)
					? 'ko'
					: 'zh';
	const first = FALLBACKS.find((one) => one.language?.test(guessed));
	return first ? [first, ...FALLBACKS.filter((one) => one !== first)] : [...FALLBACKS];
}

function setOf(faces: readonly FontFace[], missing: string[]): FontSet {
	const [main] = faces as [FontFace];
	const emOf = (fontSize: number) => fontSize / (main.metrics.ascent + main.metrics.descent);
	const faceFor = (character: string, before: FontFace | undefined): FontFace | undefined => {
		if (before && CLINGING.test(character) && before.metrics.has(code(character))) return before;
		return faces.find(({ metrics }) => metrics.has(code(character)));
	};
	const runsOf = (text: string): FontRun[] => {
		const runs: FontRun[] = [];
		for (const character of shownText(text)) {
			const last = runs.at(-1);
			// a joiner without a picture is still a joiner
			const face = /[\u200c\u200d]/.test(character) ? last?.face : faceFor(character, last?.face);
			if (last && last.face === face) last.text += character;
			else runs.push({ face, text: character });
		}
		return runs;
	};
	// asked for again and again while lines are broken
	const advances = new Map<string, number>();
	const advanceOf = (character: string) => {
		const known = advances.get(character);
		if (known !== undefined) return known;
		const advance = (faceFor(character, undefined) ?? main).metrics.advanceOf(code(character));
		advances.set(character, advance);
		return advance;
	};
	const widthOf = (text: string, fontSize: number) => {
		let sum = 0;
		for (const character of joinedForms(shownText(text))) sum += advanceOf(character);
		return sum * emOf(fontSize);
	};
	return {
		main,
		faces,
		missing,
		runsOf,
		widthOf,
		sizeOf: ({ metrics }, fontSize) => emOf(fontSize) * (metrics.ascent + metrics.descent),
		extentOf: (text, fontSize) => {
			const used = [main, ...runsOf(text).flatMap(({ face }) => face ?? [])];
			return {
				ascent: Math.max(...used.map(({ metrics }) => metrics.ascent)) * emOf(fontSize),
				descent: Math.max(...used.map(({ metrics }) => metrics.descent)) * emOf(fontSize),
			};
		},
	};
}

function code(character: string): number {
	return character.codePointAt(0) ?? 0;
}

const loaded = new Map<string, Promise<FontFace>>();

/** Each font is read once in a process. */
function once(file: string, load: () => Promise<FontFace>): Promise<FontFace> {
	const known = loaded.get(file);
	if (known) return known;
	const face = load();
	loaded.set(file, face);
	face.catch(() => loaded.delete(file));
	return face;
}

function mainFace(weight: FontWeight): Promise<FontFace> {
	const { family, file } = MAIN[weight];
	return once(file, async () => {
		const bytes = await readFile(await montserratPath(file));
		return faceOf(family, `montserrat${file}`, bytes);
	});
}

/** Its content is in the name: a job's folder may hold the fonts of an earlier release. */
function faceOf(family: string, stem: string, bytes: Buffer): FontFace {
	const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
	return { family, fileName: `${stem}${digest}.ttf`, bytes, metrics: readFontMetrics(bytes) };
}

/** The built package has the file beside this module; from source it is in the npm package. */
async function montserratPath(file: string): Promise<string> {
	const name = `Montserrat_${file}.ttf`;
	const besideUs = join(__dirname, 'fonts', name);
	const isBuilt = await access(besideUs).then(
		() => true,
		() => false,
	);
	if (isBuilt) return besideUs;
	const { resolve } = createRequire(__filename);
	return join(dirname(resolve('@expo-google-fonts/montserrat/package.json')), file, name);
}

const unpack = promisify(brotliDecompress);

function fallbackFace({ family, file }: Fallback): Promise<FontFace> {
	return once(file, async () => {
		const bytes = await unpack(await readFile(join(__dirname, 'fonts', `${file}.ttf.br`)));
		return faceOf(family, file.replaceAll('-', ''), bytes);
	});
}
