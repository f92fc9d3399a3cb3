/** Spoken parts on disk, named by all that the sound depends on; routing keeps what was paid for them. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { contentHash } from '../../hash';

import type { PartRequest, SpeechProvider, SpokenPart } from './speech';

export type PartAsked = Omit<PartRequest, 'audioPath' | 'signal'>;

/** What routing keeps of a part: JSON. */
export interface KeptPart extends Pick<SpokenPart, 'characters' | 'words'> {
	audioBytes: number;
}

export function partPath(folder: string, provider: SpeechProvider, asked: PartAsked): string {
	const name = contentHash({ provider: provider.id, ...asked }).slice(0, 32);
	return join(folder, name + provider.audioExtension);
}

export async function keptPart(audioPath: string, { characters, words }: SpokenPart): Promise<KeptPart> {
	const { size } = await stat(audioPath);
	return { characters, words, audioBytes: size };
}

/** Whether its sound is there, and whole. */
export async function partStands(audioPath: string, { audioBytes }: KeptPart): Promise<boolean> {
	try {
		return (await stat(audioPath)).size === audioBytes;
	} catch {
		return false;
	}
}

/** It doesn't stand any more: the next run asks for it anew. */
export async function dropPart(audioPath: string): Promise<void> {
	await rm(audioPath, { force: true });
}
