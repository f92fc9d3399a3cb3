/** Finds an ffmpeg and an ffprobe that can do what this package asks of them. */
import { constants } from 'node:fs';
import { access, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';

import { invalidRequest, isYtempireError, type YtempireError } from '../../errors';
import { runProcess } from './process';

export interface FfmpegTools {
	ffmpeg: string;
	ffprobe: string;
	/** The first line's version word, e.g. `5.1.6-0+deb12u1`. */
	version: string;
	/** Names of the filters this build has. */
	filters: ReadonlySet<string>;
	/** Why the system's was not taken, when there is one that can't do the work. */
	passedOver?: string;
}

export interface ExplicitPaths {
	ffmpegPath?: string;
	ffprobePath?: string;
}

/** Filters and encoders without which no video can be made and measured. */
export const NEEDED = {
	filters: [
		'afade', 'aformat', 'alimiter', 'amix', 'amultiply', 'anull', 'apad', 'aresample', 'asetpts', 'ass', 'astats', 'atrim',
		'blackdetect', 'color', 'concat', 'crop',
		'ebur128', 'eq', 'fade', 'format', 'fps', 'freezedetect', 'geq', 'hflip', 'loop', 'overlay', 'perspective', 'scale',
		'select', 'setpts', 'setsar', 'showinfo', 'silencedetect', 'transpose', 'trim', 'unsharp', 'vflip', 'volume',
	],
	encoders: ['aac', 'libx264'],
} as const;

/** libavutil of FFmpeg 5.0: builds from git carry no release number, but every build tells this. */
const LIBAVUTIL_OF_5_0 = 57;

const EXE = process.platform === 'win32' ? '.exe' : '';

const found = new Map<string, Promise<FfmpegTools>>();

/**
 * Looks in this order: the explicit path, `YTEMPIRE_FFMPEG_PATH`/`YTEMPIRE_FFPROBE_PATH`, the
 * system's path (5.0 or newer), the builds that npm brings. Of those that nobody named, one that can't do the
 * work is passed over. The answer is kept per paths.
 * @throws YtempireError `invalid-request` when there is none, or when the one named, or each, lacks a needed filter
 */
export function findFfmpeg(explicit: ExplicitPaths = {}): Promise<FfmpegTools> {
	const ffmpegPath = explicit.ffmpegPath || process.env.YTEMPIRE_FFMPEG_PATH || '';
	const ffprobePath = explicit.ffprobePath || process.env.YTEMPIRE_FFPROBE_PATH || '';
	const key = JSON.stringify([ffmpegPath, ffprobePath, process.env.PATH]);
	let search = found.get(key);
	if (!search) {
		search = find(ffmpegPath, ffprobePath);
		search.catch(() => found.delete(key));
		found.set(key, search);
	}
	return search;
}

async function find(ffmpegPath: string, ffprobePath: string): Promise<FfmpegTools> {
	const explicit = await named(ffmpegPath);
	if (explicit) return await examined(explicit, ffprobePath);
	let passedOver: YtempireError | undefined;
	for (const look of [recentOnPath, newerPackaged, packaged]) {
		try {
			const path = await look();
			const tools = path ? await examined(path, ffprobePath) : undefined;
			if (tools) return { ...tools, ...(passedOver ? { passedOver: passedOver.message } : {}) };
		} catch (error) {
			// another one may do what this one can't
			if (!isYtempireError(error)) throw error;
			passedOver ??= error;
		}
	}
	throw (
		passedOver ??
		invalidRequest('ffmpeg was not found', {
			cure: 'Install ffmpeg 5.0 or newer (e.g. `apt-get install ffmpeg`), or name its path in YTEMPIRE_FFMPEG_PATH.',
		})
	);
}

/** @throws YtempireError `invalid-request` when it can't do the work, or has no ffprobe beside it or anywhere */
async function examined(ffmpeg: string, ffprobePath: string): Promise<FfmpegTools> {
	const ffprobe =
		(await named(ffprobePath)) ||
		(await runnable(join(dirname(ffmpeg), `ffprobe${EXE}`))) ||
		(await onPath('ffprobe')) ||
		(await packagedFile('@ffprobe-installer/ffprobe', `@ffprobe-installer/${target()}`, 'ffprobe'));
	if (!ffprobe) {
		throw invalidRequest('ffprobe was not found', {
			cure: 'Install ffmpeg 5.0 or newer, which brings ffprobe, or name its path in YTEMPIRE_FFPROBE_PATH.',
		});
	}
	const version = await versionOf(ffmpeg);
	await versionOf(ffprobe);
	const filters = names(await listing(ffmpeg, '-filters'), /^\s*[T.][S.][C.]?\s+(\w+)\s+\S+->\S+/);
	const encoders = names(await listing(ffmpeg, '-encoders'), /^\s*[VAS][\w.]{5}\s+(\S+)/);
	const missing = [
		...NEEDED.filters.filter((name) => !filters.has(name)).map((name) => `filter ${name}`),
		...NEEDED.encoders.filter((name) => !encoders.has(name)).map((name) => `encoder ${name}`),
	];
	if (missing.length > 0) {
		throw invalidRequest(`ffmpeg ${version.word} at ${ffmpeg} lacks: ${missing.join(', ')}`, {
			cure: 'Use a full build of ffmpeg (with libx264 and libass), or name another one in YTEMPIRE_FFMPEG_PATH.',
		});
	}
	return { ffmpeg, ffprobe, version: version.word, filters };
}

/** Absolute, because it is run from other folders; a plain name is looked up like any command. */
async function named(path: string): Promise<string> {
	if (!path) return '';
	return /[\\/]/.test(path) ? resolve(path) : ((await onPath(path)) ?? path);
}

async function recentOnPath(): Promise<string | undefined> {
	const path = await onPath('ffmpeg');
	if (!path) return undefined;
	const version = await versionOf(path);
	return version.libavutil >= LIBAVUTIL_OF_5_0 ? path : undefined;
}

/** A newer static build, when the operator installed it. */
async function newerPackaged(): Promise<string | undefined> {
	return await packagedFile(undefined, `@ffmpeg-binary/${target()}`, 'ffmpeg');
}

/** The one that this package depends on. */
async function packaged(): Promise<string | undefined> {
	return await packagedFile('@ffmpeg-installer/ffmpeg', `@ffmpeg-installer/${target()}`, 'ffmpeg');
}

function target(): string {
	return `${process.platform}-${process.arch}`;
}

/** A program inside an npm package, which may be nested under the package that depends on it. */
async function packagedFile(
	parent: string | undefined,
	name: string,
	program: string,
): Promise<string | undefined> {
	try {
		let { resolve: locate } = createRequire(__filename);
		if (parent) locate = createRequire(locate(`${parent}/package.json`)).resolve;
		return await runnable(join(dirname(locate(`${name}/package.json`)), `${program}${EXE}`));
	} catch {
		return undefined;
	}
}

async function onPath(program: string): Promise<string | undefined> {
	for (const folder of (process.env.PATH ?? '').split(delimiter)) {
		if (!folder) continue;
		const path = join(folder, `${program}${EXE}`);
		if (await mayRun(path)) return path;
	}
	return undefined;
}

/** The path if it can be run; npm without install scripts leaves programs without their x bit. */
async function runnable(path: string): Promise<string | undefined> {
	if (await mayRun(path)) return path;
	try {
		await chmod(path, 0o755);
	} catch {
		return undefined;
	}
	return path;
}

async function mayRun(path: string): Promise<boolean> {
	return access(path, constants.X_OK).then(
		() => true,
		() => false,
	);
}

async function versionOf(program: string): Promise<{ word: string; libavutil: number }> {
	const lines = await listing(program, '-version');
	const word = /^ff\w+ version (\S+)/.exec(lines[0] ?? '')?.[1];
	if (!word) {
		throw invalidRequest(`${program} does not answer as ffmpeg does`, {
			cure: 'Name the path of a real ffmpeg or ffprobe.',
		});
	}
	const libavutil = lines.map((line) => /^libavutil\s+(\d+)\./.exec(line)?.[1]).find(Boolean);
	return { word, libavutil: Number(libavutil ?? 0) };
}

async function listing(program: string, flag: string): Promise<string[]> {
	const lines: string[] = [];
	await runProcess(program, ['-hide_banner', flag], {
		timeoutMs: 30_000,
		onStdoutLine: (line) => lines.push(line),
	});
	return lines;
}

function names(lines: readonly string[], pattern: RegExp): Set<string> {
	return new Set(lines.flatMap((line) => pattern.exec(line)?.[1] ?? []));
}
