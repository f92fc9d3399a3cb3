/**
 * A narration as a process of its own, for tests that kill it: takes its settings as JSON in the first argument,
 * and prints the result as the last line.
 */
import { join } from 'node:path';

import { createElevenLabs } from '../../core/providers/speech/elevenlabs';
import { narrate } from '../../core/providers/speech/narrate';
import type { StorePlace } from '../../core/store/place';
import { openStore } from '../../core/store/store';
import { findFfmpeg } from '../../core/video/ffmpeg';

import { candidateOf } from './ledger';

export interface SpeechProcess {
	place: StorePlace;
	videoId: string;
	baseUrl: string;
	apiKey: string;
	/** Narration of each scene. */
	texts: string[];
}

async function main(): Promise<void> {
	const { place, videoId, baseUrl, apiKey, texts } = JSON.parse(process.argv[2] ?? '{}') as SpeechProcess;
	const store = await openStore(place);
	const scenes = texts.map((narration, index) => ({ id: `scene-${index + 1}`, narration }));
	const result = await narrate(
		{ script: { language: 'en', scenes }, style: 'calm' },
		{
			candidates: [candidateOf(createElevenLabs({ apiKey, baseUrl }), baseUrl)],
			calls: { store, videoId, stage: 'voice', retry: { baseMs: 20, maxMs: 50 } },
			tools: await findFfmpeg(),
			folder: join(store.mediaFolder, videoId),
		},
	);
	process.stdout.write(`${JSON.stringify(result)}\n`);
	await store.close();
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
