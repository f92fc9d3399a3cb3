/** The prices in force: the dated table of the package, with the operator's own before it. */
import { readFileSync } from 'node:fs';

import { invalidRequest } from '../errors';
import { z } from '../vendor/zod';

import type { Price } from './prices';
import table from './prices.json';

/** Names a JSON file `{"prices": […]}` in the form of `prices.json`: its prices take the place of the package's. */
export const PRICES_FILE = 'YTEMPIRE_PRICES_FILE';

const rates = z.record(z.string(), z.number().min(0));

const ownPrices = z.object({
	prices: z.array(
		z.object({
			capability: z.string(),
			provider: z.string(),
			model: z.string(),
			from: z.string().default(''),
			source: z.string().default('the operator'),
			usd_per_million: rates,
			above: z.object({ input_tokens: z.number().min(0), usd_per_million: rates }).optional(),
		}),
	),
});

const read = new Map<string, Price[]>();

/**
 * The file is read once per process.
 * @throws YtempireError `invalid-request` when the file can't be read or isn't of that form
 */
export function pricesInForce(file = process.env[PRICES_FILE]): readonly Price[] {
	if (!file) return table.prices;
	const known = read.get(file) ?? [...ownOf(file), ...table.prices];
	read.set(file, known);
	return known;
}

function ownOf(file: string): Price[] {
	try {
		return ownPrices.parse(JSON.parse(readFileSync(file, 'utf8'))).prices;
	} catch (error) {
		throw invalidRequest(`The prices in ${file} can't be used`, {
			reason: 'prices-file',
			cure: `Correct the file that ${PRICES_FILE} names: {"prices": [{"capability", "provider", "model", "usd_per_million": {unit: dollars}}]}.`,
			cause: error,
		});
	}
}
