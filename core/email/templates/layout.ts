/** One layout for every mail: tables and inline styles, because that is what mail clients show. */
import { escapeHtml, webLink } from '../html';

export interface MailContent {
	/** One line; also the mail's heading. */
	subject: string;
	/** What the inbox shows beside the subject. */
	preview: string;
	/** A colour for the stripe, e.g. `#1b873f`. */
	accent: string;
	heading: string;
	paragraphs: string[];
	facts: Array<{ label: string; value: string }>;
	button?: { label: string; url: string };
	/** Small print. */
	footer: string;
}

export interface RenderedMail {
	subject: string;
	html: string;
	text: string;
}

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** A header can't hold line breaks; SendGrid takes at most 998 characters (RFC 5322 §2.1.1). */
const SUBJECT_CHARACTERS = 200;

export function renderMail(content: MailContent): RenderedMail {
	return {
		subject: oneLine(content.subject).slice(0, SUBJECT_CHARACTERS),
		html: renderHtml(content),
		text: renderText(content),
	};
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

function renderHtml(content: MailContent): string {
	const paragraphs = content.paragraphs
		.map((text) => `<p style="margin:0 0 14px;line-height:1.5">${escapeHtml(text)}</p>`)
		.join('\n');
	const facts = content.facts
		.map(
			({ label, value }) =>
				`<tr><td style="padding:7px 14px 7px 0;color:#6b7280;white-space:nowrap;vertical-align:top">${escapeHtml(label)}</td>` +
				`<td style="padding:7px 0;font-weight:600;word-break:break-word">${escapeHtml(value)}</td></tr>`,
		)
		.join('\n');
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(oneLine(content.subject))}</title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;font-family:${FONT};font-size:16px;color:#111827">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(content.preview)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px;border-top:6px solid ${content.accent}"><tr><td style="padding:28px 24px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;word-break:break-word">${escapeHtml(content.heading)}</h1>
${paragraphs}
<table role="presentation" cellpadding="0" cellspacing="0" style="margin:6px 0 20px;font-size:15px">
${facts}
</table>
${button(content)}<p style="margin:22px 0 0;font-size:13px;color:#6b7280">${escapeHtml(content.footer)}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function button({ button: wanted, accent }: MailContent): string {
	const url = wanted && webLink(wanted.url);
	if (!wanted || !url) return '';
	return (
		`<a href="${escapeHtml(url)}" style="display:inline-block;padding:12px 22px;background:${accent};color:#ffffff;` +
		`text-decoration:none;border-radius:8px;font-weight:600">${escapeHtml(wanted.label)}</a>\n`
	);
}

function renderText(content: MailContent): string {
	const url = content.button && webLink(content.button.url);
	return [
		oneLine(content.heading),
		...content.paragraphs,
		content.facts.map(({ label, value }) => `${label}: ${oneLine(value)}`).join('\n'),
		...(content.button && url ? [`${content.button.label}: ${url}`] : []),
		`-- \n${content.footer}`,
	].join('\n\n');
}
