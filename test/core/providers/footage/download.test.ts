/** Only whole videos and pictures from allowed addresses arrive, and nothing half stays behind. */
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { fileHash } from '../../../../core/hash';
import { FootageCache } from '../../../../core/providers/footage/cache';
import { downloadFootage, type FootageDownload } from '../../../../core/providers/footage/download';
import { findFfmpeg, runFfmpeg, type FfmpegTools } from '../../../../core/video/ffmpeg';
import { temporaryStore } from '../../../support/store';

let folder: string;
let tools: FfmpegTools;
let clip: Buffer;
let server: Server;
let origin: string;
let requests: string[];
let cache: FootageCache;
let photo: Buffer;

const HTML = '<!doctype html><title>Sign in</title>';

const routes: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
	'/clip.mp4': (response) => sendVideo(response, clip),
	'/unannounced.mp4': (response) => {
		response.writeHead(200, { 'content-type': 'video/mp4' });
		response.write(clip.subarray(0, 1000));
		response.end(clip.subarray(1000));
	},
	'/photo.jpg': (response) => sendPhoto(response, photo),
	'/cut.jpg': (response) => sendPhoto(response, photo.subarray(0, Math.round(photo.length / 2))),
	'/clip.jpg': (response) => sendPhoto(response, clip),
	'/vector.jpg': (response) => sendPhoto(response, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
	'/moved': (response) => response.writeHead(302, { location: '/clip.mp4' }).end(),
	'/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
	'/inside': (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
	'/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
	'/page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HTML),
	'/page.mp4': (response) => sendVideo(response, Buffer.from(HTML)),
	'/playlist.mp4': (response) => sendVideo(response, Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n')),
	'/cut.mp4': (response) => sendVideo(response, clip.subarray(0, Math.round(clip.length * 0.6))),
	'/broken-off.mp4': (response) => {
		response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': clip.length });
		response.write(clip.subarray(0, 1000), () => response.destroy());
	},
	'/huge.mp4': (response) => {
		response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 10_000_000_000 });
		response.write('x');
	},
	'/endless.mp4': (response) => {
		response.writeHead(200, { 'content-type': 'video/mp4' });
		const more = () => {
			while (!response.destroyed && response.write(Buffer.alloc(65_536)));
		};
		response.on('drain', more);
		more();
	},
	'/slow.mp4': (response) => {
		response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': clip.length });
		response.write(clip.subarray(0, 1000));
	},
};

function sendPhoto(response: ServerResponse, body: Buffer): void {
	response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.length }).end(body);
}

