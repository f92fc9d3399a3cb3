/** What tests ask of routing and of its ledger. */
import { accountName, type Candidate } from '../../core/routing/candidate';
import type { Store } from '../../core/store/store';
import type { Billed } from '../../sandbox/billed';
import type { Sandbox, ServiceName } from '../../sandbox/server';

/** With an account of its own for each address, and turns enough for any test. */
export function candidateOf<P extends { id: string; defaultModel: string }>(provider: P, baseUrl: string, model = provider.defaultModel): Candidate<P> {
	return { provider, model, account: accountName(provider.id, { baseUrl, apiKey: 'key' }), perMinute: 10_000 };
}

export interface Entry {
	provider: string;
	model: string;
	units: Record<string, number>;
	micro_usd: number;
	basis: string;
	/** `open`: nobody knows how it ended. */
	state: string;
	video_id: string;
}

/** The ledger, cheapest first. */
export async function entries({ db }: Store, provider?: string): Promise<Entry[]> {
	const rows = await db
		.selectFrom('costs')
		.select(['provider', 'model', 'units', 'micro_usd', 'basis', 'state', 'video_id'])
		.orderBy('micro_usd')
		.execute();
	return rows
		.filter((row) => provider === undefined || row.provider === provider)
		.map((row) => ({ ...row, units: JSON.parse(row.units) as Record<string, number> }));
}

export function billed(sandbox: Sandbox, service: ServiceName): Billed[] {
	return (sandbox.state(service) as { billed?: Billed[] }).billed ?? [];
}

/** All amounts of a unit. */
export function sumOf(rows: ReadonlyArray<Pick<Billed, 'units'>>, unit: string): number {
	return rows.reduce((sum, { units }) => sum + (units[unit] ?? 0), 0);
}
