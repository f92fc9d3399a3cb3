/**
 * A mail as HTML: nested tables and inline styles, because that is what mail clients show, from Outlook on
 * Windows (Word's engine: no max-width, no padding on links) to phones. Colours are set in pairs of ground and
 * text, so that it also reads where a client turns them for the night by itself.
 */
import { escapeHtml } from '../html';

import type { MailContent, Tone } from './layout';

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** White on each of them has a contrast of at least 4.5 to 1. */
const COLOURS: Record<Tone, string> = { good: '#15803d', bad: '#b91c1c', warning: '#b45309', neutral: '#1d4ed8' };

const DARK = `
.page{background:#111418 !important}
.card{background:#1c2128 !important;border-left-color:#30363d !important;border-right-color:#30363d !important;border-bottom-color:#30363d !important}
.figure{background:#262c36 !important}
.ink{color:#f0f3f6 !important}
.soft{color:#b1bac4 !important}
.line{border-color:#30363d !important}
.link{color:#8ab4f8 !important}`;

/** Outlook.com marks what it turned dark in its own way. */
const DARK_OUTLOOK = DARK.replace(/^\./gm, '[data-ogsc] .');

const STYLE = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{-webkit-text-size-adjust:100%}
@media (max-width:480px){
.inside{padding:24px 18px !important}
.figure{padding:12px 6px !important}
.value{font-size:18px !important}
.button{width:100% !important}
.tap{display:block !important}
}
@media (prefers-color-scheme:dark){${DARK}
}${DARK_OUTLOOK}`;

/** Keeps the inbox from filling the line behind the preview with the mail's first words. */
const FILLER = '&#847;&zwnj;&nbsp;'.repeat(60);

const TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

export function renderHtml(content: MailContent): string {
	const colour = COLOURS[content.badge.tone];
	return `<!doctype html>
<html lang="en" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(content.subject)}</title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
<style>${STYLE}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#eef1f4">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;color:#eef1f4">${escapeHtml(content.preview)}${FILLER}</div>
<table ${TABLE} class="page" width="100%" bgcolor="#eef1f4" style="background:#eef1f4"><tr><td align="center" style="padding:24px 12px">
<!--[if mso]><table ${TABLE} width="560"><tr><td><![endif]-->
<table ${TABLE} class="card" width="100%" bgcolor="#ffffff" style="max-width:560px;background:#ffffff;border:1px solid #d8dee4;border-top:6px solid ${colour};border-radius:12px;font-family:${FONT};text-align:left"><tr><td class="inside" style="padding:30px 32px">
${badge(content, colour)}
<h1 class="ink" dir="auto" style="margin:14px 0 12px;font-size:23px;line-height:1.3;font-weight:700;color:#1c2128;word-break:break-word">${escapeHtml(content.heading)}</h1>
${content.paragraphs.map(paragraph).join('\n')}
${figures(content)}${facts(content)}${button(content, colour)}<p class="soft line" style="margin:28px 0 0;padding-top:16px;border-top:1px solid #d8dee4;font-size:13px;line-height:1.5;color:#57606a">${escapeHtml(content.footer)}</p>
</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`;
}

function badge({ badge: { label } }: MailContent, colour: string): string {
	return (
		`<table ${TABLE}><tr><td bgcolor="${colour}" style="background:${colour};border-radius:14px;padding:5px 14px;` +
		`font-size:13px;line-height:1.4;font-weight:600;color:#ffffff">${escapeHtml(label)}</td></tr></table>`
	);
}

function paragraph(text: string): string {
	const lines = text.split('\n').map(escapeHtml).join('<br>');
	return `<p class="ink" dir="auto" style="margin:0 0 14px;font-size:16px;line-height:1.55;color:#1c2128;word-break:break-word">${lines}</p>`;
}

/** Percent between two figures. */
const GAP = 2;

function figures({ figures: all }: MailContent): string {
	if (all.length === 0) return '';
	const width = Math.floor((100 - GAP * (all.length - 1)) / all.length);
	const cells = all.map(
		({ label, value, note }) =>
			`<td class="figure" width="${width}%" align="center" valign="top" bgcolor="#f6f8fa" style="width:${width}%;padding:16px 10px;background:#f6f8fa;border-radius:8px">` +
			`<div class="soft" style="font-size:13px;line-height:1.4;color:#57606a">${escapeHtml(label)}</div>` +
			`<div class="ink value" style="margin-top:4px;font-size:21px;line-height:1.3;font-weight:700;color:#1c2128;white-space:nowrap">${escapeHtml(value)}</div>` +
			`<div class="soft" style="margin-top:2px;font-size:12px;line-height:1.4;color:#57606a">${note ? escapeHtml(note) : '&nbsp;'}</div></td>`,
	);
	const gap = `<td width="${GAP}%" style="width:${GAP}%;font-size:0;line-height:0">&nbsp;</td>`;
	return `<table ${TABLE} width="100%" style="margin:8px 0 6px"><tr>${cells.join(gap)}</tr></table>\n`;
}

function facts({ facts: all }: MailContent): string {
	if (all.length === 0) return '';
	const rows = all.map(
		({ label, value }, index) =>
			`<tr><td class="soft line" width="1%" valign="top" style="padding:11px 14px 11px 0;${index > 0 ? 'border-top:1px solid #d8dee4;' : ''}font-size:14px;line-height:1.5;color:#57606a;white-space:nowrap">${escapeHtml(label)}</td>` +
			`<td class="ink line" valign="top" dir="auto" style="padding:11px 0;${index > 0 ? 'border-top:1px solid #d8dee4;' : ''}font-size:14px;line-height:1.5;color:#1c2128;word-break:break-word">${escapeHtml(value)}</td></tr>`,
	);
	return `<table ${TABLE} width="100%" style="margin:8px 0 12px">${rows.join('\n')}</table>\n`;
}

/** The whole cell has the colour: Outlook shows no padding on a link. */
function button({ button: wanted }: MailContent, colour: string): string {
	if (!wanted) return '';
	const url = escapeHtml(wanted.url);
	return (
		`<table ${TABLE} class="button" style="margin:14px 0 10px"><tr><td align="center" bgcolor="${colour}" style="background:${colour};border-radius:8px">` +
		`<a class="tap" href="${url}" style="display:inline-block;padding:14px 28px;font-size:16px;line-height:1.2;font-weight:600;color:#ffffff;text-decoration:none">${escapeHtml(wanted.label)}</a></td></tr></table>\n` +
		`<p class="soft" style="margin:0;font-size:13px;line-height:1.5;color:#57606a;word-break:break-all">Or open <a class="link" href="${url}" style="color:#0b57d0">${url}</a></p>\n`
	);
}
