/** The list of what was uploaded, newest first. */
import { escapeHtml } from '../../html';
import { privacyOf } from '../resource';
import type { Video, YouTubeState } from '../state';
import { clockTime, dateTime, layout, text } from './layout';

const STYLE = `
ul { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); }
li a { display: block; text-decoration: none; }
.still { position: relative; aspect-ratio: 16/9; border-radius: .8rem; overflow: hidden; background: var(--line); }
.still img { width: 100%; height: 100%; object-fit: cover; display: block; color: transparent; }
.still b { position: absolute; right: .5rem; bottom: .5rem; background: #000c; color: #fff; font-size: .78rem; font-weight: 600; border-radius: .35rem; padding: .05rem .4rem; }
li strong { display: block; margin: .55rem 0 .15rem; line-height: 1.35; overflow-wrap: anywhere; font-weight: 600; }
li:hover strong { color: var(--accent); }
`;

function card(state: YouTubeState, video: Video): string {
	const title = text(video.metadata.snippet?.title);
	const channel = escapeHtml(state.accounts().get(video.accountId)?.channelTitle ?? '');
	const privacy = privacyOf(video, state.context.clock.now());
	return `<li><a href="/watch?v=${video.id}">
<div class="still"><img loading="lazy" src="/vi/${video.id}/maxresdefault.jpg" alt="">${video.facts ? `<b>${clockTime(video.facts.seconds)}</b>` : ''}</div>
<strong>${title}</strong>
<span class="soft">${channel}<br>${dateTime(video.uploadedAt)}</span> <span class="badge">${privacy}</span>
</a></li>`;
}

export function indexPage(state: YouTubeState): string {
	const videos = [...state.videos.values()].reverse();
	const heading = videos.length === 1 ? '1 video' : `${videos.length} videos`;
	const content =
		videos.length === 0
			? '<h1>Nothing has been uploaded yet</h1><p class="soft">Videos appear here as soon as their last byte has come.</p>'
			: `<h1>${heading}</h1><ul>${videos.map((video) => card(state, video)).join('\n')}</ul>`;
	return layout('YouTube sandbox', STYLE, content);
}
