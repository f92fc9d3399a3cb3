/** The libraries of footage as nodes offer them: those whose credentials are chosen, asked as one. */
import type { IExecuteFunctions, INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

import { FOOTAGE_PROVIDERS } from '../../core/providers/footage';
import { CACHE_LIMIT_BYTES } from '../../core/providers/footage/cache';
import type { FootageProvider } from '../../core/providers/footage/footage';
import type { FootageAccount } from '../../core/providers/footage/library';
import { FOOTAGE_TERMS, type FootageProviderId, type FootageTerms } from '../../core/providers/footage/terms';
import { accountName } from '../../core/routing/candidate';

const CREDENTIALS: Record<FootageProviderId, string> = {
	pexels: 'ytempirePexelsApi',
	pixabay: 'ytempirePixabayApi',
	unsplash: 'ytempireUnsplashApi',
};

const IDS = Object.keys(FOOTAGE_PROVIDERS) as FootageProviderId[];

/** All optional: which of them are asked is the operator's choice. */
export function footageCredentials(ids: readonly FootageProviderId[] = IDS): INodeCredentialDescription[] {
	return ids.map((id) => ({ name: CREDENTIALS[id], displayName: FOOTAGE_TERMS[id].title, required: false }));
}

const GB = 1e9;

/** For the collection `options`. */
export const footageCacheField: INodeProperties = {
	displayName: 'Footage Cache Limit (GB)',
	name: 'footageCacheGb',
	type: 'number',
	typeOptions: { minValue: 0.1, numberPrecision: 1 },
	default: CACHE_LIMIT_BYTES / GB,
	description:
		'How much downloaded footage is kept on the disk; what was unused longest goes first, and never what a running job uses',
};

export function cacheLimitOf(context: IExecuteFunctions, itemIndex: number): number {
	const gb = Number(context.getNodeParameter('options.footageCacheGb', itemIndex, CACHE_LIMIT_BYTES / GB));
	return gb > 0 ? gb * GB : CACHE_LIMIT_BYTES;
}

/** Accounts of the libraries whose credentials are chosen in the node; none when there are none. */
export async function footageAccounts(context: IExecuteFunctions, itemIndex: number): Promise<FootageAccount[]> {
	const chosen = context.getNode().credentials ?? {};
	const there = IDS.filter((id) => chosen[CREDENTIALS[id]] !== undefined);
	return await Promise.all(
		there.map(async (id) => {
			const credential = await context.getCredentials(CREDENTIALS[id], itemIndex);
			const text = (name: string) => (typeof credential[name] === 'string' ? credential[name].trim() : '');
			const connection = { apiKey: text('apiKey'), baseUrl: text('baseUrl') };
			const provider: FootageProvider = FOOTAGE_PROVIDERS[id](connection);
			const terms: FootageTerms = FOOTAGE_TERMS[id];
			const { requests, windowS } = terms.allowance;
			const own = Number(credential.requestsPerHour ?? credential.requestsPerMinute);
			return {
				provider,
				account: accountName(id, connection),
				allowance: { requests: own > 0 ? own : requests, windowS },
				// a key that may send more in an hour may do so in a month
				...(terms.monthly ? { monthly: Math.round((terms.monthly * (own > 0 ? own : requests)) / requests) } : {}),
			};
		}),
	);
}
