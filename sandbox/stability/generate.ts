/** POST /v2beta/stable-image/generate/{core|ultra|sd3}. */
import { join } from 'node:path';

import { bill, billedBy } from '../billed';
import { BANNED, BLURRED } from '../drawing/markers';
import { drawPicture } from '../drawing/picture';
import type { Handler, Reply, SandboxRequest, ServiceContext } from '../service';
import { errorBody, refuse } from './errors';
import { checkForm, readForm, type Wish } from './form';

/** Credits of one picture. */
const CREDITS = { core: 3, ultra: 8 };

const SD3_CREDITS: Record<string, number> = {
	'sd3.5-large': 6.5,
	'sd3.5-large-turbo': 4,
	'sd3.5-medium': 3.5,
	'sd3.5-flash': 2.5,
};

const PIXELS = { core: 1_500_000, ultra: 1_000_000, sd3: 1_000_000 };

/** What the account has bought. */
const CREDITS_BOUGHT = 10_000;

const MOST_REQUESTS = 150;
const WINDOW_MS = 10_000;
const SHUT_OUT_MS = 60_000;

export interface AskedForm {
	path: string;
	fields: Record<string, string>;
}

export function creditsLeft(context: ServiceContext): number {
	return [...billedBy(context).values()].reduce((left, { units }) => left - (units.credits ?? 0), CREDITS_BOUGHT);
}

export function generate(
	context: ServiceContext,
	endpoint: keyof typeof PIXELS,
	authenticate: (request: SandboxRequest) => Reply | undefined,
): Handler {
	return async (request) => {
		const form = await readForm(request);
		const asked = context.table<AskedForm>('asked');
		asked.set(String(asked.size + 1), { path: request.path, fields: Object.fromEntries(form) });
		const wish = checkForm(form);
		const { model, credits } = priceOf(endpoint, wish);
		// the provider checks the form before the key
		const stranger = authenticate(request);
		if (stranger) return stranger;
		const shutOut = countRequest(context);
		if (shutOut) return shutOut;
		if (credits > creditsLeft(context)) throw refuse(402, 'payment_required');
		if (wish.prompt.includes(BANNED)) throw refuse(403, 'content_moderation');
		if (!/[\p{Script=Latin}\d]/u.test(wish.prompt)) throw refuse(422, 'invalid_language');

		const seed = wish.seed || context.random(`seed:${wish.prompt}`).int(1, 4_294_967_294);
		const { format } = wish;
		const size = sizeOf(endpoint, wish.aspectRatio);
		const picture = await drawPicture({ prompt: wish.prompt, seed, format, ...size }, join(context.dataDir, 'images'));
		const id = context.random(`request:${billedBy(context).size + 1}`).id(32, '0123456789abcdef');
		bill(context, { id, model, units: { credits } });
		const finish = wish.prompt.includes(BLURRED) ? 'CONTENT_FILTERED' : 'SUCCESS';
		if ((request.header('accept') ?? 'image/*') !== 'application/json') {
			const headers = { 'content-type': `image/${format}`, 'finish-reason': finish, seed: String(seed), 'x-request-id': id };
			return { status: 200, headers, body: picture };
		}
		return {
			status: 200,
			headers: { 'content-type': `application/json; type=image/${format}`, 'x-request-id': id },
			body: { image: picture.toString('base64'), finish_reason: finish, seed },
		};
	};
}

function priceOf(endpoint: keyof typeof PIXELS, { model = 'sd3.5-large' }: Wish): { model: string; credits: number } {
	if (endpoint !== 'sd3') return { model: `stable-image-${endpoint}`, credits: CREDITS[endpoint] };
	const credits = Object.hasOwn(SD3_CREDITS, model) ? SD3_CREDITS[model] : undefined;
	if (credits === undefined) throw refuse(400, 'bad_request', `model: must be one of ${Object.keys(SD3_CREDITS).join(', ')}`);
	return { model, credits };
}

function sizeOf(endpoint: keyof typeof PIXELS, aspectRatio: string): { width: number; height: number } {
	const [across = 1, down = 1] = aspectRatio.split(':').map(Number);
	const side = (ratio: number) => Math.round(Math.sqrt(PIXELS[endpoint] * ratio) / 32) * 32;
	return { width: side(across / down), height: side(down / across) };
}

/** 150 requests in 10 seconds; then 60 seconds of none. */
function countRequest(context: ServiceContext): Reply | undefined {
	const rate = context.table<number[]>('rate');
	const now = context.clock.now();
	const [until = 0] = rate.get('shut-out') ?? [];
	const recent = (rate.get('recent') ?? []).filter((at) => at > now - WINDOW_MS);
	recent.push(now);
	rate.set('recent', recent);
	if (recent.length > MOST_REQUESTS && until <= now) rate.set('shut-out', [now + SHUT_OUT_MS]);
	if (until <= now && recent.length <= MOST_REQUESTS) return undefined;
	return { status: 429, body: errorBody(429) };
}
