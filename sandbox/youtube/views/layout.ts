/** The frame of every page: light and dark by the reader's choice, from phone to desk, nothing loaded from outside. */
import { escapeHtml } from '../../html';

const STYLE = `
:root {
	color-scheme: light dark;
	--ground: light-dark(#fafaf8, #131416);
	--card: light-dark(#ffffff, #1c1e21);
	--ink: light-dark(#17181a, #eceded);
	--soft: light-dark(#5f646b, #a2a8b0);
	--line: light-dark(#e4e4e0, #2e3136);
	--accent: light-dark(#c4302b, #ff6f61);
	--mark: #c4302b;
	--note: light-dark(#fff4dc, #33291a);
	font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
a { color: inherit; }
header { border-bottom: 1px solid var(--line); background: var(--card); }
header a { display: flex; align-items: center; gap: .6rem; max-width: 72rem; margin: auto; padding: .8rem 1rem; font-weight: 650; text-decoration: none; }
header i { width: 1.9rem; height: 1.35rem; border-radius: .4rem; background: var(--mark); display: grid; place-items: center; }
header i::after { content: ""; border-left: .5rem solid #fff; border-block: .32rem solid transparent; margin-left: .12rem; }
header span { color: var(--soft); font-weight: 400; }
main { max-width: 72rem; margin: auto; padding: 1.2rem 1rem 3rem; }
h1 { font-size: clamp(1.25rem, 1rem + 1.4vw, 1.7rem); line-height: 1.25; margin: 1rem 0 .6rem; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); margin: 0 0 .5rem; font-weight: 600; }
.badge { display: inline-block; border: 1px solid var(--line); border-radius: 99rem; padding: .1rem .65rem; font-size: .82rem; color: var(--soft); background: var(--card); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1rem; }
.soft { color: var(--soft); font-size: .92rem; }
`;

/** @param content HTML */
export function layout(title: string, style: string, content: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<header><a href="/"><i></i>YouTube <span>sandbox</span></a></header>
<main>
${content}
</main>
</body>
</html>
`;
}

export function missingPage(): string {
	return layout('No such video', '', '<h1>There is no such video</h1><p class="soft">It may have been uploaded before the sandbox was started anew. <a href="/">See what is here.</a></p>');
}

/** The text of a field from outside, for HTML; nothing for what is no text. */
export const text = (value: unknown): string => escapeHtml(typeof value === 'string' ? value : '');

/** `1:05`, `1:02:03` */
export function clockTime(seconds: number): string {
	const whole = Math.round(seconds);
	const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	const shown = parts[0] === 0 ? parts.slice(1) : parts;
	return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

export function fileSize(bytes: number): string {
	if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
	return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Day and time in UTC, for reading. */
export function dateTime(ms: number): string {
	return `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(ms)} UTC`;
}
