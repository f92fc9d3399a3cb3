/** ffmpeg is found, run, cancelled and understood, with every build that npm brings. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { decodedDuration, findFfmpeg, probe, runFfmpeg, sweepAside, writeAside } from '../../../../core/video/ffmpeg';

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-ffmpeg-'));
	await findFfmpeg();
	// the first start of a static build of 120 MB reads it from the disk
}, 60_000);

afterAll(async () => {
	await rm(folder, { recursive: true, force: true });
});

const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2:sample_rate=44100'];

describe('finding ffmpeg', () => {
	it('finds one without any setting and tells its version and filters', async () => {
		const tools = await findFfmpeg();
		expect(tools.version).toMatch(/\d/);
		expect(tools.filters.has('loudnorm')).toBe(true);
	});

	it('refuses a path that is not ffmpeg and says so', async () => {
		await expect(findFfmpeg({ ffmpegPath: process.execPath })).rejects.toMatchObject({
			errorClass: 'invalid-request',
		});
		await expect(findFfmpeg({ ffmpegPath: join(folder, 'none') })).rejects.toThrow(/can't be started/);
	});

	it('names the filters that a build lacks', async () => {
		const { ffmpeg } = await findFfmpeg();
		const lesser = join(folder, 'lesser-ffmpeg');
		await writeFile(lesser, `#!/bin/sh\ncase "$*" in *-filters*) "${ffmpeg}" "$@" | grep -v ' ass ';; *) exec "${ffmpeg}" "$@";; esac\n`);
		await chmod(lesser, 0o755);
		await expect(findFfmpeg({ ffmpegPath: lesser })).rejects.toThrow(/lacks: filter ass$/);
	});

	/** A folder with an ffmpeg that works, or that does what these lines of shell say. */
	async function folderWith(lines?: string): Promise<string> {
		const own = await mkdtemp(join(folder, 'bin-'));
		const { ffmpeg } = await findFfmpeg();
		await writeFile(join(own, 'ffmpeg'), `#!/bin/sh\n${lines?.replaceAll('FFMPEG', ffmpeg) ?? `exec "${ffmpeg}" "$@"`}\n`);
		await chmod(join(own, 'ffmpeg'), 0o755);
		return own;
	}

	it('takes the one that is named before the environment\'s, that before the system\'s, and that before npm\'s', async () => {
		const [named, environment, system] = [await folderWith(), await folderWith(), await folderWith()];
		const { ffmpeg: packaged } = await findFfmpeg();
		try {
			vi.stubEnv('PATH', `${system}:${process.env.PATH}`);
			expect((await findFfmpeg()).ffmpeg).toBe(join(system, 'ffmpeg'));
			vi.stubEnv('YTEMPIRE_FFMPEG_PATH', join(environment, 'ffmpeg'));
			expect((await findFfmpeg()).ffmpeg).toBe(join(environment, 'ffmpeg'));
			expect((await findFfmpeg({ ffmpegPath: join(named, 'ffmpeg') })).ffmpeg).toBe(join(named, 'ffmpeg'));
		} finally {
			vi.unstubAllEnvs();
		}
		expect((await findFfmpeg()).ffmpeg).toBe(packaged);
		expect(packaged).toContain('node_modules');
	});

	it.each([
		['without x264', 'case "$*" in *-encoders*) "FFMPEG" "$@" | grep -v libx264;; *) exec "FFMPEG" "$@";; esac', /lacks: encoder libx264/],
		['that is broken', 'echo "error while loading shared libraries" >&2; exit 127', /does not answer as ffmpeg does/],
	])('passes over a system ffmpeg %s, says so, and refuses it where it is named', async (_which, lines, why) => {
		const system = await folderWith(lines);
		const { ffmpeg: packaged } = await findFfmpeg();
		vi.stubEnv('PATH', `${system}:${process.env.PATH}`);
		try {
			expect(await findFfmpeg()).toMatchObject({ ffmpeg: packaged, passedOver: expect.stringMatching(why) as string });
		} finally {
			vi.unstubAllEnvs();
		}
		await expect(findFfmpeg({ ffmpegPath: join(system, 'ffmpeg') })).rejects.toThrow(why);
	});

	it('passes over a system ffmpeg older than 5.0', async () => {
		const { ffmpeg } = await findFfmpeg();
		const old = join(folder, 'ffmpeg');
		await writeFile(old, '#!/bin/sh\necho "ffmpeg version 4.4.2"\necho "libavutil      56. 70.100 / 56. 70.100"\n');
		await chmod(old, 0o755);
		vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
		try {
			expect((await findFfmpeg()).ffmpeg).toBe(ffmpeg);
		} finally {
			vi.unstubAllEnvs();
		}
	});
});

