/** What the libraries' protocols have in common: one careful GET, an answer of the right shape, addresses of their own. */
import { invalidRequest, isYtempireError, YtempireError } from '../../errors';
import { httpRequest, type HttpRequest } from '../../http';
import type { z } from '../../vendor/zod';
import { footageTitle } from './terms';

const TIMEOUT_MS = 30_000;

export type FootageGet<T> = Pick<HttpRequest, 'headers' | 'provider' | 'query' | 'readVerdict' | 'signal' | 'url'> & {
	schema: z.ZodType<T>;
};

/** @throws YtempireError by class; `unavailable`, reason `malformed-answer`, for another shape */
export async function getFootage<T>({ schema, ...request }: FootageGet<T>): Promise<T> {
	const { body } = await httpRequest({ ...request, method: 'GET', timeoutMs: TIMEOUT_MS });
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	throw new YtempireError('unavailable', `${request.provider}'s answer does not have the shape it should have`, {
		provider: request.provider,
		reason: 'malformed-answer',
		cure: 'Run it again; if it lasts, check the base URL in the credential.',
	});
}

export function footageUnknown(provider: string, id: string, httpStatus?: number): YtempireError {
	return invalidRequest(`${footageTitle(provider)} has no motif ${id}`, {
		provider,
		reason: 'footage-unknown',
		...(httpStatus === undefined ? {} : { httpStatus }),
		cure: 'Search again: it may have been taken down.',
	});
}

/** A missing motif by its own reason, other errors as they are. */
export function orUnknown(provider: string, id: string): (error: unknown) => never {
	return (error) => {
		if (isYtempireError(error) && error.httpStatus === 404) throw footageUnknown(provider, id, 404);
		throw error;
	};
}

/** @throws YtempireError `invalid-request` for an id that no search has given: nothing of it may get into an address */
export function checkedId(provider: string, id: string, shape: RegExp): string {
	if (shape.test(id)) return id;
	throw footageUnknown(provider, JSON.stringify(id.slice(0, 80)));
}

/** Base URL without slashes at its end. */
export function baseOf(baseUrl: string | undefined, own: string): string {
	return (baseUrl || own).replace(/\/+$/, '');
}

/**
 * Addresses of files: the provider's hosts, encrypted and on the usual port, and the origin that the credential
 * names. All else is refused, machines of the own network with it.
 * @param hosts matches the whole host name
 */
export function ownAddresses(baseUrl: string, hosts: RegExp): (url: URL) => boolean {
	const base = URL.canParse(baseUrl) ? new URL(baseUrl).origin : '';
	return (url) =>
		(url.protocol === 'https:' && url.port === '' && url.username === '' && hosts.test(url.hostname)) || url.origin === base;
}

/** The last part of an address' path, without its end slash. */
export function lastSegment(url: string): string {
	return url.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1) ?? '';
}
