/** A script written as a stage of its job, as a process of its own, for tests that kill it: settings are JSON in the first argument. */
import { runStage } from '../../core/jobs/stage';
import { LANGUAGE_PROVIDERS } from '../../core/providers/language';
import { modelOfTier, type LanguageProviderId } from '../../core/providers/language/models';
import { generateScript, type ScriptInput } from '../../core/providers/language/script';
import type { StorePlace } from '../../core/store/place';
import { openStore } from '../../core/store/store';

export interface ScriptProcess {
	place: StorePlace;
	videoId: string;
	/** Names the execution. */
	holder: string;
	input: ScriptInput;
	providers: Array<{ id: LanguageProviderId; baseUrl: string; apiKey: string }>;
}

async function main(): Promise<void> {
	const { place, videoId, holder, input, providers } = JSON.parse(process.argv[2] ?? '{}') as ScriptProcess;
	const store = await openStore(place);
	const candidates = providers.map(({ id, ...connection }) => ({
		provider: LANGUAGE_PROVIDERS[id](connection),
		model: modelOfTier(id, 'standard'),
		account: `${id}:test`,
		perMinute: 1_000,
	}));
	const { result } = await runStage({
		store,
		videoId,
		holder,
		stage: 'script',
		input,
		work: async ({ calls }) => await generateScript(input, { candidates, calls: { ...calls, retry: { baseMs: 20, maxMs: 50 } } }),
	});
	process.stdout.write(`${JSON.stringify(result)}\n`);
	await store.close();
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
