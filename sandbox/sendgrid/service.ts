/** SendGrid's stand-in: takes mails as SendGrid does, and shows them in an inbox. */
import { KEYS } from '../keys';
import { RefusedRequest, type Service } from '../service';
import { findErrors, type MailRequest } from './checks';
import { errorBody } from './errors';
import { keep, mailbox } from './mailbox';
import { inboxPage, mailHtml, mailPage } from './pages';

const MAX_BYTES = 30 * 1024 * 1024;

export const sendgrid: Service = {
	name: 'sendgrid',

	authenticate(request) {
		return request.bearer() === KEYS.sendgrid.apiKey ? undefined : { status: 401, body: errorBody(401) };
	},

	errorBody,

	mount(router, context) {
		const mails = mailbox(context);
		router.on('POST', '/v3/mail/send', async (request) => {
			if ((await request.buffer()).length > MAX_BYTES) return { status: 413, body: errorBody(413) };
			const body = await request.json();
			if (typeof body !== 'object' || body === null) throw new RefusedRequest(400, 'invalid_json', 'Bad Request');
			const mail = body as MailRequest;
			const errors = findErrors(mail, context.clock.now() / 1000);
			if (errors.length > 0) return { status: 400, body: { errors } };
			if (mail.mail_settings?.sandbox_mode?.enable === true) return { status: 200 };
			const messageId = context.random(`message:${mails.size + 1}`).id(22);
			keep(context, messageId, mail);
			return { status: 202, headers: { 'x-message-id': messageId } };
		});

		router.on('GET', '/v3/scopes', () => ({ status: 200, body: { scopes: ['mail.send', 'mail.batch.create'] } }));

		const open = { open: true };
		const known = (id: string | undefined) => {
			const mail = mails.get(id ?? '');
			if (!mail) throw new RefusedRequest(404, 'not_found', 'There is no such mail');
			return mail;
		};
		router.on('GET', '/inbox', () => inboxPage([...mails.values()]), open);
		router.on('GET', '/inbox/:id', ({ params }) => mailPage(known(params.id)), open);
		router.on('GET', '/inbox/:id/html', ({ params }) => mailHtml(known(params.id)), open);
	},
};
