/** Footage for every scene of a video: found, ranked, chosen without repetition, brought here; the choice is kept for reruns. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { mapLimited } from '../../concurrency';
import type { FootageSource, MediaFile } from '../../documents';
import { isYtempireError } from '../../errors';
import { contentHash, mediaStands } from '../../hash';
import { probe, writeAside, type FfmpegTools } from '../../video/ffmpeg';
import { orientationOf, type FootageCandidate, type FootageProvider } from './footage';
import { bestRendition, chooseClips, ranked } from './rank';

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
	provider: FootageProvider;
	/** Pixels of the output. */
	width: number;
	height: number;
	/** The choice is kept here, so that a rerun makes the same video and asks the provider nothing. */
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

const SEARCHES_AT_ONCE = 4;
const DOWNLOADS_AT_ONCE = 3;

/** Share of the progress that searching takes. */
const SEARCH_SHARE = 0.25;

/** @throws YtempireError when the provider can't be asked; a single file that is refused is replaced */
export async function gatherFootage(input: GatherInput): Promise<Gathered> {
	const { needs, provider, width, height } = input;
	const kept = join(
		input.workDir,
		`footage-${contentHash({ needs, provider: provider.name, width, height }).slice(0, 16)}.json`,
	);
	const before = await keptChoice(kept);
	if (before) return before;
	const gathered = await gather(input);
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
	const { needs, provider, width, height } = input;
	const warnings: string[] = [];
	let searched = 0;
	const found = await mapLimited(
		needs,
		SEARCHES_AT_ONCE,
		async ({ query, durationS }, _index, signal) => {
			const candidates = await provider.searchVideos(query, {
				orientation: orientationOf(width, height),
				minWidth: width,
				signal,
			});
			input.onProgress?.((SEARCH_SHARE * ++searched) / needs.length, 'Searching footage');
			return ranked(candidates, { query, durationS, width, height });
		},
		input.signal,
	);
	// chosen in the scenes' order before anything is brought, so that the same answers give the same video
	const used = new Set<string>();
	const chosen = needs.map(({ durationS }, index) => chooseClips(found[index] ?? [], durationS, used));
	const jobs = chosen.flatMap((candidates, index) => candidates.map((candidate) => ({ candidate, index })));
	let brought = 0;
	const first = await mapLimited(
		jobs,
		DOWNLOADS_AT_ONCE,
		async ({ candidate, index }, _position, signal) => {
			const clip = await bring(candidate, needs[index]?.sceneId ?? '', { ...input, signal }, warnings);
			input.onProgress?.(
				SEARCH_SHARE + ((1 - SEARCH_SHARE) * ++brought) / jobs.length,
				`Downloading footage: ${brought} of ${jobs.length} clips`,
			);
			return clip;
		},
		input.signal,
	);
	const clips = needs.map((_need, index) =>
		first.filter((clip, position) => clip && jobs[position]?.index === index).filter((clip) => clip !== undefined),
	);
	for (const [index, need] of needs.entries()) {
		const own = clips[index] ?? [];
		if (own.length < (chosen[index]?.length ?? 0)) {
			await replaceRefused(own, need, found[index] ?? [], used, input, warnings);
		}
		if (own.length === 0) {
			warnings.push(`No footage was found for "${need.query}" (${need.sceneId}): the scene shows a titled card`);
		}
	}
	return { clips, warnings };
}

/** Goes on down the list until the scene is filled or the list is at its end. */
async function replaceRefused(
	clips: Clip[],
	need: SceneNeed,
	candidates: readonly FootageCandidate[],
	used: Set<string>,
	input: GatherInput,
	warnings: string[],
): Promise<void> {
	for (;;) {
		const missingS = need.durationS - clips.reduce((sum, { durationS }) => sum + durationS, 0);
		const [next] = missingS > 0 ? chooseClips(candidates, Math.min(missingS, 0.001), used) : [];
		if (!next) return;
		const clip = await bring(next, need.sceneId, input, warnings);
		if (clip) clips.push(clip);
	}
}

/** `undefined` when the file was refused. */
async function bring(
	candidate: FootageCandidate,
	sceneId: string,
	input: GatherInput,
	warnings: string[],
): Promise<Clip | undefined> {
	const { provider, tools, signal } = input;
	const rendition = bestRendition(candidate, input);
	if (!rendition) return undefined;
	try {
		const file = await provider.obtain(candidate, rendition, { signal });
		const { video, durationS } = await probe(tools, file.path, signal);
		return {
			file,
			durationS: video?.durationS || durationS,
			sampleAspect: video?.sampleAspect ?? 1,
			source: {
				scene_id: sceneId,
				provider: candidate.provider,
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
		warnings.push(`${error.message} (${sceneId}, clip ${candidate.id})`);
		return undefined;
	}
}
