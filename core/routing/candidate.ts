/** A provider that may serve a request: its account, its model, and how fast it may be asked. */
import { contentHash } from '../hash';

import table from './rate-limits.json';

export interface Candidate<P extends { id: string } = { id: string }> {
	provider: P;
	model: string;
	/** See `accountName`. */
	account: string;
	/** Requests that all workers together may send in a minute. */
	perMinute: number;
}

/** Names an account at a provider without telling its key. */
export function accountName(provider: string, connection: { baseUrl?: string; apiKey: string }): string {
	return `${provider}:${contentHash([connection.baseUrl ?? '', connection.apiKey]).slice(0, 16)}`;
}

/** Requests a minute by the dated table; 60 for a provider that it doesn't know. */
export function defaultPerMinute(provider: string): number {
	return (table.requests_per_minute as Record<string, number | undefined>)[provider] ?? 60;
}
