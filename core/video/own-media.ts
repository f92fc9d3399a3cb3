/** Clips and pictures that the operator brings: which scene each belongs to, and whether they are what they are said to be. */
import { extname } from 'node:path';

import { invalidRequest } from '../errors';
import { mediaFile } from '../hash';
import { inspectPicture } from '../providers/image/inspect';
import type { FfmpegTools } from './ffmpeg';
import { measurePicture, type Picture } from './picture';

export interface OwnMedia {
	/** Absolute. */
	path: string;
	/** A scene's id, or its number from 1; empty: see `mediaOfScenes`. */
	scene?: string;
}

const PHOTO_MIMES: Record<string, string> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.webp': 'image/webp' };

/**
 * The files of each scene. One that names no scene goes to the scenes in order, beginning again when there are
 * more files than scenes.
 * @throws YtempireError `invalid-request` when a file names a scene that isn't there
 */
export function mediaOfScenes(sceneIds: readonly string[], media: readonly OwnMedia[]): OwnMedia[][] {
	const own = sceneIds.map((): OwnMedia[] => []);
	let next = 0;
	for (const one of media) {
		const index = one.scene ? indexOf(one.scene, sceneIds) : next++ % sceneIds.length;
		const list = own[index];
		if (!list) {
			throw invalidRequest(`There is no scene "${one.scene}" for ${one.path}`, {
				reason: 'scene-unknown',
				cure: `Name one of ${sceneIds.slice(0, 20).join(', ')}, a number from 1 to ${sceneIds.length}, or none.`,
			});
		}
		list.push(one);
	}
	return own;
}

function indexOf(scene: string, sceneIds: readonly string[]): number {
	const index = sceneIds.indexOf(scene);
	return index >= 0 || !/^\d+$/.test(scene) ? index : Number(scene) - 1;
}

/** @throws YtempireError `invalid-request` when the file is neither a clip nor a whole picture */
export async function measureOwn(tools: FfmpegTools, { path }: OwnMedia, signal?: AbortSignal): Promise<Picture> {
	const inspected = await inspectPicture(tools, path, signal);
	if (inspected.whole) {
		const mime = PHOTO_MIMES[extname(path).toLowerCase()] ?? 'image/png';
		return await measurePicture(tools, 'photo', await mediaFile(path, mime), signal);
	}
	try {
		return await measurePicture(tools, 'video', await mediaFile(path, 'video/mp4'), signal);
	} catch (error) {
		throw invalidRequest(`Your own file ${path} is neither a clip nor a picture that can be shown`, {
			reason: 'own-media-unfit',
			cure: 'Give an MP4, MOV, MKV or WebM clip, or a whole PNG, JPEG or WebP picture of at least 64 pixels.',
			cause: error,
		});
	}
}
