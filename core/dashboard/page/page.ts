/**
 * The dashboard as one HTML page: it asks for nothing else, and its own policy allows nothing else.
 *
 * The policy stands in the page because n8n (2.41) drops a workflow's own Content-Security-Policy header and sends
 * `sandbox` without `allow-same-origin` in its place: scripts run, but in an origin of their own, without storage,
 * cookies or calls home. Nothing here needs these, and both policies hold together.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Dashboard } from '../dashboard';

import { chartsOf } from './charts';
import { scriptJson, text } from './html';
import { accountsSection, costsSection, figures, qualitySection, troublesSection, videosSection } from './sections';
import { STYLE } from './style';
import { count, moment } from './words';

/** Spans of days that the page offers. */
const SPANS = [7, 30, 90];

const hashOf = (content: string) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** The page's script with chart.js in it, as the build bundles it from `core/dashboard/browser/`. */
export async function readPageScript(): Promise<string> {
	return await readFile(join(__dirname, '..', 'browser', 'charts.js'), 'utf8');
}

/** @param script see {@link readPageScript} */
export function dashboardPage(dashboard: Dashboard, script: string): string {
	const { made_at: madeAt, days } = dashboard;
	const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>YTEMPIRE dashboard</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header>
<div><h1>YTEMPIRE</h1>
<p class="soft">As of ${moment(madeAt)}, looking back on ${text(count(days, 'day'))}</p></div>
<nav aria-label="Days looked back on"><ul>${spans(days)}</ul></nav>
</header>
<main>
${[
	figures(dashboard),
	videosSection(dashboard),
	costsSection(dashboard),
	qualitySection(dashboard),
	accountsSection(dashboard),
	troublesSection(dashboard),
].join('\n')}
</main>
<footer><p>Days are UTC. <a href="?format=json&amp;days=${days}">The same as JSON</a></p></footer>
<script type="application/json" id="charts-data">${scriptJson(chartsOf(dashboard))}</script>
<script>${script}</script>
</body>
</html>
`;
}

function spans(days: number): string {
	return SPANS.map((span) => {
		const current = span === days ? ' aria-current="page"' : '';
		return `<li><a href="?days=${span}"${current}>${span} days</a></li>`;
	}).join('');
}
