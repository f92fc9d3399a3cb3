/** The work of the bench: twelve clips of mixed size and rate, a narration with its words, music. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Script, SpeechResult } from '../../core/documents';
import { mediaFile } from '../../core/hash';
import { runFfmpeg, type FfmpegTools } from '../../core/video/ffmpeg';

export const SCENE_S = 5;

/** 150 words a minute. */
const WORD_S = 0.4;

/** 720p to 4K, 24 to 60 frames a second. */
const CLIPS = [
	'1280x720@25', '1920x1080@30', '3840x2160@25', '1920x1080@60', '1280x720@50', '2560x1440@30',
	'3840x2160@30', '1920x1080@24', '1280x720@60', '1920x1080@25', '2560x1440@24', '1920x1080@50',
] as const;

export function isUpToHd(clip: number): boolean {
	return Number(CLIPS[clip]?.split('x')[0]) <= 1920;
}

/** Pictures that change everywhere, with the grain of a camera. */
export async function makeClips(tools: FfmpegTools, folder: string, count: number = CLIPS.length): Promise<string[]> {
	await mkdir(folder, { recursive: true });
	const paths: string[] = [];
	for (const [index, clip] of CLIPS.slice(0, count).entries()) {
		const [size = '', rate = ''] = clip.split('@');
		const path = join(folder, `clip-${index}.mp4`);
		const source = `testsrc2=size=640x360:rate=${rate}:duration=${SCENE_S + 0.5},format=yuv420p,hue=h=${index * 30}:s=0.7,noise=alls=2:allf=t,scale=${size.replace('x', ':')}:flags=bicubic`;
		await runFfmpeg(tools, ['-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-preset', 'superfast', '-crf', '20', '-an', path]);
		paths.push(path);
	}
	return paths;
}

export async function makeMusic(tools: FfmpegTools, folder: string): Promise<string> {
	const path = join(folder, 'music.wav');
	await runFfmpeg(tools, ['-f', 'lavfi', '-i', "aevalsrc='0.2*sin(220*2*PI*t)+0.1*sin(277*2*PI*t)+0.1*sin(330*2*PI*t)':s=48000:d=20", path]);
	return path;
}

/** A narration of so many scenes, in the rhythm of words. */
export async function makeNarration(tools: FfmpegTools, folder: string, scenes: number): Promise<{ script: Script; speech: SpeechResult }> {
	const seconds = scenes * SCENE_S;
	const path = join(folder, `narration-${scenes}.wav`);
	const sound = `aevalsrc='0.25*(sin(180*2*PI*t)+0.5*sin(720*2*PI*t))*lt(mod(t\\,${WORD_S})\\,${WORD_S * 0.8})':s=44100:d=${seconds}`;
	await runFfmpeg(tools, ['-f', 'lavfi', '-i', sound, path]);
	const vocabulary = 'volcanoes build new land from deep below while waves take part of it back every single year'.split(' ');
	const spoken = Array.from({ length: scenes }, (_scene, index) => {
		const start = index * SCENE_S;
		// the last words of a scene are followed by a pause
		const words = Array.from({ length: SCENE_S / WORD_S - 2 }, (_word, word) => ({
			text: vocabulary[(index * 5 + word) % vocabulary.length] ?? '',
			start_s: start + word * WORD_S,
			end_s: start + (word + 0.8) * WORD_S,
		}));
		return { scene_id: `scene-${index + 1}`, start_s: start, end_s: start + SCENE_S, words };
	});
	return {
		script: {
			title: 'A bench', description: '', tags: [], language: 'en',
			scenes: spoken.map(({ scene_id: id, words }) => ({
				id, narration: words.map(({ text }) => text).join(' '), visual_query: '', on_screen_text: '',
			})),
		},
		speech: {
			audio: await mediaFile(path, 'audio/wav'), duration_s: seconds, scenes: spoken,
			provider: '', model: '', voice_id: '', characters: 0, tried: [], warnings: [], costs: [],
		},
	};
}
