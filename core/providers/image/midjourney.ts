/**
 * Images by a self-hosted Midjourney gateway that speaks the protocol of novicezk/midjourney-proxy 2.6.
 * Unofficial: Midjourney has no public API; such a gateway drives a Discord account, against Midjourney's terms.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { cancelled, invalidRequest, YtempireError } from '../../errors';
import { priceOf } from '../../cost/prices';
import { httpRequest } from '../../http';
import { z } from '../../vendor/zod';
import { writeAside } from '../../video/ffmpeg';
import { fetchFile } from '../fetch-file';

import type { ImageConnection, ImageProvider, ImageRequest, ImageWish } from './image';
import { errorOfCode, errorOfFailure } from './midjourney-errors';
import { midjourneyPrompt } from './midjourney-prompt';
import { defaultImageModel } from './models';

const ID = 'midjourney';

/** Queue, four pictures, and one of them alone. */
const DEFAULT_TIMEOUT_MS = 15 * 60_000;
const CALL_TIMEOUT_MS = 60_000;
const DEFAULT_POLL_MS = 2_000;
const FILE_TIMEOUT_MS = 2 * 60_000;
const MAX_FILE_BYTES = 40_000_000;

/** Where Discord keeps the pictures. */
const DISCORD_HOSTS = new Set(['cdn.discordapp.com', 'media.discordapp.net']);

/** Of the four pictures that a prompt gives. */
const FIRST = 1;

const submitSchema = z.object({
	code: z.number(),
	description: z.string().nullish(),
	result: z.union([z.string(), z.number()]).nullish(),
});

const taskSchema = z.object({
	status: z.string().nullish(),
	imageUrl: z.string().nullish(),
	failReason: z.string().nullish(),
});

type Task = z.infer<typeof taskSchema>;

export function createMidjourney(connection: ImageConnection): ImageProvider {
	const { apiKey, timeoutMs = DEFAULT_TIMEOUT_MS, pollMs = DEFAULT_POLL_MS } = connection;
	const baseUrl = (connection.baseUrl ?? '').replace(/\/+$/, '');

	async function call<T>(
		schema: z.ZodType<T>,
		method: 'GET' | 'POST',
		path: string,
		signal: AbortSignal,
		body?: object,
	): Promise<T> {
		const answer = await httpRequest({
			provider: ID,
			method,
			url: `${baseUrl}${path}`,
			headers: apiKey ? { 'mj-api-secret': apiKey } : {},
			body,
			timeoutMs: CALL_TIMEOUT_MS,
			signal,
		});
		const parsed = schema.safeParse(answer.body);
		if (!parsed.success) throw malformed();
		return parsed.data;
	}

	/** Hands a task in and waits until it is done. */
	async function done(path: string, body: object, signal: AbortSignal): Promise<Task & { id: string }> {
		const { code, description, result } = await call(submitSchema, 'POST', path, signal, body);
		const id = String(result ?? '');
		// accepted, there already, or queued
		if (![1, 21, 22].includes(code)) throw errorOfCode(code, description ?? '');
		if (!id) throw malformed();
		for (;;) {
			const task = await call(taskSchema, 'GET', `/mj/task/${encodeURIComponent(id)}/fetch`, signal);
			if (task.status === 'SUCCESS') return { ...task, id };
			if (task.status === 'FAILURE') throw errorOfFailure(task.failReason ?? '');
			await delay(pollMs, undefined, { signal });
		}
	}

	return {
		id: ID,
		defaultModel: defaultImageModel(ID),
		estimate: (wish) => priceOfOne(wish).cost,

		async paint(request) {
			if (!baseUrl) throw noAddress();
			const timeout = AbortSignal.timeout(timeoutMs);
			const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
			const stopped = () => (request.signal?.aborted ? cancelled(request.signal.reason) : tooSlow(timeoutMs));
			try {
				// the answer to a prompt is a sheet of four: one of them is asked for alone
				const sheet = await done('/mj/submit/imagine', { prompt: midjourneyPrompt(request), base64Array: [] }, signal);
				const one = await done('/mj/submit/change', { taskId: sheet.id, action: 'UPSCALE', index: FIRST }, signal);
				if (!one.imageUrl || !URL.canParse(one.imageUrl)) throw malformed();
				const url = one.imageUrl;
				await writeAside(request.imagePath, (path) => fetchPicture(url, connection, signal, path));
			} catch (error) {
				throw signal.aborted ? stopped() : error;
			}
			return painted(request);
		},
	};
}

/** Links to Discord last a day: the picture is brought at once. */
async function fetchPicture(url: string, connection: ImageConnection, signal: AbortSignal, path: string): Promise<void> {
	await fetchFile(
		{
			provider: ID,
			url,
			isAllowed: (address) => isAllowed(address, connection),
			isWanted: (type) => /^(?:image\/(?:png|jpeg|webp)|application\/octet-stream)$/.test(type),
			kind: 'a picture',
			maxBytes: MAX_FILE_BYTES,
			timeoutMs: FILE_TIMEOUT_MS,
			refused: (why) =>
				new YtempireError('unavailable', `The picture of the Midjourney gateway was refused: ${why}`, {
					provider: ID,
					reason: 'refused-file',
					cure: 'Check the gateway; if it serves pictures from a host of its own, name that host under Image Hosts in the credential.',
				}),
			signal,
		},
		path,
	);
}

/** Discord's own hosts, the gateway itself, and the hosts that the credential names: no other address is opened. */
export function isAllowed(url: URL, { baseUrl = '', imageHosts = [] }: Pick<ImageConnection, 'baseUrl' | 'imageHosts'>): boolean {
	if (url.username || url.password) return false;
	if (url.protocol === 'https:' && url.port === '' && DISCORD_HOSTS.has(url.hostname)) return true;
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
	if (URL.canParse(baseUrl) && url.origin === new URL(baseUrl).origin) return true;
	return imageHosts.some((host) => host !== '' && (host === url.host || host === url.hostname));
}

function painted(request: ImageRequest) {
	const { cost, warnings } = priceOfOne(request);
	return {
		imagePath: request.imagePath,
		model: request.model,
		seed: request.seed,
		cost,
		requestId: undefined,
		warnings,
	};
}

/** The gateway tells no price; see the table's note on what a picture costs of a subscription. */
function priceOfOne({ model }: Pick<ImageWish, 'model'>) {
	return priceOf({ capability: 'image', provider: ID, model, units: { images: 1 }, basis: 'estimated' });
}

function noAddress(): YtempireError {
	return invalidRequest('The Midjourney gateway has no address', {
		provider: ID,
		reason: 'no-address',
		unsent: true,
		cure: 'Give the Base URL of your own gateway in the credential.',
	});
}

function tooSlow(timeoutMs: number): YtempireError {
	return new YtempireError('unavailable', `midjourney did not finish the picture within ${Math.round(timeoutMs / 1000)} s`, {
		provider: ID,
		reason: 'timeout',
		cure: "Look at the gateway's queue, then run it again.",
	});
}

function malformed(): YtempireError {
	return new YtempireError('unavailable', 'midjourney answered in a form that is not known', {
		provider: ID,
		reason: 'malformed-answer',
		cure: 'Check that the Base URL in the credential is that of a gateway by the protocol of novicezk/midjourney-proxy.',
	});
}
