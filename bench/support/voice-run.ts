/** One run of the voice bench in a process of its own: speaks so many minutes one way and prints what it took as JSON. */
import { join } from 'node:path';

import { createElevenLabs } from '../../core/providers/speech/elevenlabs';
import { joinSpeech } from '../../core/providers/speech/join';
import { narrate } from '../../core/providers/speech/narrate';
import { defaultSettings } from '../../core/providers/speech/voices';
import { openStore } from '../../core/store/store';
import { findFfmpeg, type FfmpegTools } from '../../core/video/ffmpeg';
import { KEYS } from '../../sandbox/keys';

const VOICE = 'sandboxVoiceLeo00004';
const MODEL = 'eleven_multilingual_v2';
/** Scenes of about ten seconds, as scripts for short videos have them: 25 words at 150 a minute. */
const SCENES_PER_MINUTE = 6;

const SENTENCES = [
	'Salt was once worth so much that soldiers were paid with it, and whole cities lived from it.',
	'The sea gives it back every year, slowly, under the sun, in wide and shallow basins.',
	'Who would have thought that something so small could move armies and kings?',
	'Even now, every cell of the body keeps a little of that old ocean within itself.',
	'Traders crossed the desert for months, and they carried nothing else but white blocks.',
];

/** Each scene is its own text, so that nothing is spoken only once for two. */
function scenesOf(minutes: number) {
	return Array.from({ length: minutes * SCENES_PER_MINUTE }, (_, index) => ({
		id: `scene-${index + 1}`,
		narration: `${SENTENCES[index % SENTENCES.length]} This is part ${index + 1} of the story of salt, told slowly.`,
	}));
}

async function main([way, minutes, baseUrl, folder = '', concurrency]: string[]): Promise<void> {
	const provider = createElevenLabs({ apiKey: KEYS.elevenlabs.apiKey, baseUrl });
	const tools = await findFfmpeg();
	const scenes = scenesOf(Number(minutes));
	// with its ledger, kept parts and rate limit, as a stage of a job has them
	const store = await openStore({ file: join(folder, 'store.sqlite') });
	const calls = { store, videoId: 'bench', stage: 'voice' };
	// half an hour has more requests than an account has a minute, and waiting for the next isn't what is measured
	const candidate = { provider, model: MODEL, account: 'elevenlabs:bench', perMinute: 10_000 };
	const began = performance.now();
	const since = () => (performance.now() - began) / 1000;
	let spokenSeconds: number | undefined;
	const narrationSeconds =
		way === 'narrate'
			? (
					await narrate(
						{ script: { language: 'en', scenes }, style: 'calm', voiceId: VOICE },
						{ candidates: [candidate], calls, tools, folder, concurrency: Number(concurrency) },
					)
				).duration_s
			: await sequential(folder, scenes, tools, provider, () => {
					spokenSeconds = since();
				});
	const seconds = since();
	const peakMb = process.resourceUsage().maxRSS / 1024;
	await store.close();
	process.stdout.write(JSON.stringify({ seconds, spokenSeconds: spokenSeconds ?? seconds, peakMb, narrationSeconds, requests: scenes.length }));
}

/** One request, its file, the next request; in the end all files joined. */
async function sequential(
	folder: string,
	scenes: ReturnType<typeof scenesOf>,
	tools: FfmpegTools,
	provider: ReturnType<typeof createElevenLabs>,
	onSpoken: () => void,
): Promise<number> {
	const parts: string[] = [];
	for (const [index, { narration: text }] of scenes.entries()) {
		const { audioPath } = await provider.speakPart({
			text,
			previousText: scenes[index - 1]?.narration,
			nextText: scenes[index + 1]?.narration,
			voiceId: VOICE,
			model: MODEL,
			language: 'en',
			settings: { ...defaultSettings },
			audioPath: join(folder, `${index}.mp3`),
		});
		parts.push(audioPath);
	}
	onSpoken();
	return (await joinSpeech({ parts, output: join(folder, 'whole.flac'), folder, tools })).durationS;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
