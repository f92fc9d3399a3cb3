/** All libraries that may be asked, as one: searched at once, within their limits and terms, one cache for what is brought. */
import { throwIfCancelled } from '../../abort';
import type { MediaFile } from '../../documents';
import { invalidRequest, isYtempireError, YtempireError } from '../../errors';
import { retry, type RetryOptions } from '../../retry';
import { waitForTurn } from '../../routing/rate-limit';
import type { Store } from '../../store/store';
import { cleanText } from '../../text';
import type { FfmpegTools } from '../../video/ffmpeg';
import { tellUses, writeDownUse } from './announcements';
import { FootageCache } from './cache';
import { downloadFootage } from './download';
import type { FootageCandidate, FootageKind, FootageProvider, FootageRendition, FootageSearch } from './footage';
import type { SceneJudge } from './judge';
import { keptSearch } from './kept-searches';
import { takeOfMonth } from './monthly';
import { FOOTAGE_TERMS, footageTitle, type Allowance, type FootageTerms } from './terms';
import type { FootageHistory } from './uses';

/** A library with the account that asks it. */
export interface FootageAccount {
	provider: FootageProvider;
	/** See `accountName`. */
	account: string;
	/** Requests that all workers together may send. */
	allowance: Allowance;
	/** Requests in a month beside it. */
	monthly?: number;
}

export interface FootageFound {
	/** Each library's in its own order, one library after the other. */
	candidates: FootageCandidate[];
	/** Why a library was left out. */
	warnings: string[];
}

export interface LibrarySearch extends Omit<FootageSearch, 'page' | 'perPage'> {
	/** Results that are wanted together: page after page until they are there. When left out, one page of each library. */
	limit?: number;
}

export interface FootageLibrary {
	/** Of its libraries, e.g. `pexels+pixabay`. */
	readonly name: string;
	/** @throws YtempireError when no library could be searched; by the only one's error, or one that names each */
	search(search: LibrarySearch): Promise<FootageFound>;
	/** Brings a rendition to this machine; asked again, it gives the file it kept. @throws as `downloadFootage` */
	obtain(candidate: FootageCandidate, rendition: FootageRendition, options: { signal?: AbortSignal }): Promise<MediaFile>;
	/** Of the video that is made; without it only the video's own scenes are kept apart. */
	readonly history?: FootageHistory;
	/** Looks at candidates before they are taken. */
	readonly judge?: SceneJudge;
}

export interface LibraryDeps {
	store: Store;
	/** Asked for when a file is brought: searching needs none. */
	tools: FfmpegTools | (() => Promise<FfmpegTools>);
	/** Bytes of all kept files; see `CACHE_LIMIT_BYTES`. */
	cacheLimitBytes?: number;
	/** Bytes of one file; see `downloadFootage`. */
	maxFileBytes?: number;
	history?: FootageHistory;
	judge?: SceneJudge;
	retry?: Omit<RetryOptions, 'signal'>;
}

const USUAL_RESULTS = 40;

/** Of one library: none lets more be seen of one search, or is worth the requests. */
const MOST_RESULTS = 500;

/** How far a library has been asked. */
interface Asking {
	account: FootageAccount;
	found: FootageCandidate[];
	pages: number;
	/** There is no more, or it failed. */
	done: boolean;
	error?: YtempireError;
}

/** An empty allowance of an hour is not waited for: the other libraries go on. */
const LONGEST_WAIT_MS = 60_000;

export class Libraries implements FootageLibrary {
	readonly name: string;

	readonly history: FootageHistory | undefined;

	readonly judge: SceneJudge | undefined;

	private readonly cache: FootageCache;

	/** @throws YtempireError `invalid-request` without an account */
	constructor(
		private readonly accounts: readonly FootageAccount[],
		private readonly deps: LibraryDeps,
	) {
		if (accounts.length === 0) {
			throw invalidRequest('No library of footage is there to ask', {
				reason: 'no-provider',
				cure: `Choose a credential of at least one of ${Object.values(FOOTAGE_TERMS).map(({ title }) => title).join(', ')}.`,
			});
		}
		this.name = accounts.map(({ provider }) => provider.id).join('+');
		this.history = deps.history;
		this.judge = deps.judge;
		this.cache = new FootageCache(deps.store, deps.cacheLimitBytes);
	}

	async search({ signal, ...asked }: LibrarySearch): Promise<FootageFound> {
		const query = cleanText(asked.query);
		if (!query) throw invalidRequest('Footage is searched with words, and there are none', { cure: 'Give search words.', reason: 'no-query' });
		const able = this.accounts.filter(({ provider }) => provider.kinds.includes(asked.kind));
		if (able.length === 0) {
			throw invalidRequest(`${this.accounts.map(({ provider }) => footageTitle(provider.id)).join(', ')} has no ${asked.kind}s`, {
				reason: 'no-provider',
				cure: 'Choose a credential of another library.',
			});
		}
		const all = able.map((account): Asking => ({ account, found: [], pages: 0, done: false }));
		const { limit = 0 } = asked;
		const count = () => all.reduce((sum, { found }) => sum + found.length, 0);
		do {
			const open = all.filter(({ done }) => !done);
			await Promise.all(open.map(async (one) => await this.askFurther(one, { ...asked, query }, signal)));
		} while (count() < limit && all.some(({ done }) => !done));
		const errors = all.flatMap(({ error }) => error ?? []);
		if (errors.length === able.length && count() === 0) throw noneAnswered(errors);
		const { minWidth = 0, minSide = 0 } = asked;
		return {
			candidates: all.flatMap(({ found }) => found).filter(({ renditions }) => renditions.some(({ width, height }) => width >= minWidth && Math.min(width, height) >= minSide)),
			warnings: errors.map((error) => `${footageTitle(error.provider ?? '')} was left out of the search: ${error.message}`),
		};
	}

