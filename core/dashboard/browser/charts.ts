/** Runs in the reader's browser: draws the dashboard's charts, again when light becomes dark. */
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from '../../vendor/browser/chart';

import type { ChartData } from '../page/charts';

/** What the page uses of a browser; with all of its types, the server's code could name what it doesn't have. */
declare const document: {
	documentElement: object;
	getElementById(id: string): { textContent: string | null } | null;
};
declare function getComputedStyle(element: object): { getPropertyValue(name: string): string };
declare function matchMedia(query: string): { addEventListener(event: 'change', listener: () => void): void };

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, Tooltip);

const data = JSON.parse(document.getElementById('charts-data')?.textContent ?? '[]') as ChartData[];

let drawn: Chart[] = [];

function draw(): void {
	for (const chart of drawn) chart.destroy();
	const style = getComputedStyle(document.documentElement);
	const color = (name: string) => style.getPropertyValue(name).trim();
	Chart.defaults.color = color('--soft');
	Chart.defaults.borderColor = color('--grid');
	Chart.defaults.font.family = 'system-ui, sans-serif';
	drawn = data.filter(({ id }) => document.getElementById(id)).map((one) => chartOf(one, color));
}

function chartOf({ id, labels, series, unit }: ChartData, color: (name: string) => string): Chart {
	const said = (value: number) => (unit === 'usd' ? `$${value.toFixed(value < 0.1 ? 4 : 2)}` : String(value));
	return new Chart(id, {
		type: 'bar',
		data: {
			labels,
			datasets: series.map(({ label, values, color: name }) => ({
				label,
				data: values,
				backgroundColor: color(name),
				// series that touch are told apart without their colours, too
				borderColor: color('--card'),
				borderWidth: { top: 1 },
				borderRadius: 2,
				maxBarThickness: 36,
				categoryPercentage: 0.86,
				barPercentage: 1,
			})),
		},
		options: {
			animation: false,
			maintainAspectRatio: false,
			interaction: { mode: 'index', intersect: false },
			scales: {
				x: { stacked: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 14 } },
				y: {
					stacked: true,
					beginAtZero: true,
					border: { display: false },
					ticks: { maxTicksLimit: 6, ...(unit === 'usd' ? { callback: (value) => `$${Number(value) % 1 === 0 ? value : Number(value).toFixed(2)}` } : { precision: 0 }) },
				},
			},
			plugins: {
				legend: { position: 'bottom', align: 'start', labels: { boxWidth: 10, boxHeight: 10, padding: 14 } },
				tooltip: {
					filter: ({ parsed }) => parsed.y !== 0,
					callbacks: { label: ({ dataset, parsed }) => ` ${dataset.label}: ${said(parsed.y ?? 0)}` },
				},
			},
		},
	});
}

draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
