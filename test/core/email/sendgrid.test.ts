/** Mail over real HTTP. */
import { describe, expect, it } from 'vitest';

import { sendMail } from '../../../core/email/sendgrid';
import { renderMail } from '../../../core/email/templates/layout';
import { KEYS } from '../../../sandbox/keys';
import { temporarySandbox } from '../../support/sandbox';

const mail = renderMail({
	subject: 'Hello',
	preview: '',
	accent: '#000000',
	heading: 'Hello',
	paragraphs: ['World'],
	facts: [],
	footer: '',
});

async function connected(apiKey: string = KEYS.sendgrid.apiKey) {
	const sandbox = await temporarySandbox();
	const connection = {
		apiKey,
		baseUrl: sandbox.services.sendgrid.url,
		from: { email: 'videos@example.com', name: 'Videos' },
	};
	return { sandbox, connection };
}

describe('sendMail', () => {
	it('sends each recipient a mail of their own', async () => {
		const { sandbox, connection } = await connected();
		const sent = await sendMail(connection, { to: ['a@example.com', 'b@example.com'], mail });
		expect(sent.message_id).not.toBe('');
		const [request] = sandbox.recorder.list({ service: 'sendgrid' });
		expect(request?.body).toMatchObject({
			personalizations: [{ to: [{ email: 'a@example.com' }] }, { to: [{ email: 'b@example.com' }] }],
			subject: 'Hello',
		});
	});

	it('says plainly that a key is wrong, without showing it', async () => {
		const { connection } = await connected('SG.wrong-secret-key');
		const failure = sendMail(connection, { to: ['a@example.com'], mail });
		await expect(failure).rejects.toMatchObject({ errorClass: 'auth', provider: 'sendgrid' });
		await expect(failure).rejects.not.toThrow(/wrong-secret-key/);
	});

	it('tells by class what went wrong at SendGrid', async () => {
		const { sandbox, connection } = await connected();
		for (const [status, errorClass] of [[429, 'rate-limited'], [500, 'unavailable'], [403, 'auth'], [413, 'invalid-request']] as const) {
			sandbox.faults.add({ service: 'sendgrid', kind: 'status', status });
			await expect(sendMail(connection, { to: ['a@example.com'], mail })).rejects.toMatchObject({ errorClass });
		}
		sandbox.faults.add({ service: 'sendgrid', kind: 'drop' });
		await expect(sendMail(connection, { to: ['a@example.com'], mail })).rejects.toMatchObject({
			errorClass: 'unavailable',
		});
	});
});
