/** Pictures painted as a stage of a job, as a process of its own, for tests that kill it: settings are JSON in the first argument. */
import { runStage } from '../../core/jobs/stage';
import { generateImage } from '../../core/providers/image/generate';
import { createStability } from '../../core/providers/image/stability';
import type { StorePlace } from '../../core/store/place';
import { openStore } from '../../core/store/store';
import { findFfmpeg } from '../../core/video/ffmpeg';

import { candidateOf } from './ledger';

export interface ImageProcess {
	place: StorePlace;
	videoId: string;
	/** Names the execution. */
	holder: string;
	baseUrl: string;
	apiKey: string;
	/** One picture for each. */
	prompts: string[];
}

async function main(): Promise<void> {
	const { place, videoId, holder, baseUrl, apiKey, prompts } = JSON.parse(process.argv[2] ?? '{}') as ImageProcess;
	const store = await openStore(place);
	const tools = await findFfmpeg();
	const { result } = await runStage({
		store,
		videoId,
		holder,
		stage: 'images',
		input: prompts,
		beside: true,
		work: async ({ calls, folder }) => {
			const paths: string[] = [];
			for (const prompt of prompts) {
				const { image } = await generateImage(
					{ purpose: 'scene', prompt, width: 128, height: 128 },
					{ candidates: [candidateOf(createStability({ apiKey, baseUrl }), baseUrl)], calls: { ...calls, retry: { baseMs: 20, maxMs: 50 } }, tools, folder },
				);
				paths.push(image.path);
			}
			return paths;
		},
	});
	process.stdout.write(`${JSON.stringify(result)}\n`);
	await store.close();
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
