/** Small media files for tests, made with ffmpeg, and footage from a local folder. */
import { join } from 'node:path';

import type { Script, SpeechResult, Word } from '../../core/documents';
import { mediaFile } from '../../core/hash';
import type { FootageCandidate } from '../../core/providers/footage/footage';
import type { FootageLibrary } from '../../core/providers/footage/library';
import { searchWords } from '../../core/providers/footage/rank';
import { probe, runFfmpeg, type FfmpegTools } from '../../core/video/ffmpeg';

export interface TestClip {
	name: string;
	/** ffmpeg's `lavfi` source, e.g. `testsrc=size=320x180:rate=25:duration=2`. */
	source: string;
	/** Further output options. */
	output?: string[];
}

/** @returns the path */
export async function makeClip(tools: FfmpegTools, folder: string, clip: TestClip): Promise<string> {
	const path = join(folder, `${clip.name}.mp4`);
	await runFfmpeg(tools, [
		'-f', 'lavfi', '-i', clip.source,
		'-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...(clip.output ?? []), path,
	]);
	return path;
}

/**
 * A narration like speech: tones in the rhythm of words, with a short silence after each.
 * @param scenes words of each scene
 */
export async function makeSpeech(
	tools: FfmpegTools,
	folder: string,
	scenes: readonly string[],
	wordS = 0.3,
): Promise<SpeechResult> {
	let at = 0;
	const spoken = scenes.map((narration, index) => {
		const start_s = at;
		const words = narration.split(/\s+/).map((text): Word => {
			const word = { text, start_s: at, end_s: at + wordS * 0.85 };
			at += wordS;
			return word;
		});
		return { scene_id: `scene-${index + 1}`, start_s, end_s: at, words };
	});
	const path = join(folder, 'narration.wav');
	await runFfmpeg(tools, [
		'-f', 'lavfi',
		'-i', `aevalsrc='0.25*(sin(330*2*PI*t)+0.5*sin(990*2*PI*t))*lt(mod(t\\,${wordS})\\,${wordS * 0.85})':s=44100:d=${at}`,
		path,
	]);
	return {
		audio: await mediaFile(path, 'audio/wav'),
		duration_s: at,
		scenes: spoken,
		provider: 'tones',
		model: 'tones-1',
		voice_id: 'tone',
		characters: scenes.join('').length,
		tried: [],
		warnings: [],
		costs: [],
	};
}

export function makeScript(scenes: ReadonlyArray<{ narration: string; query: string; text?: string }>): Script {
	return {
		title: 'A test of scenes',
		description: 'Made by a test',
		tags: ['test'],
		language: 'en',
		scenes: scenes.map(({ narration, query, text }, index) => ({
			id: `scene-${index + 1}`,
			narration,
			visual_query: query,
			on_screen_text: text ?? '',
		})),
	};
}

/** Footage from files on this machine: each is found by the words of its name. */
export async function localFootage(
	tools: FfmpegTools,
	paths: readonly string[],
): Promise<FootageLibrary & { searches: number }> {
	const clips = await Promise.all(
		paths.map(async (path): Promise<FootageCandidate> => {
			const { video, durationS } = await probe(tools, path);
			const { width = 0, height = 0, fps = 0 } = video ?? {};
			const name = path.split('/').at(-1) ?? path;
			return {
				provider: 'local',
				kind: 'video',
				id: name,
				title: name,
				durationS,
				width,
				height,
				words: searchWords(name.replace('.mp4', '')),
				rank: 0,
				renditions: [{ url: path, width, height, fps }],
				previewUrl: '',
				pageUrl: `https://example.com/${name}`,
				author: 'Tester',
				authorUrl: 'https://example.com/tester',
				license: 'own work',
			};
		}),
	);
	const provider = {
		name: 'local',
		searches: 0,
		search({ kind, query }: { kind: string; query: string }) {
			provider.searches++;
			const wanted = searchWords(query);
			const candidates = clips.filter(({ words, kind: own }) => own === kind && wanted.some((word) => words.includes(word)));
			return Promise.resolve({ candidates, warnings: [] });
		},
		obtain: (_candidate: FootageCandidate, rendition: { url: string }) => mediaFile(rendition.url, 'video/mp4'),
	};
	return provider;
}
