/** The page's style sheet: calm, one column on a phone, two on a desk; light and dark by the reader's own choice. */
export const STYLE = `
:root {
	color-scheme: light dark;
	--ground: #f7f7f5; --card: #fff; --ink: #17181a; --soft: #5c6168; --line: #e3e3df; --grid: #ececea; --accent: #0b57d0; --note: #fdf0e3;
	--state-published: #1f7a4d; --state-running: #1f6fc4; --state-queued: #6b7480; --state-interrupted: #7a4fc0; --state-flagged: #a86200; --state-failed: #bf2e26; --state-other: #5f6b6b;
	--series-1: #2b6cb0; --series-2: #c2571a; --series-3: #2f855a; --series-4: #8a4bb8; --series-5: #b7791f; --series-6: #c0396b; --series-7: #0f8a8a; --series-8: #6b7480;
	font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
	:root {
		--ground: #121315; --card: #1b1d20; --ink: #ebecee; --soft: #a6adb6; --line: #2e3135; --grid: #26292d; --accent: #9cc2ff; --note: #33271a;
		--state-published: #5cc48f; --state-running: #6cb1f5; --state-queued: #98a2ae; --state-interrupted: #b394ee; --state-flagged: #e3a344; --state-failed: #f5857c; --state-other: #93a1a1;
		--series-1: #6aa9ea; --series-2: #f0925a; --series-3: #66c596; --series-4: #c293ea; --series-5: #e0b24e; --series-6: #f086ab; --series-7: #54c7c7; --series-8: #98a2ae;
	}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
header, main, footer { max-width: 76rem; margin: auto; padding: 1rem; }
header { padding-top: 1.6rem; padding-bottom: 0; display: flex; flex-wrap: wrap; gap: .4rem 2rem; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .2rem; }
p { margin: .4rem 0; }
small { display: block; color: var(--soft); font-size: .82rem; font-weight: 400; line-height: 1.35; }
.soft, footer { color: var(--soft); font-size: .9rem; }
.note { background: var(--note); border-radius: .5rem; padding: .5rem .7rem; }
a { color: var(--accent); }
a, summary { padding: .3rem 0; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .2rem; }
nav ul, .states, .troubles { list-style: none; margin: 0; padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
nav a { display: inline-block; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
section, .figures > div { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; }
section { padding: 1.1rem; }
.figures { margin: 0; display: grid; gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(9.4rem, 1fr)); }
.figures > div { padding: .7rem .9rem; }
dt { color: var(--soft); font-size: .88rem; }
dd { margin: 0; font-size: 1.45rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.states { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; }
.chart { position: relative; height: 17rem; margin: .6rem 0; }
.badge { white-space: nowrap; font-weight: 600; font-size: .9rem; color: var(--badge); }
.badge::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .4em; border-radius: 50%; background: var(--badge); }
.published { --badge: var(--state-published); } .running { --badge: var(--state-running); } .queued { --badge: var(--state-queued); }
.interrupted { --badge: var(--state-interrupted); } .flagged { --badge: var(--state-flagged); } .failed { --badge: var(--state-failed); } .other { --badge: var(--state-other); }
details { margin-top: .6rem; }
summary { cursor: pointer; color: var(--accent); }
details + details { margin-top: 0; }
details[open] .troubles { margin-top: .6rem; }
details[open] table { display: block; max-height: 24rem; overflow-y: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .9rem; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border: 0; color: var(--soft); font-size: .85rem; white-space: nowrap; }
tbody th { font-weight: 600; }
.number { text-align: right; }
th:last-child, td:last-child { padding-right: 0; }
tbody th, td { min-width: 4.5rem; }
[data-head="Project’s quota left"], [data-head="Back"] { min-width: 11.5rem; }
[data-head="Videos left"], tbody th { min-width: 9rem; }
meter { display: block; width: 7rem; max-width: 100%; height: .6rem; }
.troubles { display: grid; gap: .9rem; }
.troubles li + li { border-top: 1px solid var(--line); padding-top: .9rem; }
code { font-size: .88em; }
@media (min-width: 62rem) {
	main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; }
	.figures, section:nth-last-of-type(-n + 2), section:first-of-type { grid-column: 1 / -1; }
}
@media (max-width: 40rem) {
	section { padding: 1rem .9rem; }
	.chart { height: 14rem; }
	thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
	table, caption, tbody, tr, tbody th, td { display: block; }
	tr { border-top: 1px solid var(--line); padding: .5rem 0; }
	tbody th, td, td.number { border: 0; padding: .1rem 0; text-align: left; min-width: 0; }
	td { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .5rem; }
	td::before { content: attr(data-head); color: var(--soft); }
}
@media print { section { break-inside: avoid; } }
`;
