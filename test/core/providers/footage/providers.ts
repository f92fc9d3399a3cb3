/** Each library against its stand-in: what the conformance tests need to know of it. */
import { FOOTAGE_PROVIDERS } from '../../../../core/providers/footage';
import type { FootageKind, FootageProvider } from '../../../../core/providers/footage/footage';
import { Libraries, type FootageAccount, type LibraryDeps } from '../../../../core/providers/footage/library';
import { FOOTAGE_TERMS, type FootageProviderId } from '../../../../core/providers/footage/terms';
import { accountName } from '../../../../core/routing/candidate';
import { findFfmpeg } from '../../../../core/video/ffmpeg';
import { KEYS } from '../../../../sandbox/keys';
import type { Sandbox } from '../../../../sandbox/server';
import { temporaryStore } from '../../../support/store';

export const IDS = Object.keys(FOOTAGE_PROVIDERS) as FootageProviderId[];

/** Path of a search, for faults and for the contract. */
export const SEARCH_PATHS: Record<FootageProviderId, Partial<Record<FootageKind, string>>> = {
	pexels: { video: '/videos/search', photo: '/v1/search' },
	pixabay: { video: '/api/videos/', photo: '/api/' },
	unsplash: { photo: '/search/photos' },
};

export function connected(sandbox: Sandbox, id: FootageProviderId, apiKey: string = KEYS[id].apiKey): FootageProvider {
	return FOOTAGE_PROVIDERS[id]({ apiKey, baseUrl: sandbox.services[id].url });
}

export function accountOf(sandbox: Sandbox, id: FootageProviderId, apiKey?: string): FootageAccount {
	const provider = connected(sandbox, id, apiKey);
	return {
		provider,
		account: accountName(id, { baseUrl: sandbox.services[id].url, apiKey: apiKey ?? KEYS[id].apiKey }),
		allowance: FOOTAGE_TERMS[id].allowance,
	};
}

/** Libraries over a store of their own; repeated at once. */
export async function librariesOf(sandbox: Sandbox, ids: readonly FootageProviderId[] = IDS, own: Partial<LibraryDeps> = {}) {
	const store = own.store ?? (await temporaryStore());
	const tools = await findFfmpeg();
	const libraries = new Libraries(ids.map((id) => accountOf(sandbox, id)), { store, tools, retry: { baseMs: 1, maxMs: 2 }, ...own });
	return { libraries, store, tools };
}