	/** @throws YtempireError `invalid-request` when the library isn't there or has no such motif */
	async find(providerId: string, kind: FootageKind, id: string, signal?: AbortSignal): Promise<FootageCandidate> {
		const account = this.accountOf(providerId);
		const { provider } = account;
		const ask = async () => [await this.ask(account, () => provider.find(kind, id, signal), signal)];
		const [found] = await keptSearch(this.deps.store, [account.account, kind, { id }], keepMs(providerId), ask);
		return found as FootageCandidate;
	}

	async obtain(
		candidate: FootageCandidate,
		rendition: FootageRendition,
		{ signal }: { signal?: AbortSignal },
	): Promise<MediaFile> {
		const account = this.accountOf(candidate.provider);
		const { provider } = account;
		const { tools } = this.deps;
		const file = await downloadFootage({
			provider: provider.id,
			kind: candidate.kind,
			key: `${candidate.id}-${rendition.width}x${rendition.height}-${rendition.fps}`,
			url: rendition.url,
			expectedDurationS: candidate.durationS,
			isAllowed: provider.isOwn,
			maxBytes: this.deps.maxFileBytes,
			cache: this.cache,
			tools: typeof tools === 'function' ? await tools() : tools,
			signal,
			retry: this.deps.retry,
		});
		if (provider.announceUse) {
			await writeDownUse(this.deps.store, account.account, candidate);
			await this.tellUses(account, signal);
		}
		return file;
	}

	/** What can't be told now, as the allowance is used up or the library is down, is told with a later use: the file is here. */
	private async tellUses(account: FootageAccount, signal: AbortSignal | undefined): Promise<void> {
		const tell = async (candidate: FootageCandidate) => {
			await this.takeTurn(account, 0, signal);
			await account.provider.announceUse?.(candidate, signal);
		};
		await tellUses(this.deps.store, account.account, tell, signal);
	}

	private accountOf(providerId: string): FootageAccount {
		const account = this.accounts.find(({ provider }) => provider.id === providerId);
		if (account) return account;
		throw invalidRequest(`No credential is chosen for ${footageTitle(providerId)}`, {
			reason: 'no-credential',
			cure: `Choose a credential for ${footageTitle(providerId)} in the node.`,
		});
	}

	/** The next page of one library; its failure is its own. */
	private async askFurther(one: Asking, { limit = USUAL_RESULTS, ...asked }: LibrarySearch, signal: AbortSignal | undefined): Promise<void> {
		const { account, found } = one;
		const { provider } = account;
		const perPage = Math.min(Math.max(limit, 3), provider.largestPage);
		const search = { ...asked, perPage, page: ++one.pages };
		const ask = async () => await this.ask(account, () => provider.search({ ...search, signal }), signal);
		try {
			const shown = await keptSearch(this.deps.store, [account.account, search], keepMs(provider.id), ask);
			for (const candidate of shown) found.push({ ...candidate, rank: found.length });
			if (provider.announceUse) await this.tellUses(account, signal);
			one.done = shown.length < perPage || found.length >= MOST_RESULTS;
		} catch (error) {
			throwIfCancelled(signal);
			if (!isYtempireError(error)) throw error;
			one.done = true;
			one.error = error;
		}
	}

	/** One request in its turn, repeated when that may help. */
	private async ask<T>(account: FootageAccount, send: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
		return await retry(
			async () => {
				await this.takeTurn(account, LONGEST_WAIT_MS, signal);
				return await send();
			},
			{ ...this.deps.retry, signal },
		);
	}

	private async takeTurn({ account, allowance, monthly }: FootageAccount, longestWaitMs: number, signal: AbortSignal | undefined): Promise<void> {
		const { requests, windowS } = allowance;
		await waitForTurn(this.deps.store, account, requests, signal, { windowS, longestWaitMs });
		if (monthly) await takeOfMonth(this.deps.store, account, monthly);
	}
}

function keepMs(providerId: string): number | undefined {
	return (FOOTAGE_TERMS as Record<string, FootageTerms | undefined>)[providerId]?.keepSearchesMs;
}

function noneAnswered(errors: readonly YtempireError[]): YtempireError {
	const [first] = errors as [YtempireError];
	if (errors.length === 1) return first;
	// what passes by itself says most of what to do next
	const telling = errors.find(({ errorClass }) => errorClass === 'rate-limited' || errorClass === 'unavailable') ?? first;
	return new YtempireError(telling.errorClass, `No library could be searched. ${errors.map(({ message }) => message).join('; ')}`, {
		provider: errors.map(({ provider }) => provider).join(', '),
		reason: 'all-providers-failed',
		cure: telling.cure,
		retryAfterMs: telling.retryAfterMs,
		issues: errors.map(({ provider = '', message, cure }) => ({ field: provider, reason: cure ? `${message} ${cure}` : message })),
	});
}
