/** One composition in a process of its own: prints its seconds, and what Node took before it began. */
import { readFileSync } from 'node:fs';

import { mediaFile } from '../../core/hash';
import { composeVideo } from '../../core/video/compose';
import type { Script, SpeechResult } from '../../core/documents';
import { findFfmpeg } from '../../core/video/ffmpeg';
import { MUSIC_VOLUME_DB } from '../../core/video/sound';

export interface RenderJob {
	script: Script;
	speech: SpeechResult;
	clips: string[];
	music: string;
	width: number;
	height: number;
	workDir: string;
	preset?: string;
	crf?: number;
}

export interface RenderAnswer {
	path: string;
	seconds: number;
	/** Processor seconds of Node before the work: no part of it. */
	startedS: number;
}

async function run(): Promise<void> {
	const { script, speech, clips, music, width, height, workDir, preset, crf } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RenderJob;
	const tools = await findFfmpeg();
	const before = process.cpuUsage();
	const began = performance.now();
	const { file } = await composeVideo({
		...{ script, speech, width, height, workDir, preset, crf, tools, fps: 30, footage: undefined },
		ownMedia: script.scenes.map(({ id }, index) => ({ path: clips[index % clips.length] ?? '', scene: id })),
		music: { file: await mediaFile(music, 'audio/wav'), volumeDb: MUSIC_VOLUME_DB },
	});
	const answer: RenderAnswer = {
		path: file.path,
		seconds: (performance.now() - began) / 1000,
		startedS: (before.user + before.system) / 1e6,
	};
	console.log(JSON.stringify(answer));
}

void run();
