/** Footage for every scene of a video: found, ranked, chosen without repetition, brought here; the choice is kept for reruns. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { mapLimited } from '../../concurrency';
import type { FootageSource, MediaFile } from '../../documents';
import { isYtempireError } from '../../errors';
import { contentHash, mediaStands } from '../../hash';
import { probe, writeAside, type FfmpegTools } from '../../video/ffmpeg';
import { Chooser } from './choose';
import { orientationOf, type FootageCandidate } from './footage';
import type { FootageLibrary } from './library';
import { bestRendition, keyOf, ranked } from './rank';
import { claimFootage, settleFootage, usedLately } from './uses';

export interface SceneNeed {
	sceneId: string;
	query: string;
	durationS: number;
}

/** A clip on this machine, measured. */
export interface Clip {
	file: MediaFile;
	/** Seconds of picture, as probed. */
	durationS: number;
	/** Width of a pixel over its height. */
	sampleAspect: number;
	source: FootageSource;
}

export interface GatherInput {
	needs: readonly SceneNeed[];
	library: FootageLibrary;
	/** Pixels of the output. */
	width: number;
	height: number;
	/** The choice is kept here, so that a rerun makes the same video and asks the libraries nothing. */
	workDir: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	onProgress?: (fraction: number, note: string) => void;
}

export interface Gathered {
	/** One list for each need, in its order; empty when nothing was found. */
	clips: Clip[][];
	warnings: string[];
}

/** Pixels: below HD a clip is no help, whatever the output; above, the score weighs it. */
const LEAST_WIDTH = 1280;

const SEARCHES_AT_ONCE = 4;
const DOWNLOADS_AT_ONCE = 3;

/** Share of the progress that searching and choosing take. */
const SEARCH_SHARE = 0.25;

/** @throws YtempireError when no library can be asked; a single file that is refused is replaced */
export async function gatherFootage(input: GatherInput): Promise<Gathered> {
	const { needs, library, width, height } = input;
	const choice = { needs, library: library.name, checked: library.judge !== undefined, width, height };
	const kept = join(input.workDir, `footage-${contentHash(choice).slice(0, 16)}.json`);
	const gathered = (await keptChoice(kept)) ?? (await gather(input));
	if (library.history) {
		const sources = gathered.clips.flat().map(({ source, file }) => ({ ...source, sha256: file.sha256 }));
		await settleFootage(library.history, sources);
	}
	await writeAside(kept, (temporary) => writeFile(temporary, JSON.stringify(gathered)));
	return gathered;
}

async function keptChoice(path: string): Promise<Gathered | undefined> {
	try {
		const kept = JSON.parse(await readFile(path, 'utf8')) as Gathered;
		const standing = await Promise.all(kept.clips.flat().map(({ file }) => mediaStands(file)));
		return standing.every(Boolean) ? kept : undefined;
	} catch {
		return undefined;
	}
}

async function gather(input: GatherInput): Promise<Gathered> {
	const { needs, library, signal } = input;
	const warnings = new Set<string>();
	const found = await searchAll(input, warnings);
	const used = library.history ? await usedLately(library.history) : new Set<string>();
	const chooser = new Chooser(library.judge, used, warnings, signal);
	// chosen in the scenes' order before anything is brought, so that the same answers give the same video
	const chosen: FootageCandidate[][] = [];
	for (const [index, need] of needs.entries()) {
		chosen.push(await chooser.choose(need, found[index] ?? []));
		input.onProgress?.(SEARCH_SHARE, `Choosing footage: ${index + 1} of ${needs.length} scenes`);
	}
	const taken = library.history ? await claimFootage(library.history, chosen.flat().map(asUse)) : new Set<string>();

	const jobs = chosen.flatMap((candidates, index) => candidates.map((candidate) => ({ candidate, index })));
	let brought = 0;
	const first = await mapLimited(
		jobs,
		DOWNLOADS_AT_ONCE,
		async ({ candidate, index }, _position, either) => {
			if (taken.has(keyOf(candidate))) return undefined;
			const clip = await bring(candidate, needs[index]?.sceneId ?? '', { ...input, signal: either }, warnings);
			input.onProgress?.(
				SEARCH_SHARE + ((1 - SEARCH_SHARE) * ++brought) / jobs.length,
				`Downloading footage: ${brought} of ${jobs.length} clips`,
			);
			return clip;
		},
		signal,
	);
	const clips = needs.map((_need, index) =>
		first.filter((clip, position) => clip && jobs[position]?.index === index).filter((clip) => clip !== undefined),
	);
	for (const [index, need] of needs.entries()) {
		const own = clips[index] ?? [];
		if (own.length < (chosen[index]?.length ?? 0)) {
			await replaceRefused(own, need, found[index] ?? [], chooser, input, warnings);
		}
		if (own.length === 0) {
			const why = found[index]?.length ? `None of the ${found[index].length} clips found for "${need.query}" could be taken` : `No footage was found for "${need.query}"`;
			warnings.add(`${why} (${need.sceneId}): the scene shows a titled card`);
		}
	}
	return { clips, warnings: [...warnings] };
}