function sendVideo(response: ServerResponse, body: Buffer): void {
	response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': body.length }).end(body);
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'ytempire-download-'));
	tools = await findFfmpeg();
	const path = join(folder, 'clip.mp4');
	await runFfmpeg(tools, [
		'-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=4',
		'-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', path,
	]);
	clip = await readFile(path);
	const picture = join(folder, 'photo.jpg');
	await runFfmpeg(tools, ['-i', path, '-frames:v', '1', '-q:v', '3', '-f', 'image2', '-update', '1', picture]);
	photo = await readFile(picture);
	server = createServer((request, response) => {
		requests.push(request.url ?? '');
		const route = routes[request.url ?? ''];
		if (route) route(response, request);
		else response.writeHead(404).end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);

beforeEach(async () => {
	requests = [];
	cache = new FootageCache(await temporaryStore());
});

afterEach(() => {
	server.closeAllConnections();
});

afterAll(async () => {
	server.close();
	await rm(folder, { recursive: true, force: true });
});

const left = async () => await readdir(cache.folder).catch(() => []);

const download = (path: string, own: Partial<FootageDownload> = {}) =>
	downloadFootage({
		provider: 'test', kind: 'video', key: path, url: `${origin}${path}`, expectedDurationS: 4,
		isAllowed: (url) => url.origin === origin, maxBytes: 5_000_000, cache, tools, retry: { baseMs: 1 }, ...own,
	});

describe('a download', () => {
	it.each(['/clip.mp4', '/unannounced.mp4', '/moved'])('of %s is kept under the hash of its content', async (path) => {
		const file = await download(path);
		expect(basename(file.path)).toBe(`${await fileHash(file.path)}.mp4`);
		expect(file.bytes).toBe(clip.length);
	});

	it('is brought once, and again only when the kept file is not whole', async () => {
		const first = await download('/clip.mp4');
		await download('/clip.mp4');
		expect(requests).toHaveLength(1);
		await truncate(first.path, 10);
		expect((await download('/clip.mp4')).bytes).toBe(clip.length);
		expect(requests).toHaveLength(2);
	});

	it.each([
		['a web page', '/page', /announced as text\/html/],
		['a web page that says it is a video', '/page.mp4', /content is not a video/],
		['a playlist that names a file of this machine', '/playlist.mp4', /content is not a video/],
		['a file whose end is missing', '/cut.mp4', /end does not decode|refused/],
		['a file announced larger than the limit', '/huge.mp4', /larger than 5 MB/],
		['a file that never ends', '/endless.mp4', /larger than 5 MB/],
		['a redirect into the machine\'s network', '/inside', /not one of the provider's \(http:\/\/169\.254\.169\.254\)/],
		['a redirect to a file', '/file', /not one of the provider's/],
		['a redirect in a circle', '/loop', /redirects without end/],
	])('refuses %s and leaves nothing behind', async (_what, path, reason) => {
		await expect(download(path)).rejects.toMatchObject({
			errorClass: 'invalid-request',
			reason: 'refused-file',
			message: expect.stringMatching(reason) as string,
		});
		expect(await left()).toEqual([]);
	});

	it('of a picture is kept under the hash of its content', async () => {
		const file = await download('/photo.jpg', { kind: 'photo', expectedDurationS: 0 });
		expect(basename(file.path)).toBe(`${await fileHash(file.path)}.jpg`);
		expect(file.mime).toBe('image/jpeg');
	});

	it.each([
		['a picture whose end is missing', '/cut.jpg', /not a whole/],
		['a video that says it is a picture', '/clip.jpg', /content is not a picture/],
		['a drawing that says it is a picture', '/vector.jpg', /content is not a picture/],
		['a video', '/clip.mp4', /announced as video\/mp4/],
	])('for a photo refuses %s', async (_what, path, reason) => {
		await expect(download(path, { kind: 'photo', expectedDurationS: 0 })).rejects.toThrow(reason);
		expect(await left()).toEqual([]);
	});

	it.each(['', 'not an address', 'javascript:alert(1)', 'data:video/mp4;base64,AAAA', 'file:///etc/passwd', '//169.254.169.254/x'])(
		'refuses %j as an address',
		async (url) => {
			await expect(download('/x', { url })).rejects.toMatchObject({ reason: 'refused-file' });
			expect(requests).toEqual([]);
		},
	);

	it('refuses a clip of another length than was announced', async () => {
		await expect(download('/clip.mp4', { expectedDurationS: 30 })).rejects.toThrow(/lasts 4 s where 30 s were announced/);
	});

	it('refuses an address that is not the provider\'s without asking it', async () => {
		await expect(download('/clip.mp4', { isAllowed: () => false })).rejects.toMatchObject({ reason: 'refused-file' });
		expect(requests).toEqual([]);
	});

	it('tries again after a connection that broke, then calls it unavailable', async () => {
		await expect(download('/broken-off.mp4')).rejects.toMatchObject({ errorClass: 'unavailable' });
		expect(requests).toHaveLength(3);
		expect(await left()).toEqual([]);
	}, 40_000);

	it('stops at once when it is cancelled', async () => {
		const controller = new AbortController();
		const running = download('/slow.mp4', { signal: controller.signal });
		setTimeout(() => controller.abort(), 200);
		const start = Date.now();
		await expect(running).rejects.toMatchObject({ errorClass: 'cancelled' });
		expect(Date.now() - start).toBeLessThan(1200);
		expect(await left()).toEqual([]);
	});
});
