import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { pricesInForce } from '../../../core/cost/price-table';
import { priceOf, sumCosts } from '../../../core/cost/prices';
import { temporaryFolder } from '../../support/store';

const used = {
	capability: 'language',
	provider: 'openai',
	model: 'gpt-6.1-terra',
	units: { input_tokens: 1000, output_tokens: 500 },
	basis: 'billed',
} as const;

describe('priceOf', () => {
	it('counts input and output tokens at their own rates, in micro-dollars', () => {
		const { cost, warnings } = priceOf(used);
		expect(cost).toMatchObject({ micro_usd: 1000 * 1 + 500 * 5, basis: 'billed', units: used.units });
		expect(warnings).toEqual([]);
	});

	it('counts cached input cheaper, or in full where no cheaper rate is known', () => {
		const units = { cached_input_tokens: 1000 };
		expect(priceOf({ ...used, units }).cost.micro_usd).toBe(50);
		expect(priceOf({ ...used, model: 'gpt-5.6-sol', units }).cost.micro_usd).toBe(4000);
	});

	it('knows the dated snapshot of a model', () => {
		expect(priceOf({ ...used, model: 'gpt-6.1-terra-2026-10-26' }).warnings).toEqual([]);
	});

	it('rounds parts of a micro-dollar up, and nothing else', () => {
		expect(priceOf({ ...used, model: 'gpt-6-luna', units: { input_tokens: 1 } }).cost.micro_usd).toBe(1);
		expect(priceOf({ ...used, model: 'gpt-6-luna', units: { input_tokens: 30 } }).cost.micro_usd).toBe(3);
	});

	it('counts the whole call at the rates of long prompts when its input is one', () => {
		const units = { input_tokens: 272_000, output_tokens: 10 };
		expect(priceOf({ ...used, units }).cost.micro_usd).toBe(272_000 + 50);
		const long = { ...units, cached_input_tokens: 1 };
		expect(priceOf({ ...used, units: long }).cost.micro_usd).toBe(Math.ceil(272_000 * 2 + 0.1 + 75));
		const haiku = { ...used, provider: 'anthropic', model: 'claude-haiku-5-5' };
		expect(priceOf({ ...haiku, units: { input_tokens: 100_000 } }).cost.micro_usd).toBe(10_000);
		expect(priceOf({ ...haiku, units: { input_tokens: 200_000 } }).cost.micro_usd).toBe(100_000);
	});

	it('knows a snapshot whose date has no hyphens', () => {
		expect(priceOf({ ...used, provider: 'anthropic', model: 'claude-sonnet-5-5-20261001' }).warnings).toEqual([]);
	});

	it('estimates an unknown model by the dearest known, and says so', () => {
		const { cost, warnings } = priceOf({ ...used, model: 'gpt-9' });
		expect(cost).toMatchObject({ micro_usd: 1000 * 10 + 500 * 50, basis: 'estimated' });
		expect(warnings[0]).toContain('gpt-9');
	});

	it('estimates an unknown provider by the dearest of the capability', () => {
		const price = (model: string, characters: number) => ({
			capability: 'speech',
			provider: 'old-voices',
			model,
			from: '2026-01-01',
			source: 'test',
			usd_per_million: { characters },
		});
		const unknown = { capability: 'speech', provider: 'new-voices', model: 'one', units: { characters: 10 }, basis: 'billed' } as const;
		expect(priceOf(unknown, [price('cheap', 50), price('dear', 160)]).cost.micro_usd).toBe(1600);
	});
});

describe('sumCosts', () => {
	it('adds calls of one model and keeps others apart', () => {
		const one = priceOf(used).cost;
		const other = priceOf({ ...used, model: 'gpt-6-luna' }).cost;
		expect(sumCosts([one, other, one])).toEqual([
			{ ...one, micro_usd: 7000, units: { input_tokens: 2000, output_tokens: 1000 } },
			other,
		]);
	});
});

describe('own prices', () => {
	const fileOf = async (text: string) => {
		const file = join(await temporaryFolder(), 'prices.json');
		await writeFile(file, text);
		return file;
	};

	it('take the place of the package’s, for the models that they name', async () => {
		const own = { capability: 'language', provider: 'openai', model: 'gpt-6.1-terra', usd_per_million: { input_tokens: 2, output_tokens: 4 } };
		const prices = pricesInForce(await fileOf(JSON.stringify({ prices: [own] })));
		expect(priceOf(used, prices).cost.micro_usd).toBe(1000 * 2 + 500 * 4);
		expect(priceOf({ ...used, model: 'gpt-6.1-sol' }, prices)).toEqual(priceOf({ ...used, model: 'gpt-6.1-sol' }));
	});

	it.each(['{', '{"prices": [{"model": "m"}]}'])('that are none are refused with the cure: %s', async (text) => {
		const file = await fileOf(text);
		expect(() => pricesInForce(file)).toThrow(/can't be used/);
	});
});
