/** Footage for every scene of a video: found, ranked, chosen without repetition, brought here; the choice is kept for reruns. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { throwIfCancelled } from '../../abort';
import { mapLimited } from '../../concurrency';
import { isYtempireError } from '../../errors';
import { contentHash, mediaStands } from '../../hash';
import { writeAside, type FfmpegTools } from '../../video/ffmpeg';
import { PHOTO_S } from '../../video/timeline';
import { Bringer, type Clip } from './bring';
import { Chooser } from './choose';
import { orientationOf, type FootageCandidate, type FootageKind } from './footage';
import type { FootageLibrary } from './library';
import { isLargeEnough, keyOf, ranked } from './rank';
import { claimFootage, settleFootage, usedLately } from './uses';

export interface SceneNeed {
	sceneId: string;
	query: string;
	durationS: number;
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

/** Pixels of the shorter side: below HD a clip is no help, whatever the output; above, the score weighs it. */
const LEAST_SIDE = 720;

/** Photos in one scene at most; a longer scene shows each for longer. */
const MOST_PHOTOS = 4;

const SEARCHES_AT_ONCE = 4;
const DOWNLOADS_AT_ONCE = 3;

/** Share of the progress that searching and choosing take. */
const SEARCH_SHARE = 0.25;

/** @throws YtempireError when no library can be asked, or none hands a file out; a single file that is refused or can't be had is replaced */
export async function gatherFootage(input: GatherInput): Promise<Gathered> {
	const { needs, library, width, height } = input;
	const { avoided = [] } = library.history ?? {};
	const choice = {
		...{ version: 3, needs, library: library.name, checked: library.judge !== undefined, width, height },
		...(avoided.length > 0 ? { avoided } : {}),
	};
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
	const found = await searchAll(input, needs, 'video', warnings);
	const used = library.history ? await usedLately(library.history) : new Set<string>();
	const chooser = new Chooser(library.judge, used, warnings, signal);
	const bringer = new Bringer(input, warnings);
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
			const clip = await bringer.bring(candidate, needs[index]?.sceneId ?? '', either);
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
			await replaceMissing(own, need, found[index] ?? [], chooser, bringer, input);
		}
	}
	const photos = await fillWithPhotos(input, clips, chooser, bringer, warnings);
	bringer.throwIfNothingCame();
	for (const [index, need] of needs.entries()) {
		if (clips[index]?.length !== 0) continue;
		const count = (found[index]?.length ?? 0) + (photos.get(need) ?? 0);
		const why = count > 0 ? `None of the ${count} clips and photos found for "${need.query}" could be taken` : `No footage was found for "${need.query}"`;
		warnings.add(`${why} (${need.sceneId})`);
	}
	return { clips, warnings: [...warnings] };
}

/**
 * Photos for the scenes that no clip fits, each for some seconds. Libraries that can't be searched for them
 * leave a warning only: the video can be made without.
 * @returns how many were found for a scene
 */
async function fillWithPhotos(
	input: GatherInput,
	clips: Clip[][],
	chooser: Chooser,
	bringer: Bringer,
	warnings: Set<string>,
): Promise<Map<SceneNeed, number>> {
	const { history } = input.library;
	const empty = input.needs.filter((_need, index) => clips[index]?.length === 0);
	const counts = new Map<SceneNeed, number>();
	if (empty.length === 0) return counts;
	let found: FootageCandidate[][];
	try {
		found = await searchAll(input, empty, 'photo', warnings);
	} catch (error) {
		throwIfCancelled(input.signal);
		if (!isYtempireError(error)) throw error;
		warnings.add(`No photos could be searched: ${error.message}`);
		return counts;
	}
	for (const [index, need] of empty.entries()) {
		// the chooser fills a scene by lengths
		const candidates = (found[index] ?? []).map((photo) => ({ ...photo, durationS: PHOTO_S }));
		counts.set(need, candidates.length);
		const own = clips[input.needs.indexOf(need)] ?? [];
		while (own.length < Math.min(MOST_PHOTOS, Math.ceil(need.durationS / PHOTO_S))) {
			const [next] = await chooser.choose({ ...need, durationS: 0.001 }, bringer.soundFirst(candidates));
			if (!next) break;
			if (history && (await claimFootage(history, [asUse(next)])).has(keyOf(next))) continue;
			const photo = await bringer.bring({ ...next, durationS: 0 }, need.sceneId, input.signal);
			if (photo) own.push(photo);
		}
	}
	return counts;
}

/** Best first, for each scene; the same words are searched once. */
async function searchAll(
	{ library, width, height, signal, onProgress }: GatherInput,
	needs: readonly SceneNeed[],
	kind: FootageKind,
	warnings: Set<string>,
): Promise<FootageCandidate[][]> {
	const queries = [...new Set(needs.map(({ query }) => query))];
	let searched = 0;
	const answers = await mapLimited(
		queries,
		SEARCHES_AT_ONCE,
		async (query, _index, either) => {
			const orientation = orientationOf(width, height);
			const minSide = Math.min(width, height, LEAST_SIDE);
			const { candidates, warnings: own } = await library
				.search({ kind, query, orientation, minSide, signal: either })
				.catch((error: unknown) => {
					// a library of photos has no clips, and the other way round
					if (isYtempireError(error) && error.reason === 'no-provider') return { candidates: [], warnings: [] };
					throw error;
				});
			for (const warning of own) warnings.add(warning);
			onProgress?.((SEARCH_SHARE * ++searched) / queries.length, 'Searching footage');
			return candidates;
		},
		signal,
	);
	return needs.map(({ query, durationS }) => {
		const need = { query, durationS, width, height };
		return ranked((answers[queries.indexOf(query)] ?? []).filter((candidate) => isLargeEnough(candidate, need)), need);
	});
}

/** Goes on down the list until the scene is filled or the list is at its end. */
async function replaceMissing(
	clips: Clip[],
	need: SceneNeed,
	candidates: readonly FootageCandidate[],
	chooser: Chooser,
	bringer: Bringer,
	{ library: { history }, signal }: GatherInput,
): Promise<void> {
	for (;;) {
		const missingS = need.durationS - clips.reduce((sum, { durationS }) => sum + durationS, 0);
		const [next] = missingS > 0 ? await chooser.choose({ ...need, durationS: Math.min(missingS, 0.001) }, bringer.soundFirst(candidates)) : [];
		if (!next) return;
		if (history && (await claimFootage(history, [asUse(next)])).has(keyOf(next))) continue;
		const clip = await bringer.bring(next, need.sceneId, signal);
		if (clip) clips.push(clip);
	}
}

const asUse = ({ provider, id }: FootageCandidate) => ({ provider, id, sha256: '' });
