/** Faults under burnt-in captions: words that come and go neither hide a picture that stands still nor make one that moves look so. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkVideo } from '../../../core/quality/check';
import { markedFreezes, underWords } from '../../../core/quality/stillness';
import { CAPTION_STYLES } from '../../../core/video/caption-style';
import { composeVideo } from '../../../core/video/compose';
import { findFfmpeg, type FfmpegTools } from '../../../core/video/ffmpeg';
import { ffmpegBuilds } from '../../support/ffmpeg-builds';
import { makeClip, makeScript, makeSpeech } from '../../support/media';

const NARRATION = 'Under one quiet lake in Italy the ground has risen two whole metres in only ten years and nobody knows why it does';

const SIZE = { width: 640, height: 360, fps: 30 };

let folder: string;
let maker: FfmpegTools;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-captions-'));
	maker = await findFfmpeg();
}, 60_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

/** The freeze gate of a video of this clip under captions of this style, fast or slowly spoken. */
async function frozen(tools: FfmpegTools, source: string, style: (typeof CAPTION_STYLES)[number], wordS = 0.35) {
	const path = await makeClip(maker, folder, { name: 'clip', source, output: ['-crf', '23'] });
	const speech = await makeSpeech(maker, folder, [NARRATION], wordS);
	const video = await composeVideo({
		script: makeScript([{ narration: NARRATION, query: '', text: 'A rising lake' }]),
		...{ speech, footage: undefined, ownMedia: [{ path }], captions: { style }, preset: 'veryfast', tools, ...SIZE },
		workDir: await mkdtemp(join(folder, 'work-')),
	});
	const { captions, sources, shown } = video;
	const expected = { durationS: speech.duration_s, ...SIZE, narration: speech, captions, sources, shown };
	const { gates } = await checkVideo({ path: video.file.path, expected, tools });
	return gates.find(({ name }) => name === 'freeze');
}

const MOVING = 'testsrc2=size=640x360:rate=30:duration=9';

/** Moves for a second, then stands still. */
const STANDING = `${MOVING},trim=end=1,tpad=stop_mode=clone:stop_duration=8`;

describe.each(ffmpegBuilds())('captions with $name', ({ paths }) => {
	it.each(CAPTION_STYLES)('in the style %s do not hide a clip that stands still', async (style) => {
		const gate = await frozen(await findFfmpeg(paths), STANDING, style);
		expect(gate).toMatchObject({ verdict: 'fail', blame: 'footage' });
		expect(gate?.at[0]?.start_s).toBeGreaterThan(0.8);
		expect(gate?.at[0]?.start_s).toBeLessThan(1.6);
		expect(Number(gate?.measured)).toBeGreaterThan(5.5);
	});

	it.each([
		['that moves everywhere', MOVING],
		['in which a small part moves', 'color=0x405060:size=640x360:rate=30:duration=9,noise=alls=3[a];testsrc2=size=160x120:rate=30:duration=9[b];[a][b]overlay=400:40'],
		['that stands still for two seconds between two that move', `${MOVING},loop=loop=60:size=1:start=90,setpts=N/30/TB`],
	])('do not make a clip look still %s', async (_what, source) => {
		for (const style of ['pop', 'karaoke'] as const) {
			expect(await frozen(await findFfmpeg(paths), source, style)).toMatchObject({ verdict: 'pass' });
		}
	});
});

describe('freezes', () => {
	const pictures = (count: number, differAt = Infinity) =>
		Buffer.concat(Array.from({ length: count }, (_picture, index) => Buffer.alloc(32 * 18, index >= differAt ? 200 : 50)));
	const freezes = [{ start_s: 0, end_s: 2 }, { start_s: 2, end_s: 4 }];

	it('are one where a word parts them, and two where nothing is written, or another picture is shown', () => {
		expect(underWords(markedFreezes(freezes, pictures(16)), [2.05])).toEqual([{ start_s: 0, end_s: 4 }]);
		expect(underWords(markedFreezes(freezes, pictures(16)), [1, 3])).toHaveLength(2);
		expect(underWords(markedFreezes(freezes, pictures(16, 8)), [2])).toHaveLength(2);
	});

	it('are two where something moved longer than a word comes and goes', () => {
		const apart = [{ start_s: 0, end_s: 2 }, { start_s: 2.8, end_s: 4 }];
		expect(underWords(markedFreezes(apart, pictures(16)), [2, 2.4, 2.8])).toHaveLength(2);
	});
});
