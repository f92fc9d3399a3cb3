/** The parts of the page: figures, charts with the same figures as a table, accounts, and what went wrong. */
import type { AccountRow } from '../accounts';
import type { Dashboard } from '../dashboard';
import type { Trouble } from '../troubles';

import { shortDay, stateColor } from './charts';
import { table, text } from './html';
import { count, label, moment, money, providerName, until, withMoments } from './words';

/** HTML of one figure with what it means. */
const figure = (name: string, value: string, note: string) =>
	`<div><dt>${text(name)}</dt><dd>${text(value)}<small>${text(note)}</small></dd></div>`;

export function figures({ days, videos, costs, quality, accounts }: Dashboard): string {
	const within = days === 1 ? 'today' : `in ${days} days`;
	const ofState = (state: string) => videos.by_state.find((one) => one.state === state)?.videos ?? 0;
	const perVideo = costs.per_published_usd === null ? 'none published' : `${money(costs.per_published_usd)} a published video`;
	return `<dl class="figures">${[
		figure('Published', count(videos.published), `of ${count(videos.recent)} asked for ${within}`),
		figure('In the making', count(ofState('running') + ofState('queued')), `${count(ofState('queued'))} of them queued`),
		figure('Flagged', count(ofState('flagged')), `${count(videos.for_person)} left to a person`),
		figure('Failed', count(ofState('failed') + ofState('interrupted')), 'of all time; they can go on'),
		figure('Cost', money(costs.total_usd), perVideo),
		figure('Quality', quality.mean === null ? '–' : quality.mean.toFixed(2), `mean of ${count(quality.measured)}; ${count(quality.passed)} passed`),
		figure('Accounts ready', `${accounts.ready} of ${accounts.list.length}`, accounts.list.length > 0 ? 'for an upload now' : 'no list'),
	].join('')}</dl>`;
}

/** @param description what the chart shows, for who can't see it; the table holds its figures */
function chart(id: string, description: string): string {
	return `<div class="chart"><canvas id="${id}" role="img" aria-label="${text(description)}"></canvas></div>`;
}

/** @param content HTML */
const asDetails = (summary: string, content: string) => `<details><summary>${text(summary)}</summary>${content}</details>`;

const empty = (what: string) => `<p class="soft">${text(what)}</p>`;

export function videosSection({ videos, days }: Dashboard): string {
	const states = `<ul class="states">${videos.by_state
		.map(({ state, videos: number }) => `<li>${badge(state)} <b>${count(number)}</b></li>`)
		.join('')}</ul>`;
	const perDay = [...videos.per_day].reverse();
	return section('videos', 'Videos by state', `${states}
<p class="soft">${count(videos.total, 'video')} of all time; below, those asked for in the last ${count(days, 'day')} (UTC).</p>
${videos.per_day.length === 0 ? empty('None was asked for in these days.') : `${chart('videos-chart', `Bars: videos asked for on each of the last ${days} days, by state`)}
${asDetails('Videos per day as a table', table('Videos per day and state', [
		{ head: 'Day', cell: ({ day }) => text(shortDay(day)) },
		{ head: 'State', cell: ({ state }) => badge(state) },
		{ head: 'Videos', cell: ({ videos: number }) => count(number), isNumber: true },
	], perDay))}`}`);
}

export function costsSection({ costs, days }: Dashboard): string {
	return section('costs', 'Cost per day and provider', costs.per_day.length === 0 ? empty('Nothing was spent in these days.') : `${
		chart('costs-chart', `Bars: dollars spent on each of the last ${days} days, by provider`)}
${asDetails('Cost by provider as a table', table('Cost by provider', [
		{ head: 'Provider', cell: ({ provider }) => text(providerName(provider)) },
		{ head: 'Calls', cell: ({ calls }) => count(calls), isNumber: true },
		{ head: 'Cost', cell: ({ usd }) => money(usd), isNumber: true },
	], costs.by_provider))}
${asDetails('Cost per day as a table', table('Cost per day and provider', [
		{ head: 'Day', cell: ({ day }) => text(shortDay(day)) },
		{ head: 'Provider', cell: ({ provider }) => text(providerName(provider)) },
		{ head: 'Calls', cell: ({ calls }) => count(calls), isNumber: true },
		{ head: 'Cost', cell: ({ usd }) => money(usd), isNumber: true },
	], [...costs.per_day].reverse()))}`);
}

export function qualitySection({ quality, days }: Dashboard): string {
	const bins = quality.bins.filter(({ passed, below }) => passed + below > 0).reverse();
	return section('quality', 'Quality', quality.measured === 0 ? empty(`No video was measured in the last ${count(days, 'day')}.`) : `${
		chart('quality-chart', `Bars: how many of ${quality.measured} videos had which quality score, from 0 to 1`)}
${asDetails('Quality as a table', table('Videos by quality score', [
		{ head: 'Score', cell: ({ from, to }) => `${from.toFixed(2)}–${to.toFixed(2)}` },
		{ head: 'Passed', cell: ({ passed }) => count(passed), isNumber: true },
		{ head: 'Below the threshold', cell: ({ below }) => count(below), isNumber: true },
	], bins))}`);
}

