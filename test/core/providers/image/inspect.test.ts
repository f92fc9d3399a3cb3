/** Broken, blank and blurred pictures, told apart from good ones by every ffmpeg that npm brings. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { inspectPicture } from '../../../../core/providers/image/inspect';
import { findFfmpeg, runFfmpeg } from '../../../../core/video/ffmpeg';
import { drawPicture } from '../../../../sandbox/drawing/picture';
import { ffmpegBuilds } from '../../../support/ffmpeg-builds';
import { temporaryFolder } from '../../../support/store';

const PROMPTS = ['a city at night', 'waves on the ocean', 'a planet in space', 'a chart of growth', 'a forest', 'a dream of lights', 'hills'];

const size = { width: 960, height: 540, seed: 3 };

describe.each(ffmpegBuilds())('with $name', ({ paths }) => {
	async function look(bytes: Buffer) {
		const path = join(await temporaryFolder(), 'one.picture');
		await writeFile(path, bytes);
		return await inspectPicture(await findFfmpeg(paths), path);
	}

	async function filtered(bytes: Buffer, filter: string, format = 'png') {
		const folder = await temporaryFolder();
		await writeFile(join(folder, 'in.png'), bytes);
		const out = join(folder, `out.${format}`);
		await runFfmpeg(await findFfmpeg(), ['-i', join(folder, 'in.png'), '-vf', filter, '-frames:v', '1', out]);
		return await readFile(out);
	}

	it('sees that drawings of all kinds are clear, and that each is not after a blur of 1 % and more', async () => {
		const folder = await temporaryFolder();
		for (const prompt of PROMPTS) {
			const picture = await drawPicture({ ...size, prompt, format: 'png' }, folder);
			expect(await look(picture)).toMatchObject({ whole: true, width: 960, height: 540, look: 'clear' });
			for (const sigma of [12, 30]) {
				expect(await look(await filtered(picture, `gblur=sigma=${sigma}:steps=3`)), `${prompt} ${sigma}`).toMatchObject({ look: 'blurred' });
			}
		}
	});

	it('sees one flat colour, also with the noise of a JPEG', async () => {
		const picture = await drawPicture({ ...size, prompt: 'hills', format: 'png' }, await temporaryFolder());
		for (const format of ['png', 'jpg']) {
			expect(await look(await filtered(picture, 'drawbox=color=0x884422:t=fill', format))).toMatchObject({ look: 'blank' });
		}
	});

	it.each(['png', 'jpeg', 'webp'] as const)('reads %s, and sees when it was cut off', async (format) => {
		const picture = await drawPicture({ ...size, prompt: 'hills', format }, await temporaryFolder());
		expect(await look(picture)).toMatchObject({ whole: true, look: 'clear' });
		expect(await look(picture.subarray(0, picture.length * 0.7))).toMatchObject({ whole: false });
	});

	it.each([
		['nothing', Buffer.alloc(0)],
		['text', Buffer.from('hello')],
		['a playlist that names other files', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
		['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')],
		['the shell of a PNG', Buffer.from('89504e470d0a1a0a0000000049454e44ae426082', 'hex')],
	])('takes %s for no picture', async (_name, bytes) => {
		expect(await look(bytes)).toMatchObject({ whole: false });
	});
});
