/** `ytempire costs`: what videos cost, and where it went. */
import type { CostAnalysis } from '../core/cost/analyze';

import type { Command, Given } from './command';
import { EXIT, money, printJson, printTable, type Terminal } from './output';
import { placeOf, STORE_OPTIONS } from './settings';
import { withStore } from './store';

const PARTS = ['day', 'stage', 'provider', 'model', 'channel'] as const;

export const COSTS: Command = {
	words: 'costs',
	about: 'what was spent, on what, and where it goes',
	options: {
		days: { type: 'string', value: 'N', about: 'of the last so many days, today counted (30)' },
		by: { type: 'string', value: 'PART', choices: PARTS, about: 'what it is divided by (provider)' },
		...STORE_OPTIONS,
	},
	text: 'Reads the store, and changes nothing in it. Days are UTC. With --json all divisions, waste, trend and forecast come at once.',
	exits: '0 told, 1 the store can’t be read, 2 wrong usage.',
	run: costs,
};

async function costs(given: Given, terminal: Terminal): Promise<number> {
	const days = given.whole('days', 1, 3660) ?? 30;
	const analysis = await withStore(await placeOf(given, terminal), async (store) => {
		const { analyzeCosts } = await import('../core/cost/analyze');
		return await analyzeCosts(store, days);
	});
	if (given.flag('json')) {
		printJson(terminal, analysis);
		return EXIT.done;
	}
	const each = analysis.cost_per_published_usd;
	terminal.out(`${money(analysis.cost_usd)} from ${analysis.from} to ${analysis.to}; ${analysis.published} published${each === null ? '' : `, ${money(each)} each`}\n`);
	const part = PARTS.find((one) => one === given.text('by')) ?? 'provider';
	const rows = rowsOf(analysis, part);
	if (rows.length > 0) printTable(terminal, [part.toUpperCase(), 'COST', 'SHARE'], rows);
	return EXIT.done;
}

function rowsOf(analysis: CostAnalysis, part: (typeof PARTS)[number]): string[][] {
	const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
	const total = analysis.cost_usd || 1;
	if (part === 'day') return analysis.by_day.map(({ day, cost_usd: cost }) => [day, money(cost), percent(cost / total)]);
	if (part === 'stage') return analysis.by_stage.map((one) => [one.stage, money(one.cost_usd), percent(one.share)]);
	if (part === 'channel') return analysis.by_channel.map((one) => [one.channel_id || '(none)', money(one.cost_usd), percent(one.share)]);
	if (part === 'model') return analysis.by_model.map((one) => [`${one.provider} ${one.model}`, money(one.cost_usd), percent(one.share)]);
	return analysis.by_provider.map((one) => [one.provider, money(one.cost_usd), percent(one.share)]);
}
