/** Ways to save without another provider: cached prompts, shorter narrations, a cheaper tier for drafts. */
import { usd } from '../money';
import { languageModel, modelOfTier, type LanguageProviderId } from '../providers/language/models';
import type { Store } from '../store/store';

import { jsonSqlOf } from './json-sql';
import type { Period } from './period';
import { amountOf, withoutSnapshot, type Price } from './prices';
import type { QualityModel } from './quality-seen';
import type { Saving, SavingLimits } from './savings';
import { normalCdf } from './statistics';
import type { StageUse } from './use';

interface Seen {
	period: Period;
	uses: readonly StageUse[];
	model: QualityModel;
	limits: SavingLimits;
	prices: readonly Price[];
}

/** They are told, never applied: each is a setting of a node or a request. */
export async function leversOf(store: Store, seen: Seen): Promise<Saving[]> {
	const drafts = await draftShare(store, seen.period);
	const found = [...seen.uses.flatMap((use) => cached(use, seen)), ...shorter(seen), ...draftTier(seen, drafts)];
	return found.filter(({ saving_usd: saving }) => saving > 0);
}

const saving = (micro: number, { limits }: Seen) => ({
	saving_usd: usd(micro),
	monthly_usd: (usd(micro) / limits.days) * 30,
});

function priceOfUse({ provider, model }: StageUse, prices: readonly Price[], capability: string): Price | undefined {
	return prices.find((one) => one.capability === capability && one.provider === provider && one.model === withoutSnapshot(model));
}

/** The shortest prompt is taken for the part that all of them begin with. */
function cached(use: StageUse, seen: Seen): Saving[] {
	const price = priceOfUse(use, seen.prices, 'language');
	const { input_tokens: full, cached_input_tokens: less } = price?.usd_per_million ?? {};
	if (full === undefined || less === undefined || use.calls < 2) return [];
	const already = use.units.cached_input_tokens ?? 0;
	const common = use.least_input_tokens * (use.calls - 1);
	const micro = Math.max(0, common - already) * (full - less);
	const hit = already / Math.max(1, already + (use.units.input_tokens ?? 0));
	return [
		{
			kind: 'cache',
			stage: use.stage,
			what: `Send the stage ${use.stage}'s requests to ${use.provider} closer together, so that the common part of their prompts is read from its cache`,
			...saving(micro, seen),
			confidence: 1,
			risk: 'low',
			evidence: [
				`${use.calls} calls, ${(hit * 100).toFixed(0)} % of their input came from the cache`,
				'At most: the shortest prompt is taken for what all have in common, and a cache that never forgets; the answers stay the same',
			],
		},
	];
}

/** Narration is paid by the character. */
const SHORTER_BY = 0.1;

function shorter(seen: Seen): Saving[] {
	const voices = seen.uses.filter(({ stage }) => stage === 'voice');
	const micro = voices.reduce((sum, use) => sum + use.micro_usd, 0);
	const characters = voices.reduce((sum, { units }) => sum + (units.characters ?? 0), 0);
	const videos = Math.max(1, voices.reduce((sum, use) => sum + use.videos, 0));
	if (micro === 0) return [];
	return [
		{
			kind: 'shorter-narration',
			stage: 'voice',
			what: 'Ask for videos that are 10 % shorter',
			...saving(micro * SHORTER_BY, seen),
			confidence: null,
			risk: 'medium',
			evidence: [
				`${Math.round(characters / videos)} characters of narration for a video at present`,
				'The saving is sure, what viewers think of it was not measured',
			],
		},
	];
}

/** Only where the cheap model was measured: its quality is not guessed. */
function draftTier(seen: Seen, drafts: { share: number; videos: number }): Saving[] {
	const { uses, model, limits, prices } = seen;
	return uses.flatMap((use): Saving[] => {
		const known = languageModel(use.provider, withoutSnapshot(use.model));
		if (use.stage !== 'script' || !known) return [];
		const economy = modelOfTier(use.provider as LanguageProviderId, 'fallback');
		const price = priceOfUse({ ...use, model: economy }, prices, 'language');
		const quality = model.predict({ script: `${use.provider} ${economy}` });
		const seenOften = uses.some((one) => one.stage === 'script' && one.model === economy && one.videos >= limits.leastVideos);
		if (!price || !quality || !seenOften || quality.lower_bound < limits.qualityFloor) return [];
		const per = Object.fromEntries(Object.entries(use.units).map(([unit, count]) => [unit, count / use.calls]));
		const micro = (use.micro_usd - amountOf(price, per) * use.calls) * drafts.share;
		return [
			{
				kind: 'draft-tier',
				stage: 'script',
				what: `Let ${economy} write the scripts of drafts (private videos)`,
				...saving(micro, seen),
				confidence: quality.error === 0 ? 1 : normalCdf((quality.mean - limits.qualityFloor) / quality.error),
				risk: 'low',
				evidence: [
					`${(drafts.share * 100).toFixed(0)} % of ${drafts.videos} videos are private`,
					`Videos with its scripts have a mean score of ${quality.mean.toFixed(3)}, with 95 % certainty at least ${quality.lower_bound.toFixed(3)}`,
				],
			},
		];
	});
}

async function draftShare(store: Store, { begins, ends }: Period): Promise<{ share: number; videos: number }> {
	const json = await jsonSqlOf(store);
	const rows = await store.db
		.selectFrom('jobs')
		.select(({ fn }) => [json.text('request', 'privacy', 'options').as('privacy'), fn.countAll<number>().as('count')])
		.where('created_at', '>=', begins)
		.where('created_at', '<', ends)
		.groupBy('privacy')
		.execute();
	const videos = rows.reduce((sum, { count }) => sum + count, 0);
	const drafts = rows.find(({ privacy }) => privacy === 'private')?.count ?? 0;
	return { share: videos === 0 ? 0 : drafts / videos, videos };
}
