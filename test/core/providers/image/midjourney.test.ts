/** The gateway's own ways: commands in prompts, hosts that pictures may come from, cancelling while it works. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { createMidjourney, isAllowed } from '../../../../core/providers/image/midjourney';
import { midjourneyPrompt } from '../../../../core/providers/image/midjourney-prompt';
import { temporarySandbox } from '../../../support/sandbox';
import { temporaryFolder } from '../../../support/store';
import { KITS } from './providers';

const wish = { model: 'midjourney', prompt: 'A lake', width: 1920, height: 1080 };

describe('the prompt', () => {
	it('carries shape, style, seed and what is not to be seen in the gateway’s own commands', () => {
		const prompt = midjourneyPrompt({ ...wish, style: 'comic-book', negativePrompt: 'people', seed: 9 });
		expect(prompt).toBe('A lake. Style: comic book. --ar 16:9 --no people --seed 9');
	});

	it.each([
		'a lake --repeat 40',
		'a lake —repeat 40',
		'a {lake, sea} --ar 1:1',
		'a lake::2 sea::-1',
		'https://evil.example/x.png a lake',
		'--no --no --seed',
	])('obeys nothing that stands in "%s"', (prompt) => {
		const sent = midjourneyPrompt({ ...wish, prompt, negativePrompt: prompt });
		expect(sent.match(/--\w+/g)).toEqual(['--ar', '--no']);
		expect(sent).not.toMatch(/[{}]|::|:\/\/|—/);
	});
});

describe('a picture is fetched', () => {
	const gateway = { baseUrl: 'http://10.0.0.5:8080', imageHosts: ['images.example.com'] };

	it.each([
		'https://cdn.discordapp.com/attachments/1/2/x.png?ex=1',
		'https://media.discordapp.net/attachments/1/2/x.png',
		'http://10.0.0.5:8080/x.png',
		'https://images.example.com/x.png',
	])('from %s', (url) => {
		expect(isAllowed(new URL(url), gateway)).toBe(true);
	});

	it.each([
		'http://cdn.discordapp.com/x.png',
		'https://cdn.discordapp.com:8443/x.png',
		'https://cdn.discordapp.com.evil.example/x.png',
		'https://user:pw@cdn.discordapp.com/x.png',
		'http://10.0.0.5/x.png',
		'http://10.0.0.6:8080/x.png',
		'http://169.254.169.254/latest/meta-data',
		'http://127.0.0.1:5678/',
		'http://[::1]/',
		'file:///etc/passwd',
	])('not from %s', (url) => {
		expect(isAllowed(new URL(url), gateway)).toBe(false);
	});

	it('from no address inside the house, also not through a redirect', async () => {
		const sandbox = await temporarySandbox();
		const inside = await serve((_url, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end('x'));
		const connection = KITS.midjourney.connection(sandbox);
		const imagePath = join(await temporaryFolder(), 'one');
		sandbox.faults.add({ service: 'midjourney', kind: 'status', status: 302, match: { path: '/attachments' }, headers: { location: `${inside.url}/secret` }, body: {} });
		await expect(createMidjourney(connection).paint({ ...wish, imagePath })).rejects.toMatchObject({
			errorClass: 'unavailable',
			reason: 'refused-file',
		});
		expect(inside.asked).toEqual([]);
	});
});

it('of the four pictures of a prompt one is asked for alone', async () => {
	const sandbox = await temporarySandbox();
	const imagePath = join(await temporaryFolder(), 'one');
	await createMidjourney(KITS.midjourney.connection(sandbox)).paint({ ...wish, imagePath });
	expect(sandbox.state('midjourney')).toMatchObject({
		tasks: [{ action: 'IMAGINE', prompt: 'A lake --ar 16:9' }, { action: 'UPSCALE' }],
		billed: [{ units: { images: 1 } }],
	});
});

it('a gateway that is slow is left at once when the execution is cancelled', async () => {
	const sandbox = await temporarySandbox();
	const connection = { ...KITS.midjourney.connection(sandbox), pollMs: 60_000 };
	const imagePath = join(await temporaryFolder(), 'one');
	const signal = AbortSignal.timeout(200);
	const started = Date.now();
	await expect(createMidjourney(connection).paint({ ...wish, imagePath, signal })).rejects.toMatchObject({ errorClass: 'cancelled' });
	expect(Date.now() - started).toBeLessThan(2000);
});

it('without an address nothing is asked', async () => {
	const imagePath = join(await temporaryFolder(), 'one');
	await expect(createMidjourney({ apiKey: 'x' }).paint({ ...wish, imagePath })).rejects.toMatchObject({
		errorClass: 'invalid-request',
		reason: 'no-address',
	});
});

async function serve(answer: (url: string, response: ServerResponse) => void) {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(request.url ?? '');
		answer(request.url ?? '', response);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	onTestFinished(() => void server.close());
	return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
