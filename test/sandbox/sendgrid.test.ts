/** SendGrid's stand-in: what it takes, keeps, shows and refuses. */
import { describe, expect, it } from 'vitest';

import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import { MAIL, sendMail } from './requests';

describe('a mail', () => {
	it('is accepted with 202, no body and a message id', async () => {
		const answer = await sendMail(await temporarySandbox(), MAIL);
		expect([answer.status, answer.body]).toEqual([202, '']);
		expect(answer.headers.get('x-message-id')).toMatch(/^\w{22}$/);
	});

	it('is kept once for each personalization', async () => {
		const sandbox = await temporarySandbox();
		const personalizations = ['a@example.com', 'b@example.com'].map((email) => ({ to: [{ email }] }));
		await sendMail(sandbox, { ...MAIL, personalizations });
		const { mails } = sandbox.state('sendgrid') as any;
		expect(mails.map((mail: any) => mail.to)).toEqual([['a@example.com'], ['b@example.com']]);
		expect(mails[0]).toMatchObject({ subject: MAIL.subject, text: 'It is ready.', categories: ['video-completed'] });
	});

	it('is only checked in sandbox mode', async () => {
		const sandbox = await temporarySandbox();
		const answer = await sendMail(sandbox, { ...MAIL, mail_settings: { sandbox_mode: { enable: true } } });
		expect(answer.status).toBe(200);
		expect(sandbox.state('sendgrid')).toEqual({ mails: [] });
	});

	it('is kept with its copies, its address for answers and its template', async () => {
		const sandbox = await temporarySandbox();
		const personalizations = [{ to: [{ email: 'a@example.com' }], cc: [{ email: 'b@example.com' }], bcc: [{ email: 'c@example.com' }], dynamic_template_data: { title: 'x' } }];
		await sendMail(sandbox, { ...MAIL, personalizations, reply_to: { email: 'd@example.com' }, template_id: 'd-1' });
		const { mails } = sandbox.state('sendgrid') as any;
		expect(mails).toMatchObject([{ cc: ['b@example.com'], bcc: ['c@example.com'], reply_to: 'd@example.com', template_id: 'd-1', template_data: { title: 'x' } }]);
		const { body } = await ask<string>(`${sandbox.services.sendgrid.url}/inbox/${mails[0].id}`);
		expect(body).toMatch(/Bcc<\/th><td>c@example\.com/);
	});

	it('needs neither subject nor content with a template', async () => {
		const { subject: _subject, content: _content, ...rest } = MAIL;
		expect((await sendMail(await temporarySandbox(), { ...rest, template_id: 'd-1' })).status).toBe(202);
	});
});

describe('a refusal', () => {
	it.each([
		['no recipient', { personalizations: [{ to: [] }] }, 'personalizations.0.to'],
		['a broken address', { personalizations: [{ to: [{ email: 'nobody' }] }] }, 'personalizations.0.to.0.email'],
		['a recipient that is nothing', { personalizations: [{ to: [null] }] }, 'personalizations.0.to.0.email'],
		['the same address twice', { personalizations: [{ to: [{ email: 'a@b.de' }], cc: [{ email: 'A@b.de' }] }] }, 'personalizations.0'],
		['no sender', { from: {} }, 'from.email'],
		['no subject', { subject: '' }, 'subject'],
		['no content', { content: [] }, 'content'],
		['plain text behind HTML', { content: [...MAIL.content].reverse() }, 'content'],
		['eleven categories', { categories: Array.from({ length: 11 }, (_, index) => `c${index}`) }, 'categories'],
		['a date too far ahead', { send_at: 4_000_000_000 }, 'send_at'],
	])('meets %s, with the field', async (_name, change, field) => {
		const answer = await sendMail(await temporarySandbox(), { ...MAIL, ...change });
		expect(answer.status).toBe(400);
		expect(answer.body.errors).toMatchObject([{ field, message: expect.any(String), help: expect.stringContaining('#message.') }]);
	});
});

describe('the inbox', () => {
	it('lists the mails and shows each as its reader sees it, and as text', async () => {
		const sandbox = await temporarySandbox();
		await sendMail(sandbox, { ...MAIL, subject: 'Hello <script>' });
		const { url } = sandbox.services.sendgrid;
		const list = await ask<string>(`${url}/inbox`);
		expect(list.body).toContain('Hello &lt;script&gt;');
		const path = /href="(\/inbox\/[^"]+)"/.exec(list.body)![1]!;
		expect((await ask(`${url}${path}`)).body).toContain('It is ready.');
		const html = await ask<string>(`${url}${path}/html`);
		expect(html.body).toBe('<p>It is <b>ready</b>.</p>');
		expect(html.headers.get('content-security-policy')).toMatch(/^sandbox;/);
	});
});
