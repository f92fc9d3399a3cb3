/** Spoken parts kept on disk under a hash of what was asked, so that no part is paid twice. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Cost } from '../../documents';
import { contentHash } from '../../hash';
import { writeAside } from '../../video/ffmpeg';
import { z } from '../../vendor/zod';

import type { PartRequest, SpeechProvider, SpokenPart } from './speech';

export interface KeptPart extends Omit<SpokenPart, 'requestId'> {
	cost: Cost;
}

const note = z.object({
	audio_bytes: z.number(),
	words: z.array(z.object({ text: z.string(), start_s: z.number(), end_s: z.number() })),
	characters: z.number(),
	basis: z.enum(['billed', 'estimated']),
	cost: z.object({
		provider: z.string(),
		model: z.string(),
		units: z.record(z.string(), z.number()),
		micro_usd: z.number(),
		basis: z.enum(['billed', 'estimated']),
	}),
});

/** Everything that the sound depends on. */
export function partName(provider: SpeechProvider, request: Omit<PartRequest, 'audioPath' | 'signal'>): string {
	return contentHash({ provider: provider.id, ...request }).slice(0, 32);
}

export function audioPathOf(folder: string, name: string, provider: SpeechProvider): string {
	return join(folder, name + provider.audioExtension);
}

/** The part if it is there and whole: its note is written last, and names the size of the sound. */
export async function readPart(audioPath: string): Promise<KeptPart | undefined> {
	try {
		const parsed = note.parse(JSON.parse(await readFile(notePath(audioPath), 'utf8')));
		const { size } = await stat(audioPath);
		if (size !== parsed.audio_bytes) return undefined;
		return { audioPath, words: parsed.words, characters: parsed.characters, basis: parsed.basis, cost: parsed.cost };
	} catch {
		return undefined;
	}
}

export async function keepPart(part: KeptPart): Promise<void> {
	const { size } = await stat(part.audioPath);
	const kept: z.infer<typeof note> = {
		audio_bytes: size,
		words: part.words,
		characters: part.characters,
		basis: part.basis,
		cost: part.cost,
	};
	await writeAside(notePath(part.audioPath), (path) => writeFile(path, JSON.stringify(kept)));
}

function notePath(audioPath: string): string {
	return `${audioPath}.json`;
}
