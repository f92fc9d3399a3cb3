/** The page that plays one video and tells what was sent with it. */
import { escapeHtml } from '../../html';
import { isProcessing, privacyOf } from '../resource';
import type { Video, YouTubeState } from '../state';
import { clockTime, dateTime, fileSize, layout, text } from './layout';

const STYLE = `
video { display: block; width: 100%; aspect-ratio: 16/9; max-height: 78vh; background: #000; border-radius: .9rem; }
.channel { display: flex; align-items: center; gap: .8rem; flex-wrap: wrap; margin: 0 0 1rem; }
.channel b { flex: none; width: 2.6rem; height: 2.6rem; border-radius: 50%; background: var(--mark); color: #fff; display: grid; place-items: center; font-size: 1.1rem; }
.channel div { flex: 1 1 12rem; line-height: 1.35; }
.columns { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
@media (min-width: 56rem) { .columns { grid-template-columns: minmax(0, 1fr) 21rem; } }
.stack { display: grid; gap: 1rem; }
.description { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.tags { display: flex; flex-wrap: wrap; gap: .4rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.notice { background: var(--note); border-color: transparent; margin: 0; }
.notice strong { display: block; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .35rem 1rem; margin: 0; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font-size: .8rem; }
.card img { display: block; width: 100%; aspect-ratio: 16/9; object-fit: cover; border-radius: .6rem; background: var(--line); color: transparent; }
`;

/** @param rows names and HTML */
function definitions(rows: Array<[name: string, html: string | undefined]>): string {
	const shown = rows.filter(([, html]) => html !== undefined);
	return `<dl>${shown.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('')}</dl>`;
}

function tagList(tags: unknown): string {
	if (!Array.isArray(tags) || tags.length === 0) return '';
	return `<ul class="tags">${tags.map((tag) => `<li class="badge">#${text(tag)}</li>`).join('')}</ul>`;
}

function disclosure(declared: unknown): string {
	if (declared !== true) return '';
	return '<p class="card notice"><strong>Altered or synthetic content</strong><span class="soft">Sound or visuals were significantly edited or digitally generated, as the uploader declared.</span></p>';
}

function declaration(value: unknown): string {
	if (value === undefined) return 'not said';
	return value === true ? 'yes' : 'no';
}

export function watchPage(state: YouTubeState, video: Video): string {
	const { snippet = {}, status = {} } = video.metadata;
	const account = state.accounts().get(video.accountId);
	const channel = account?.channelTitle ?? '';
	const title = typeof snippet.title === 'string' ? snippet.title : '';
	const { file, facts } = video;
	const outcome = video.readable ? 'succeeded' : 'failed: not a video';
	const content = `<video controls playsinline preload="metadata" src="/media/${video.id}" poster="/vi/${video.id}/maxresdefault.jpg"></video>
<h1>${escapeHtml(title)}</h1>
<div class="channel">
<b>${escapeHtml([...channel][0] ?? '?')}</b>
<div><strong>${escapeHtml(channel)}</strong><br><span class="soft">${dateTime(video.uploadedAt)}</span></div>
<span class="badge">${privacyOf(video, state.context.clock.now())}</span>
</div>
<div class="columns">
<div class="stack">
${disclosure(status.containsSyntheticMedia)}
<section class="card"><h2>Description</h2>
<p class="description">${text(snippet.description) || '<span class="soft">None.</span>'}</p>
${tagList(snippet.tags)}</section>
</div>
<aside class="stack">
<section class="card"><h2>${video.thumbnail ? 'Thumbnail' : 'Thumbnail, taken from the video'}</h2>
<img src="/vi/${video.id}/maxresdefault.jpg" alt="Thumbnail"></section>
<section class="card"><h2>As uploaded</h2>
${definitions([
	['Account', `${escapeHtml(video.accountId)}<br><code>${escapeHtml(account?.channelId ?? '')}</code>`],
	['Category', text(snippet.categoryId) || undefined],
	['Language', text(snippet.defaultAudioLanguage) || text(snippet.defaultLanguage) || undefined],
	['Synthetic', declaration(status.containsSyntheticMedia)],
	['For children', declaration(status.selfDeclaredMadeForKids)],
	['Goes public', text(status.publishAt) || undefined],
	['Processing', isProcessing(state, video) ? 'under way' : outcome],
	['Length', facts && clockTime(facts.seconds)],
	['Picture', facts && `${facts.width} × ${facts.height}`],
	['File', `${fileSize(file.bytes)}<br><code>${file.sha256}</code>`],
])}</section>
</aside>
</div>`;
	return layout(`${title} · YouTube sandbox`, STYLE, content);
}
