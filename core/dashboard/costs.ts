/** What was spent, by UTC day and provider; what is set aside for calls under way counts, as in budgets. */
import { usd } from '../money';
import type { Store } from '../store/store';

export interface ProviderCost {
	provider: string;
	usd: number;
	calls: number;
}

export interface CostsView {
	total_usd: number;
	/** All that was spent, failures too, by the videos published of those asked for in the same days; null for none. */
	per_published_usd: number | null;
	/** The dearest first; those that take no money too. */
	by_provider: ProviderCost[];
	/** Days and providers with none are left out. */
	per_day: Array<ProviderCost & { day: string }>;
}

export async function costsView(store: Store, since: string, published: number): Promise<CostsView> {
	const rows = await store.db
		.selectFrom('costs')
		.select((eb) => [
			'day',
			'provider',
			eb.fn.sum<number>('micro_usd').as('micro_usd'),
			eb.fn.countAll<number>().as('calls'),
		])
		.where('day', '>=', since)
		.groupBy(['day', 'provider'])
		.orderBy('day')
		.execute();
	const total = rows.reduce((sum, { micro_usd }) => sum + micro_usd, 0);
	const byProvider = new Map<string, { micro: number; calls: number }>();
	for (const { provider, micro_usd, calls } of rows) {
		const known = byProvider.get(provider) ?? { micro: 0, calls: 0 };
		byProvider.set(provider, { micro: known.micro + micro_usd, calls: known.calls + calls });
	}
	return {
		total_usd: usd(total),
		per_published_usd: published > 0 ? usd(Math.round(total / published)) : null,
		by_provider: [...byProvider]
			.map(([provider, { micro, calls }]) => ({ provider, usd: usd(micro), calls }))
			.sort((a, b) => b.usd - a.usd || (a.provider < b.provider ? -1 : 1)),
		per_day: rows.map(({ day, provider, micro_usd, calls }) => ({ day, provider, usd: usd(micro_usd), calls })),
	};
}
