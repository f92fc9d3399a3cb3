/** Files that a step may read: what the factory itself made, and what n8n lets nodes read. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';

import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidRequest } from '../../core/errors';

import { storeOf } from './store';

/**
 * The path with links resolved. Paths come from items and expressions: without this check a workflow
 * could read, and publish, any file that n8n's process can.
 * @throws YtempireError `invalid-request` when the file isn't there, or n8n keeps nodes from it
 */
export async function readablePath(context: IExecuteFunctions, path: string): Promise<string> {
	const { mediaFolder } = await storeOf(context);
	const resolved = await context.helpers.resolvePath(path).catch((cause: unknown) => {
		throw invalidRequest(`The file ${path} can't be found`, {
			cure: 'Check the path; it is a path on the machine that n8n runs on.',
			reason: 'file-unreadable',
			cause,
		});
	});
	if (isInside(await realpath(mediaFolder).catch(() => mediaFolder), resolved)) return resolved;
	if (context.helpers.isFilePathBlocked(resolved)) {
		throw invalidRequest(`n8n doesn't let nodes read ${path}`, {
			cure: 'Put the file where N8N_RESTRICT_FILE_ACCESS_TO allows it (~/.n8n-files by default), or hand it over in a binary field.',
			reason: 'file-blocked',
		});
	}
	return resolved;
}

function isInside(folder: string, path: string): boolean {
	const way = relative(folder, path);
	return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
