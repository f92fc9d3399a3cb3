/** The video in frames: which scene fills which frames, and which clip which part of it. */
import type { SpokenScene } from '../documents';

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

export interface ShotFrames<Clip> {
	clip: Clip;
	frames: number;
	/** The clip is shorter than its part and begins again. */
	looped: boolean;
}

/**
 * Gives each clip a part of the scene in proportion to its length: cut when the clips are longer
 * than the scene together, looped when they are shorter.
 */
export function shotsFor<Clip extends { durationS: number }>(
	frames: number,
	clips: readonly Clip[],
	fps: number,
): Array<ShotFrames<Clip>> {
	const totalS = clips.reduce((sum, { durationS }) => sum + durationS, 0);
	let passedS = 0;
	let startFrame = 0;
	return clips.flatMap((clip) => {
		passedS += clip.durationS;
		const endFrame = Math.round((frames * passedS) / totalS);
		const own = endFrame - startFrame;
		startFrame = endFrame;
		return own > 0 ? [{ clip, frames: own, looped: own > Math.floor(clip.durationS * fps) }] : [];
	});
}