export function accountsSection({ accounts, made_at: now }: Dashboard): string {
	const problem = accounts.problem ? `<p class="note">${text(accounts.problem)}</p>` : '';
	const resets = accounts.list[0]?.resets_at;
	return section('accounts', 'Accounts', `${problem}
${resets ? `<p class="soft">Allowances begin anew at ${moment(resets)}, ${text(until(resets, now))}.</p>` : ''}
${accounts.list.length === 0 ? empty('No account is listed.') : table('The pool’s accounts today', [
		{ head: 'Account', cell: ({ account_id: id, role, project }) => `${text(id)} <small>${text(role)}, ${text(project.replace(/\.apps\.googleusercontent\.com$/, ''))}</small>` },
		{ head: 'State', cell: ({ state, why }) => `${badge(state, 'standing')}${why ? `<small>${text(withMoments(why))}</small>` : ''}` },
		{ head: 'Videos left', cell: ({ videos, videos_left: left }) => left === videos.left ? allowance('videos', videos) : `${allowance('videos', videos)}<small>${left} by its project</small>` },
		{ head: 'Project’s quota left', cell: projectQuota },
		{ head: 'Back', cell: (row) => back(row, now) },
	], accounts.list)}`);
}

/** HTML: what is left of an allowance, in figures and as a bar. */
function allowance(what: string, { left, limit }: { left: number; limit: number }): string {
	return `${count(left)} of ${count(limit)}<meter min="0" max="${limit}" value="${Math.min(left, limit)}" aria-label="${text(`${left} of ${limit} ${what} left`)}"></meter>`;
}

const BUCKETS: Record<string, string> = { video_uploads: 'uploads', general: 'units' };

function projectQuota({ quota }: AccountRow): string {
	const shown = Object.entries(quota).filter(([bucket]) => Object.hasOwn(BUCKETS, bucket));
	const lines = shown.map(([bucket, { left, limit }]) => `${count(left)} of ${count(limit)} ${BUCKETS[bucket] ?? bucket}`);
	return lines.length > 0 ? lines.map(text).join('<br>') : '–';
}

function back({ back_at: at, state }: AccountRow, now: string): string {
	if (at) return `${moment(at)} <small>${text(until(at, now))}</small>`;
	return state === 'quarantined' ? 'When a person has seen to it' : state === 'busy' ? 'After its upload' : 'Serves now';
}

export function troublesSection({ troubles }: Dashboard): string {
	return section('troubles', 'Last failures', troubles.length === 0
		? empty('No video has failed, and none waits for a person.')
		: `${troubleList(troubles.slice(0, TROUBLES_OPEN))}${
			troubles.length > TROUBLES_OPEN ? `\n${asDetails(`${troubles.length - TROUBLES_OPEN} earlier ones`, troubleList(troubles.slice(TROUBLES_OPEN)))}` : ''}`);
}

/** How many are shown at once; the earlier ones unfold. */
const TROUBLES_OPEN = 8;

const troubleList = (troubles: Trouble[]) => `<ol class="troubles">${troubles.map(trouble).join('\n')}</ol>`;

function trouble({ topic, video_id: id, state, stage, provider, reason, cure, for_person: forPerson, at }: Trouble): string {
	const where = [stage ? label(stage) : '', provider ? providerName(provider) : '', forPerson ? 'left to a person' : ''].filter(Boolean).map(text);
	return `<li><h3>${badge(state)} ${text(topic)}</h3>
<p class="soft">${[`<code>${text(id)}</code>`, ...where, moment(at)].join(' · ')}</p>
<p>${text(reason)}</p>${cure ? `\n<p class="cure"><b>What to do:</b> ${text(cure)}</p>` : ''}</li>`;
}

function badge(name: string, kind: 'standing' | 'state' = 'state'): string {
	const color = kind === 'state' ? stateColor(name) : (STANDINGS[name] ?? 'other');
	return `<span class="badge ${color}">${text(label(name))}</span>`;
}

/** An account's standing in the colour of the state of a video that is as well off. */
const STANDINGS: Record<string, string> = {
	ready: 'published',
	busy: 'running',
	'half-open': 'queued',
	cooling: 'flagged',
	resting: 'flagged',
	exhausted: 'flagged',
	quarantined: 'failed',
};

/** @param content HTML */
function section(id: string, title: string, content: string): string {
	return `<section aria-labelledby="${id}"><h2 id="${id}">${text(title)}</h2>
${content}
</section>`;
}
