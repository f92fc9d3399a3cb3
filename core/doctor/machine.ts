/** This machine: its Node, its ffmpeg and its disk. */
import { statfs } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

import { findFfmpeg } from '../video/ffmpeg';

import { finding, fromError, type Finding } from './finding';

/** The first one with SQLite built in and not behind a flag: 22.13; n8n 2.20 wants 22.16. */
const OLDEST_NODE = [22, 16] as const;

/** @param version as `process.versions.node` has it */
export function checkNode(version: string = process.versions.node): Finding {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
	return isNew
		? finding('node', 'ok', `Node ${version}`)
		: finding('node', 'fault', `Node ${version} is too old: the store needs ${OLDEST_NODE.join('.')} or newer`, 'Run n8n and this command with Node 24, e.g. from https://nodejs.org.');
}

export async function checkFfmpeg(): Promise<Finding> {
	try {
		const { ffmpeg, version } = await findFfmpeg();
		const isOurs = ffmpeg.includes(`${sep}@ffmpeg-installer${sep}`);
		return isOurs
			? finding('ffmpeg', 'warning', `ffmpeg ${version} of 2018, which came with this package, is used`, 'Install ffmpeg 5.0 or newer: apt-get install ffmpeg, or apk add ffmpeg.')
			: finding('ffmpeg', 'ok', `ffmpeg ${version} at ${ffmpeg}, with all filters that are needed`);
	} catch (error) {
		return fromError('ffmpeg', error);
	}
}

const GB = 1e9;

/**
 * @param folder where videos are made; it need not be there yet
 * @param needed gigabytes that should be free
 */
export async function checkDisk(folder: string, needed: number): Promise<Finding> {
	const { bavail, bsize } = await statfs(await nearest(folder));
	const free = (bavail * bsize) / GB;
	const said = `${free.toFixed(1)} GB are free where videos are made (${folder})`;
	return free >= needed
		? finding('disk', 'ok', said)
		: finding('disk', 'fault', `Only ${said}; ${needed} GB should be`, 'Remove folders of finished videos there, or move the store to a larger disk.');
}

/** The folder, or the one above it that is there. */
async function nearest(folder: string): Promise<string> {
	let path = resolve(folder);
	for (;;) {
		try {
			await statfs(path);
			return path;
		} catch {
			const above = dirname(path);
			if (above === path) return path;
			path = above;
		}
	}
}
