/** The inbox for a look: a list of mails, and each mail as its reader would see it. */
import { escapeHtml, PAGE_HEADERS } from '../html';
import type { Reply } from '../service';
import type { KeptMail } from './mailbox';

const STYLE = `
	body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: #1b1f24; background: #fff; }
	a { color: #0b57d0; } table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .5rem; border-bottom: 1px solid #d6dae0; vertical-align: top; }
	iframe { width: 100%; height: 40rem; border: 1px solid #d6dae0; border-radius: 6px; background: #fff; } pre { white-space: pre-wrap; }
	@media (prefers-color-scheme: dark) { body { color: #e6e8eb; background: #15181c; } a { color: #8ab4f8; } td, th { border-color: #343a42; } }
`;

function page(title: string, body: string): Reply {
	const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>`;
	const headers = {
		...PAGE_HEADERS,
		'content-security-policy': `${PAGE_HEADERS['content-security-policy']}; frame-src 'self'`,
	};
	return { status: 200, headers, body: Buffer.from(html) };
}

export function inboxPage(mails: KeptMail[]): Reply {
	const rows = mails
		.map(
			({ id, at, to, subject }) =>
				`<tr><td>${escapeHtml(at)}</td><td>${escapeHtml(to.join(', '))}</td><td><a href="/inbox/${encodeURIComponent(id)}">${escapeHtml(subject || '(no subject)')}</a></td></tr>`,
		)
		.reverse()
		.join('');
	const table = `<table><thead><tr><th>When</th><th>To</th><th>Subject</th></tr></thead><tbody>${rows}</tbody></table>`;
	return page('Inbox', `<h1>Inbox</h1>${mails.length > 0 ? table : '<p>No mail yet.</p>'}`);
}

export function mailPage(mail: KeptMail): Reply {
	const facts: Array<[string, string]> = [
		['From', mail.from],
		['To', mail.to.join(', ')],
		['Cc', mail.cc.join(', ')],
		['Bcc', mail.bcc.join(', ')],
		['Reply to', mail.reply_to],
		['When', mail.at],
		['Categories', mail.categories.join(', ')],
		['Template', mail.template_id ?? ''],
		['Attachments', mail.attachments.map(({ filename, bytes }) => `${filename} (${bytes} bytes)`).join(', ')],
	];
	const rows = facts
		.filter(([, value]) => value !== '')
		.map(([name, value]) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`)
		.join('');
	const frame = mail.html
		? `<iframe title="The mail" sandbox src="/inbox/${encodeURIComponent(mail.id)}/html"></iframe>`
		: '';
	const data = mail.template_data ? `<h2>Template data</h2><pre>${escapeHtml(JSON.stringify(mail.template_data, null, 2))}</pre>` : '';
	const text = mail.text ? `<h2>Plain text</h2><pre>${escapeHtml(mail.text)}</pre>` : '';
	return page(
		mail.subject || 'Mail',
		`<p><a href="/inbox">Inbox</a></p><h1>${escapeHtml(mail.subject)}</h1><table>${rows}</table>${frame}${data}${text}`,
	);
}

/** The mail's own HTML; it can run nothing and load nothing from outside. */
export function mailHtml(mail: KeptMail): Reply {
	const policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:";
	return {
		status: 200,
		headers: { ...PAGE_HEADERS, 'content-security-policy': policy },
		body: Buffer.from(mail.html),
	};
}
