/** Every ffmpeg that npm brings to this checkout: tests of rendering and measuring run on each. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface FfmpegBuild {
	name: string;
	paths: { ffmpegPath: string };
}

export function ffmpegBuilds(): FfmpegBuild[] {
	const target = `${process.platform}-${process.arch}`;
	return ['@ffmpeg-binary', '@ffmpeg-installer']
		.map((scope) => ({ name: `${scope}/${target}`, paths: { ffmpegPath: join('node_modules', scope, target, 'ffmpeg') } }))
		.filter(({ paths }) => existsSync(paths.ffmpegPath));
}
