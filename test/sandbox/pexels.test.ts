/** The sandbox's Pexels: searches in its shape, and clips that ffprobe takes for what they are said to be. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { findFfmpeg } from '../../core/video/ffmpeg';
import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { contractFor, describeContracts } from '../support/contracts';
import { temporarySandbox } from '../support/sandbox';
import { temporaryFolder } from '../support/store';

async function ask(sandbox: Sandbox, path: string, key: string = KEYS.pexels.apiKey) {
	const response = await fetch(sandbox.services.pexels.url + path, { headers: { authorization: key } });
	return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const search = async (sandbox: Sandbox, query: string) => (await ask(sandbox, `/videos/search?${query}`)).body;

/** The small file of the first clip that a search finds. */
async function smallFile(sandbox: Sandbox, query: string): Promise<any> {
	const { videos } = await search(sandbox, `orientation=landscape&query=${query}`);
	return { duration: videos[0].duration, ...videos[0].video_files.find(({ height }: any) => height === 360) };
}

const download = async (url: string): Promise<Buffer> => Buffer.from(await (await fetch(url)).arrayBuffer());

async function probe(data: Buffer): Promise<any> {
	const path = join(await temporaryFolder(), 'file');
	await writeFile(path, data);
	// as npm brings it, it may not be run yet
	const { ffprobe } = await findFfmpeg();
	const { stdout } = await promisify(execFile)(ffprobe, [
		...['-v', 'error', '-of', 'json', '-show_format', '-show_streams', path],
	]);
	return JSON.parse(stdout);
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('searching for clips', () => {
	it('finds the same for the same seed and words, and something else for other words', async () => {
		const [one, two] = [await temporarySandbox(3), await temporarySandbox(3)];
		const ids = async (sandbox: Sandbox, query: string) => (await search(sandbox, `query=${query}`)).videos.map(({ id }: any) => id);
		expect(await ids(one, 'Blue  Sky')).toEqual(await ids(two, 'blue sky'));
		expect(await ids(one, 'blue sky')).not.toEqual(await ids(one, 'red sky'));
	});

	it('gives each clip in several sizes, with a link to each', async () => {
		const { videos } = await search(await temporarySandbox(), 'query=forest&orientation=landscape');
		const sizes = videos[0].video_files.map(({ width, height }: any) => `${width}x${height}`);
		expect(sizes).toEqual(expect.arrayContaining(['640x360', '1280x720', '1920x1080']));
	});

	it.each([
		['landscape', (width: number, height: number) => width > height],
		['portrait', (width: number, height: number) => width < height],
		['square', (width: number, height: number) => width === height],
	])('finds only %s clips when asked for them', async (orientation, fits) => {
		const { videos } = await search(await temporarySandbox(), `query=forest&orientation=${orientation}`);
		expect(videos.length).toBeGreaterThan(0);
		expect(videos.every(({ width, height }: any) => fits(width, height))).toBe(true);
	});

	it('finds only clips that are there in 4K when asked for large ones', async () => {
		const { videos } = await search(await temporarySandbox(), 'query=forest&size=large');
		expect(videos.every(({ video_files: files }: any) => files.some(({ quality }: any) => quality === 'uhd'))).toBe(true);
	});

	it('goes from page to page without a repetition', async () => {
		const sandbox = await temporarySandbox();
		const first = await search(sandbox, 'query=sea&per_page=80');
		const seen: number[] = [];
		let path = '/videos/search?query=sea&per_page=7';
		while (path) {
			const { body } = await ask(sandbox, path);
			seen.push(...body.videos.map(({ id }: any) => id));
			path = body.next_page?.replace(sandbox.services.pexels.url, '');
		}
		expect(seen).toEqual(first.videos.map(({ id }: any) => id));
		expect(seen).toHaveLength(first.total_results);
	});

	it('finds nothing when the words ask for nothing', async () => {
		const { body } = await ask(await temporarySandbox(), '/videos/search?query=the+no-footage-please+sea');
		expect(body).toMatchObject({ videos: [], total_results: 0 });
	});

	it('shows one clip by its id', async () => {
		const sandbox = await temporarySandbox();
		const { videos } = await search(sandbox, 'query=sea');
		expect((await ask(sandbox, `/videos/videos/${videos[0].id}`)).body).toEqual(videos[0]);
		expect((await ask(sandbox, '/videos/videos/1')).status).toBe(404);
	});

	it.each(['/videos/search', '/videos/search?query=x&per_page=81', '/videos/search?query=x&orientation=round'])(
		'refuses %s',
		async (path) => {
			expect((await ask(await temporarySandbox(), path)).status).toBe(400);
		},
	);

	it('refuses a wrong key', async () => {
		const answer = await ask(await temporarySandbox(), '/videos/search?query=x', 'other');
		expect([answer.status, answer.body.code]).toEqual([401, 'Unauthorized']);
	});

	it('counts down an allowance of 200 an hour, and refuses the next until the hour is over', async () => {
		const sandbox = await temporarySandbox();
		const first = await ask(sandbox, '/videos/search?query=x&per_page=1');
		expect([first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual(['200', '199']);
		for (let count = 1; count < 200; count += 1) await ask(sandbox, '/videos/search?query=x&per_page=1');
		expect((await ask(sandbox, '/videos/search?query=x')).status).toBe(429);
		sandbox.clock.advance(3_600_000);
		expect((await ask(sandbox, '/videos/search?query=x')).status).toBe(200);
	});
});

describe('a clip', () => {
	it('is an MP4 of the size, frame rate and length that the search told', async () => {
		const file = await smallFile(await temporarySandbox(), 'ocean');
		const { streams, format } = await probe(await download(file.link));
		expect(streams).toHaveLength(1);
		expect(streams[0]).toMatchObject({
			codec_name: 'h264',
			pix_fmt: 'yuv420p',
			width: 640,
			height: 360,
			avg_frame_rate: `${file.fps}/1`,
		});
		expect(Number(format.duration)).toBeCloseTo(file.duration, 1);
		expect(file.duration).toBeGreaterThanOrEqual(5);
		expect(file.duration).toBeLessThanOrEqual(12);
	});

	it('has square pixels, upright too', async () => {
		const { videos } = await search(await temporarySandbox(), 'orientation=portrait&query=ocean');
		const { link, width, height } = videos[0].video_files.find(({ width: own }: any) => own === 360);
		expect(height).toBeGreaterThan(width);
		const { streams } = await probe(await download(link));
		expect(streams[0]).toMatchObject({ width, height, sample_aspect_ratio: '1:1' });
	});

	it('is the same file for the same seed, and another for another motif', async () => {
		const clip = async (sandbox: Sandbox, query: string) => sha256(await download((await smallFile(sandbox, query)).link));
		const [one, two] = [await temporarySandbox(5), await temporarySandbox(5)];
		expect(await clip(one, 'ocean')).toBe(await clip(two, 'ocean'));
		expect(await clip(one, 'ocean')).not.toBe(await clip(one, 'forest'));
	});

	it('comes in part for a Range', async () => {
		const { link } = await smallFile(await temporarySandbox(), 'ocean');
		const response = await fetch(link, { headers: { range: 'bytes=4-7' } });
		expect([response.status, await response.text()]).toEqual([206, 'ftyp']);
	});

	it('is not there in a size that the search did not tell', async () => {
		const { link } = await smallFile(await temporarySandbox(), 'ocean');
		expect((await fetch(link.replace('640_360', '642_360'))).status).toBe(404);
	});

	it('is drawn by the ffmpeg of 2018 too, whatever it shows', async () => {
		vi.stubEnv('YTEMPIRE_FFMPEG_PATH', ffmpegInstaller.path);
		onTestFinished(() => void vi.unstubAllEnvs());
		const sandbox = await temporarySandbox();
		for (const query of ['city', 'sea', 'forest', 'hill', 'planet', 'market', 'music']) {
			const { photos } = (await ask(sandbox, `/v1/search?query=${query}&per_page=1`)).body;
			const picture = await probe(await download(photos[0].src.tiny));
			expect(picture.streams[0]).toMatchObject({ codec_name: 'mjpeg', width: 280, height: 200 });
		}
	});

	it('shows hostile words as text', async () => {
		const sandbox = await temporarySandbox();
		const words = `{\\p1}m 0 0 l 9 9' ; : , [x] \\N "`;
		const { photos } = (await ask(sandbox, `/v1/search?per_page=1&query=${encodeURIComponent(words)}`)).body;
		expect((await probe(await download(photos[0].src.tiny))).streams).toHaveLength(1);
		const page = await (await fetch((await search(sandbox, `query=${encodeURIComponent('<script>x')}`)).videos[0].url)).text();
		expect(page).not.toContain('<script');
	});
});

describeContracts('Pexels’ contract', ['pexels'], () => {
	it.each(['/videos/search', '/v1/search'])('holds for %s, both ways', async (path) => {
		const sandbox = await temporarySandbox();
		const answer = await ask(sandbox, `${path}?query=sea&orientation=portrait&size=medium&per_page=3&page=2`);
		contractFor('pexels').response('GET', path, 200)(answer.body);
		contractFor('pexels').recorded(sandbox.recorder.list()[0]!);
	});
});