/** Best first, for each scene; the same words are searched once. */
async function searchAll({ needs, library, width, height, signal, onProgress }: GatherInput, warnings: Set<string>): Promise<FootageCandidate[][]> {
	const queries = [...new Set(needs.map(({ query }) => query))];
	let searched = 0;
	const answers = await mapLimited(
		queries,
		SEARCHES_AT_ONCE,
		async (query, _index, either) => {
			const orientation = orientationOf(width, height);
			const minWidth = Math.min(width, LEAST_WIDTH);
			const { candidates, warnings: own } = await library.search({ kind: 'video', query, orientation, minWidth, signal: either });
			for (const warning of own) warnings.add(warning);
			onProgress?.((SEARCH_SHARE * ++searched) / queries.length, 'Searching footage');
			return candidates;
		},
		signal,
	);
	return needs.map(({ query, durationS }) => ranked(answers[queries.indexOf(query)] ?? [], { query, durationS, width, height }));
}

/** Goes on down the list until the scene is filled or the list is at its end. */
async function replaceRefused(
	clips: Clip[],
	need: SceneNeed,
	candidates: readonly FootageCandidate[],
	chooser: Chooser,
	input: GatherInput,
	warnings: Set<string>,
): Promise<void> {
	const { history } = input.library;
	for (;;) {
		const missingS = need.durationS - clips.reduce((sum, { durationS }) => sum + durationS, 0);
		const [next] = missingS > 0 ? await chooser.choose({ ...need, durationS: Math.min(missingS, 0.001) }, candidates) : [];
		if (!next) return;
		if (history && (await claimFootage(history, [asUse(next)])).has(keyOf(next))) continue;
		const clip = await bring(next, need.sceneId, input, warnings);
		if (clip) clips.push(clip);
	}
}

const asUse = ({ provider, id }: FootageCandidate) => ({ provider, id, sha256: '' });

/** `undefined` when the file was refused. */
async function bring(
	candidate: FootageCandidate,
	sceneId: string,
	input: GatherInput,
	warnings: Set<string>,
): Promise<Clip | undefined> {
	const { library, tools, signal } = input;
	const rendition = bestRendition(candidate, input);
	if (!rendition) return undefined;
	try {
		const file = await library.obtain(candidate, rendition, { signal });
		const { video, durationS } = await probe(tools, file.path, signal);
		return {
			file,
			durationS: video?.durationS || durationS,
			sampleAspect: video?.sampleAspect ?? 1,
			source: {
				scene_id: sceneId,
				provider: candidate.provider,
				kind: candidate.kind,
				id: candidate.id,
				page_url: candidate.pageUrl,
				author: candidate.author,
				author_url: candidate.authorUrl,
				license: candidate.license,
				width: rendition.width,
				height: rendition.height,
			},
		};
	} catch (error) {
		if (!isYtempireError(error) || error.errorClass !== 'invalid-request') throw error;
		warnings.add(`${error.message} (${sceneId}, clip ${candidate.id})`);
		return undefined;
	}
}
