/** httpRequest over real HTTP against small servers of node:http. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { afterEach, describe, expect, it } from 'vitest';

import type { YtempireError } from '../../core/errors';
import { httpRequest } from '../../core/http';

const servers: Server[] = [];

async function serve(
	handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
	const server = createServer(handle);
	servers.push(server);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
	await Promise.all(
		servers.splice(0).map(
			(server) =>
				new Promise<void>((done) => {
					server.closeAllConnections();
					server.close(() => done());
				}),
		),
	);
});

async function failureOf(work: Promise<unknown>): Promise<YtempireError> {
	return work.then(
		() => Promise.reject(new Error('it should have failed')),
		(error: unknown) => error as YtempireError,
	);
}

describe('an answer', () => {
	it('comes as parsed JSON with lower-case headers and the request id', async () => {
		const url = await serve((_request, response) => {
			response.setHeader('Request-Id', 'req-1').setHeader('Content-Type', 'application/json').end('{"a":1}');
		});
		const answer = await httpRequest({ method: 'GET', url, provider: 'test' });
		expect(answer).toMatchObject({ status: 200, body: { a: 1 }, requestId: 'req-1' });
		expect(answer.headers['content-type']).toBe('application/json');
	});

	it('can be streamed, and bodies can be streams too', async () => {
		const url = await serve((request, response) => void request.pipe(response));
		const answer = await httpRequest({
			method: 'POST',
			url,
			provider: 'test',
			body: Readable.from([Buffer.from('one '), Buffer.from('two')]),
			headers: { 'Content-Type': 'application/octet-stream' },
			responseType: 'stream',
		});
		const chunks: Buffer[] = [];
		for await (const chunk of answer.body as AsyncIterable<Buffer>) chunks.push(chunk);
		expect(Buffer.concat(chunks).toString()).toBe('one two');
	});

	it('may have a status the caller expects', async () => {
		const url = await serve((_request, response) => response.writeHead(308, { range: 'bytes=0-9' }).end());
		const answer = await httpRequest({
			method: 'PUT',
			url,
			provider: 'test',
			acceptStatus: (status) => status === 308,
		});
		expect(answer.headers.range).toBe('bytes=0-9');
	});
});

describe('a failure', () => {
	it.each([
		[401, 'auth'],
		[402, 'quota-exhausted'],
		[403, 'auth'],
		[404, 'invalid-request'],
		[408, 'unavailable'],
		[429, 'rate-limited'],
		[503, 'unavailable'],
	])('with status %i is %s', async (status, errorClass) => {
		const url = await serve((_request, response) => response.writeHead(status).end('because'));
		const error = await failureOf(httpRequest({ method: 'GET', url, provider: 'test' }));
		expect(error).toMatchObject({ name: 'YtempireError', errorClass, provider: 'test', httpStatus: status });
		expect(error.message).toContain('because');
		expect(error.cure).toBeTruthy();
	});

	it('keeps how long the service asks to wait', async () => {
		const url = await serve((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end());
		const error = await failureOf(httpRequest({ method: 'GET', url, provider: 'test' }));
		expect(error.retryAfterMs).toBe(7000);
	});

	it('never shows a key, even when the service repeats it', async () => {
		const url = await serve((request, response) =>
			response
				.writeHead(401)
				.end(JSON.stringify({ error: `Wrong key ${String(request.headers['x-api-key'])} at ${request.url}` })),
		);
		const error = await failureOf(
			httpRequest({
				method: 'GET',
				url,
				provider: 'test',
				headers: { 'X-Api-Key': 'plain-looking-value' },
				query: { key: 'another-plain-value' },
			}),
		);
		expect(error.message).toContain('Wrong key [hidden]');
		expect(JSON.stringify(error) + error.message + String(error.cause)).not.toMatch(/plain-looking|another-plain/);
	});

	it('is what a redirect is, and the other origin never hears of it', async () => {
		let heard = 0;
		const other = await serve((_request, response) => {
			heard++;
			response.end();
		});
		const url = await serve((_request, response) => response.writeHead(302, { location: other }).end());
		const error = await failureOf(
			httpRequest({ method: 'GET', url, provider: 'test', headers: { Authorization: 'Bearer abcdefgh' } }),
		);
		expect(error.errorClass).toBe('invalid-request');
		expect(heard).toBe(0);
	});

	it('is unavailable when nothing listens, when the connection drops and when the answer takes too long', async () => {
		const dropping = await serve((request) => request.socket.destroy());
		const slow = await serve(() => undefined);
		const nobody = await failureOf(httpRequest({ method: 'GET', url: 'http://127.0.0.1:1', provider: 'test' }));
		const dropped = await failureOf(httpRequest({ method: 'GET', url: dropping, provider: 'test' }));
		const late = await failureOf(httpRequest({ method: 'GET', url: slow, provider: 'test', timeoutMs: 50 }));
		expect([nobody, dropped, late].map((error) => error.errorClass)).toEqual(Array(3).fill('unavailable'));
		expect(late.reason).toBe('timeout');
	});

	it('is unavailable when half an answer came', async () => {
		const url = await serve((_request, response) => {
			response.writeHead(200, { 'content-length': '100' });
			response.write('{"a"');
			setTimeout(() => response.destroy(), 20);
		});
		const error = await failureOf(httpRequest({ method: 'GET', url, provider: 'test' }));
		expect(error.errorClass).toBe('unavailable');
	});

	it('is unavailable when the answer is not the JSON it should be', async () => {
		const url = await serve((_request, response) => response.end('<html>'));
		const error = await failureOf(httpRequest({ method: 'GET', url, provider: 'test' }));
		expect(error).toMatchObject({ errorClass: 'unavailable', reason: 'malformed-answer' });
	});

	it('stops at an answer that is too large', async () => {
		const url = await serve((_request, response) => response.end('x'.repeat(5000)));
		const error = await failureOf(
			httpRequest({ method: 'GET', url, provider: 'test', responseType: 'text', maxResponseBytes: 1000 }),
		);
		// another provider's answer may be smaller
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'too-large', elsewhere: true, unsent: false });
	});

	it('stops before sending a body that is too large', async () => {
		const url = await serve((_request, response) => response.end());
		const error = await failureOf(
			httpRequest({ method: 'POST', url, provider: 'test', body: 'x'.repeat(5000), maxRequestBytes: 1000 }),
		);
		expect(error).toMatchObject({ errorClass: 'invalid-request', reason: 'too-large', elsewhere: false, unsent: true });
	});

	it('is cancelled when the caller cancels, while it waits and while it reads', async () => {
		const silent = await serve(() => undefined);
		const dripping = await serve((_request, response) => void response.write('a'));
		for (const url of [silent, dripping]) {
			const controller = new AbortController();
			setTimeout(() => controller.abort(), 50);
			const error = await failureOf(
				httpRequest({ method: 'GET', url, provider: 'test', signal: controller.signal }),
			);
			expect(error.errorClass).toBe('cancelled');
		}
	});

	it('names an address that is none', async () => {
		const error = await failureOf(httpRequest({ method: 'GET', url: 'file:///etc/passwd', provider: 'test' }));
		expect(error.errorClass).toBe('invalid-request');
	});
});
