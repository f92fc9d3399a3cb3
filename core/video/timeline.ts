/** The video in frames: which scene fills which frames, and which clip or photo which part of it. */
import type { SpokenScene } from '../documents';
import type { Picture } from './picture';
import type { Shot } from './shot';

/** A scene's place on the time line. */
export interface SceneFrames {
	sceneId: string;
	/** Position of the scene in the script. */
	index: number;
	startFrame: number;
	frames: number;
}

/**
 * Whole frames for each scene. Borders are rounded on the common time line, so that rounding never
 * adds up: the sum is the narration's length to half a frame. A scene too short for a frame is left out.
 * @param durationS length of the narration; the last scene lasts until then
 */
export function sceneFrames(
	scenes: readonly SpokenScene[],
	durationS: number,
	fps: number,
): SceneFrames[] {
	const total = Math.max(1, Math.round(durationS * fps));
	let startFrame = 0;
	return scenes.flatMap((scene, index) => {
		const isLast = index === scenes.length - 1;
		const border = isLast ? total : Math.round(scene.end_s * fps);
		const endFrame = Math.min(Math.max(border, startFrame), total);
		const frames = endFrame - startFrame;
		if (frames === 0) return [];
		const placed = { sceneId: scene.scene_id, index, startFrame, frames };
		startFrame = endFrame;
		return [placed];
	});
}

/** Seconds that a photo is worth beside clips that fill the scene without it. */
export const PHOTO_S = 6;

export interface ShotFrames<Clip> {
	clip: Clip;
	frames: number;
	/** The clip is shorter than its part and begins again. */
	looped: boolean;
}

/**
 * Gives each clip a part of the scene in proportion to its length: cut when the clips are longer
 * than the scene together, looped when they are shorter. Photos last as long as they must: where there
 * are some, clips keep their length and photos share the rest.
 */
export function shotsFor<Clip extends Pick<Picture, 'durationS' | 'kind'>>(
	frames: number,
	clips: readonly Clip[],
	fps: number,
): Array<ShotFrames<Clip>> {
	const photos = clips.filter(({ kind }) => kind === 'photo').length;
	const movingS = clips.reduce((sum, { durationS }) => sum + durationS, 0);
	const photoS = photos === 0 ? 0 : Math.max(PHOTO_S, (frames / fps - movingS) / photos);
	const lengthOf = ({ kind, durationS }: Clip) => (kind === 'photo' ? photoS : durationS);
	const totalS = movingS + photos * photoS;
	let passedS = 0;
	let startFrame = 0;
	return clips.flatMap((clip) => {
		passedS += lengthOf(clip);
		const endFrame = Math.round((frames * passedS) / totalS);
		const own = endFrame - startFrame;
		startFrame = endFrame;
		if (own <= 0) return [];
		return [{ clip, frames: own, looped: clip.kind === 'video' && own > Math.floor(clip.durationS * fps) }];
	});
}

/**
 * What a scene shows, frame by frame.
 * @param cardText chooses the colours of the card that stands where there is no picture
 * @param goesOnFrames frames that its last picture is seen on, under the transition behind it
 */
export function sceneShots(
	frames: number,
	pictures: readonly Picture[],
	{ fps, cardText, goesOnFrames }: { fps: number; cardText: string; goesOnFrames: number },
): Shot[] {
	const placed = shotsFor(frames, pictures, fps);
	if (placed.length === 0) return [{ kind: 'card', text: cardText, startFrame: 0, frames }];
	return placed.map(({ clip, frames: own }, index): Shot => {
		const { file, look } = clip;
		const common = { file, look, startFrame: 0, frames: own };
		if (clip.kind === 'video') {
			return { kind: 'video', ...common, clipFrames: Math.max(1, Math.floor(clip.durationS * fps)) };
		}
		const isLast = index === placed.length - 1;
		return { kind: 'photo', ...common, wholeFrames: own + (isLast ? goesOnFrames : 0) };
	});
}

/** The same picture, going on where it ended. */
export function goneOn(shot: Shot, frames: number): Shot {
	return { ...shot, startFrame: shot.startFrame + shot.frames, frames };
}
