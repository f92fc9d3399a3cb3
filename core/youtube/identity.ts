/** What tells one video file from another, and one upload from another. */
import { stat } from 'node:fs/promises';

import { invalidRequest } from '../errors';
import { contentHash, fileHash } from '../hash';

export interface FileIdentity {
	/** `sha256:…`, or `stat:…` when the content wasn't looked at. */
	text: string;
	bytes: number;
}

/**
 * A file's content hash when it is known; without a video ID it has to be, and is computed; else size
 * and time of change, so that a file of gigabytes isn't read twice.
 * @throws YtempireError `invalid-request` when the file can't be read or is empty; `cancelled` while it is read
 */
export async function identify(
	file: { path: string; sha256?: string },
	hasVideoId: boolean,
	signal?: AbortSignal,
): Promise<FileIdentity> {
	const { size, mtimeMs, kind } = await look(file.path);
	if (kind !== 'file' || size === 0) {
		throw invalidRequest(`The video file ${file.path} is ${kind === 'file' ? 'empty' : 'not a file'}`, {
			cure: 'Give the path of a finished video file.',
			reason: 'file-unreadable',
		});
	}
	if (file.sha256) return { text: `sha256:${file.sha256.toLowerCase()}`, bytes: size };
	if (hasVideoId) return { text: `stat:${size}-${mtimeMs}`, bytes: size };
	return { text: `sha256:${await fileHash(file.path, signal)}`, bytes: size };
}

/** An upload's name: a job's video is one video; without a job, a file on an account is. */
export function uploadKey(videoId: string | undefined, content: FileIdentity | undefined, asked: string | undefined): string {
	return videoId ? `job:${videoId}` : `file:${contentHash([content?.text ?? '', asked ?? ''])}`;
}

async function look(path: string): Promise<{ size: number; mtimeMs: number; kind: 'file' | 'other' }> {
	try {
		const found = await stat(path);
		return { size: found.size, mtimeMs: found.mtimeMs, kind: found.isFile() ? 'file' : 'other' };
	} catch (error) {
		throw invalidRequest(`The video file ${path} can't be read`, {
			cure: 'Check the path, and that n8n may read the file.',
			reason: 'file-unreadable',
			cause: error,
		});
	}
}
