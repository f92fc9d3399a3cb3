/** Whether our ledger says what the sandbox's services billed. */
import { expect } from 'vitest';

import { priceOf, type Capability } from '../../core/cost/prices';
import type { Store } from '../../core/store/store';
import type { Billed } from '../../sandbox/billed';
import type { Sandbox } from '../../sandbox/server';
import type { ServiceName } from '../../sandbox/services';

export interface BilledAnswer {
	provider: string;
	model: string;
	micro_usd: number;
}

/** What the named services billed, at the price table's rates. */
export function billedBy(sandbox: Sandbox, services: readonly ServiceName[], capability: Capability): BilledAnswer[] {
	return services.flatMap((provider) =>
		(sandbox.state(provider) as { billed?: Billed[] }).billed?.map(({ model, units }) => {
			const { cost } = priceOf({ capability, provider, model, units, basis: 'billed' });
			return { provider, model, micro_usd: cost.micro_usd };
		}) ?? [],
	);
}

export async function ledgerOf(store: Store): Promise<Array<BilledAnswer & { state: string; video_id: string; stage: string }>> {
	return await store.db.selectFrom('costs').select(['provider', 'model', 'micro_usd', 'state', 'video_id', 'stage']).execute();
}

/**
 * Each billed answer is in the ledger: settled at exactly its price, or open at that much at least. Nothing else is settled.
 * @returns how many are open
 */
export async function expectAccountedFor(store: Store, billed: readonly BilledAnswer[]): Promise<number> {
	const rows = await ledgerOf(store);
	const left = [...billed];
	for (const { state, provider, model, micro_usd: price } of rows) {
		if (state !== 'settled') continue;
		const index = left.findIndex((one) => one.provider === provider && one.model === model && one.micro_usd === price);
		expect(index, `${provider} ${model} ${price} was billed`).toBeGreaterThanOrEqual(0);
		left.splice(index, 1);
	}
	// the dearest first, so that each finds an estimate that covers it if there is one
	const open = rows.filter(({ state }) => state === 'open').sort((a, b) => b.micro_usd - a.micro_usd);
	const unheard = [...left].sort((a, b) => b.micro_usd - a.micro_usd);
	for (const one of unheard) {
		const index = open.findIndex((row) => row.provider === one.provider && row.model === one.model && row.micro_usd >= one.micro_usd);
		expect(index, `an open estimate covers ${one.provider} ${one.micro_usd}`).toBeGreaterThanOrEqual(0);
		open.splice(index, 1);
	}
	const sum = (amounts: ReadonlyArray<{ micro_usd: number }>) => amounts.reduce((total, { micro_usd: one }) => total + one, 0);
	expect(sum(rows)).toBeGreaterThanOrEqual(sum(billed));
	return rows.filter(({ state }) => state === 'open').length;
}
