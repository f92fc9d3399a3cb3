/** The demo's closing table: what each stage took and cost. */
import { stageName } from './follow';
import type { DemoReport } from './report';

export function stageTable({ stages, cost_usd: total }: DemoReport): string[][] {
	const seconds = stages.reduce((sum, stage) => sum + (stage.seconds ?? 0), 0);
	return [
		['STAGE', 'TIME', 'PROVIDER', 'COST'],
		...stages.map((stage) => [
			stageName(stage.stage),
			`${(stage.seconds ?? 0).toFixed(1)} s`,
			stage.providers.join(', ') || '-',
			`$${stage.cost_usd.toFixed(4)}`,
		]),
		['in all', `${seconds.toFixed(1)} s`, '', `$${total.toFixed(4)}`],
	];
}