describe('running ffmpeg', () => {
	it('reports progress up to the whole length', async () => {
		const fractions: number[] = [];
		await runFfmpeg(await findFfmpeg(), [...TONE, join(folder, 'tone.wav')], {
			durationS: 2,
			onProgress: ({ fraction }) => fractions.push(fraction),
		});
		expect(fractions.at(-1)).toBeCloseTo(1, 1);
	});

	it("gives ffmpeg's own reason when it fails", async () => {
		const broken = join(folder, 'broken.mp4');
		await writeFile(broken, 'this is no video');
		await expect(
			runFfmpeg(await findFfmpeg(), ['-i', broken, '-f', 'null', '-']),
		).rejects.toMatchObject({
			errorClass: 'invalid-request',
			message: expect.stringContaining('Invalid data found') as string,
		});
	});

	it('is dead within a second of a cancel', async () => {
		const controller = new AbortController();
		const running = runFfmpeg(
			await findFfmpeg(),
			['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=30', '-f', 'null', '-'],
			{ signal: controller.signal },
		);
		setTimeout(() => controller.abort(), 300);
		const start = Date.now();
		await expect(running).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(Date.now() - start).toBeLessThan(1300);
	});

	it('is stopped when its time is over', async () => {
		await expect(
			runFfmpeg(
				await findFfmpeg(),
				['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=30', '-f', 'null', '-'],
				{ timeoutMs: 300 },
			),
		).rejects.toMatchObject({ errorClass: 'unavailable' });
	});

	it('does not follow a playlist into the network', async () => {
		const list = join(folder, 'list.m3u8');
		await writeFile(list, '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n');
		await expect(
			runFfmpeg(await findFfmpeg(), ['-i', list, '-f', 'null', '-']),
		).rejects.toMatchObject({ errorClass: 'invalid-request' });
	});
});

describe('probing', () => {
	it('describes the streams of a file', async () => {
		const tools = await findFfmpeg();
		const path = join(folder, 'clip.mp4');
		await runFfmpeg(tools, [
			'-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=1', ...TONE,
			'-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', path,
		]);
		const result = await probe(tools, path);
		expect(result.formatName).toContain('mp4');
		expect(result.video).toMatchObject({ codec: 'h264', width: 320, height: 180, fps: 25, frames: 25 });
		expect(result.audio).toMatchObject({ codec: 'aac', sampleRate: 44100, channels: 1 });
	});

	it('measures the sound that decodes, to the millisecond', async () => {
		const tools = await findFfmpeg();
		const path = join(folder, 'measured.wav');
		await runFfmpeg(tools, [...TONE, path]);
		expect(await decodedDuration(tools, path)).toBeCloseTo(2, 3);
	});

	it('refuses what is no media file', async () => {
		const path = join(folder, 'text.txt');
		await writeFile(path, 'hello');
		await expect(probe(await findFfmpeg(), path)).rejects.toMatchObject({ errorClass: 'invalid-request' });
	});
});

describe('writing aside', () => {
	it('leaves the old file and no other when the writing fails', async () => {
		const inner = await mkdtemp(join(folder, 'aside-'));
		const path = join(inner, 'out.txt');
		await writeFile(path, 'old');
		await expect(
			writeAside(path, async (temporary) => {
				await writeFile(temporary, 'half');
				throw new Error('stopped');
			}),
		).rejects.toThrow('stopped');
		expect(await readdir(inner)).toEqual(['out.txt']);
		expect(await readFile(path, 'utf8')).toBe('old');
	});

	it('sweeps up after writers that were killed, and leaves those at work alone', async () => {
		const inner = await mkdtemp(join(folder, 'sweep-'));
		const names = ['.video.0123456789ab.part.mp4', '.note.0123456789ab.part', 'video.mp4', '.hidden'];
		for (const name of names) await writeFile(join(inner, name), '');
		await sweepAside(inner);
		expect(await readdir(inner)).toHaveLength(4);
		await sweepAside(inner, Date.now() + 2 * 3_600_000);
		expect((await readdir(inner)).sort()).toEqual(['.hidden', 'video.mp4']);
	});

	it('keeps the extension, so that ffmpeg knows the container', async () => {
		const path = join(folder, 'aside.wav');
		await writeAside(path, (temporary) =>
			findFfmpeg().then((tools) => runFfmpeg(tools, [...TONE, temporary])),
		);
		expect((await probe(await findFfmpeg(), path)).formatName).toBe('wav');
	});
});
