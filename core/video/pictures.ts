/** What each scene shows: own clips and pictures first, then found ones, then a painted picture, else a card. */
import { mapLimited } from '../concurrency';
import { throwIfCancelled } from '../abort';
import type { FootageSource, Scene, Script, ShownPicture } from '../documents';
import { isYtempireError } from '../errors';
import { mediaFile } from '../hash';
import { gatherFootage } from '../providers/footage/gather';
import type { FootageLibrary } from '../providers/footage/library';
import type { FfmpegTools } from './ffmpeg';
import { measureOwn, mediaOfScenes, type OwnMedia } from './own-media';
import { measurePicture, type Picture } from './picture';
import type { SceneFrames } from './timeline';

/**
 * Paints a picture for a scene that has no footage.
 * @returns the path of a PNG or JPEG file
 * @throws YtempireError when it can't; then the scene shows a card
 */
export type PaintScene = (
	scene: Scene,
	wanted: { width: number; height: number; signal?: AbortSignal },
) => Promise<string>;

export interface PicturesInput {
	script: Script;
	/** Places of the scenes; each of them gets its pictures. */
	scenes: readonly SceneFrames[];
	ownMedia?: readonly OwnMedia[];
	footage: FootageLibrary | undefined;
	paint?: PaintScene;
	width: number;
	height: number;
	fps: number;
	workDir: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	onProgress?: (fraction: number, note: string) => void;
}

export interface ScenePictures {
	/** One list for each scene, in order; an empty one asks for a card. */
	pictures: Picture[][];
	sources: FootageSource[];
	/** The same with the cards, and where each came from. */
	shown: ShownPicture[];
	warnings: string[];
}

/** Scenes that miss less than this are filled by what they have. Seconds. */
const MISSED_S = 1;

/** Pictures painted at once: services of images are slow and count requests. */
const PAINTED_AT_ONCE = 2;

const CARDS = 'No footage is found without a credential of a library: scenes without a picture show a titled card';

/** @throws YtempireError of the libraries, or `invalid-request` for own files that can't be shown */
export async function picturesFor(input: PicturesInput): Promise<ScenePictures> {
	const { scenes, script, footage, fps, width, height, workDir, tools, signal } = input;
	const own = await ownPictures(input);
	const needs = scenes.flatMap(({ sceneId, frames }, index) => {
		const durationS = frames / fps - lengthOf(own[index] ?? [], frames / fps);
		const isFilled = (own[index] ?? []).length > 0 && durationS < MISSED_S;
		return isFilled ? [] : [{ index, sceneId, query: queryOf(script, sceneId), durationS }];
	});
	const gathered = footage && needs.length > 0
		? await gatherFootage({
				needs: needs.map(({ sceneId, query, durationS }) => ({ sceneId, query, durationS })),
				...{ library: footage, width, height, workDir, tools, signal },
				onProgress: input.onProgress,
			})
		: { clips: needs.map(() => []), warnings: [] };
	const pictures = own.map((list) => [...list]);
	needs.forEach(({ index }, position) => pictures[index]?.push(...(gathered.clips[position] ?? [])));
	const warnings = new Set(gathered.warnings);
	await paintMissing(input, pictures, warnings);
	const cards = scenes.filter((_scene, index) => pictures[index]?.length === 0).map(({ sceneId }) => sceneId);
	if (cards.length > 0) warnings.add(footage ? `A titled card is shown in ${cards.join(', ')}` : CARDS);
	const sources = gathered.clips.flat().map(({ source }) => source);
	const found = new Set<Picture>(gathered.clips.flat());
	const shown = scenes.flatMap(({ sceneId }, index) =>
		shownIn(sceneId, pictures[index] ?? [], (picture) =>
			found.has(picture) ? 'found' : (own[index] ?? []).includes(picture) ? 'own' : 'painted',
		),
	);
	return { pictures, sources, shown, warnings: [...warnings] };
}

function shownIn(sceneId: string, pictures: readonly Picture[], originOf: (picture: Picture) => ShownPicture['origin']): ShownPicture[] {
	if (pictures.length === 0) return [{ scene_id: sceneId, shows: 'card', origin: 'drawn', sha256: '' }];
	return pictures.map((picture) => ({
		scene_id: sceneId,
		shows: picture.kind === 'photo' ? 'photo' : 'clip',
		origin: originOf(picture),
		sha256: picture.file.sha256,
	}));
}

async function ownPictures({ scenes, ownMedia = [], tools, signal }: PicturesInput): Promise<Picture[][]> {
	const files = mediaOfScenes(scenes.map(({ sceneId }) => sceneId), ownMedia);
	return await mapLimited(
		files,
		2,
		async (list, _index, either) => {
			const measured: Picture[] = [];
			for (const file of list) measured.push(await measureOwn(tools, file, either));
			return measured;
		},
		signal,
	);
}

/** A photo lasts as long as its scene. */
function lengthOf(pictures: readonly Picture[], sceneS: number): number {
	return pictures.reduce((sum, { kind, durationS }) => sum + (kind === 'photo' ? sceneS : durationS), 0);
}

async function paintMissing(input: PicturesInput, pictures: Picture[][], warnings: Set<string>): Promise<void> {
	const { scenes, script, paint, width, height, tools, signal } = input;
	if (!paint) return;
	const missing = scenes.flatMap(({ sceneId }, index) => {
		const scene = script.scenes.find(({ id }) => id === sceneId);
		return pictures[index]?.length === 0 && scene ? [{ index, scene }] : [];
	});
	await mapLimited(
		missing,
		PAINTED_AT_ONCE,
		async ({ index, scene }, _position, either) => {
			try {
				const path = await paint(scene, { width, height, signal: either });
				pictures[index]?.push(await measurePicture(tools, 'photo', await mediaFile(path, 'image/png'), either));
			} catch (error) {
				throwIfCancelled(either);
				if (!isYtempireError(error)) throw error;
				warnings.add(`No picture was painted for ${scene.id}: ${error.message}`);
			}
		},
		signal,
	);
}

function queryOf(script: Script, sceneId: string): string {
	return script.scenes.find(({ id }) => id === sceneId)?.visual_query || script.title;
}
