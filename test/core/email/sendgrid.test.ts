/** Mail over real HTTP. */
import { expect, it, describe } from 'vitest';

import { sendMailOnce } from '../../../core/email/once';
import { sendGridAddress, sendMail } from '../../../core/email/sendgrid';
import { renderMail } from '../../../core/email/templates/layout';
import { KEYS } from '../../../sandbox/keys';
import { contractFor, describeContracts } from '../../support/contracts';
import { temporarySandbox } from '../../support/sandbox';
import { temporaryStore } from '../../support/store';

const mail = renderMail({
	subject: 'Hello',
	preview: '',
	badge: { label: 'Message', tone: 'neutral' },
	heading: 'Hello',
	paragraphs: ['World'],
	figures: [],
	facts: [],
	footer: 'Bye.',
});

const people = (to: string[], more: { cc?: string[]; bcc?: string[] } = {}) => ({ recipients: { to, cc: [], bcc: [], ...more }, mail });

async function connected(apiKey: string = KEYS.sendgrid.apiKey) {
	const sandbox = await temporarySandbox();
	const connection = {
		apiKey,
		baseUrl: sandbox.services.sendgrid.url,
		from: { email: 'videos@example.com', name: 'Videos' },
	};
	const mails = () => (sandbox.state('sendgrid') as { mails: Array<{ to: string[]; cc: string[]; bcc: string[]; custom_args: object }> }).mails;
	const requests = () => sandbox.recorder.list({ service: 'sendgrid' });
	return { sandbox, connection, mails, requests };
}

describe('sendMail', () => {
	it('sends each recipient a mail of their own', async () => {
		const { connection, requests } = await connected();
		const sent = await sendMail(connection, people(['a@example.com', 'b@example.com']));
		expect(sent.message_id).not.toBe('');
		expect(requests()[0]?.body).toMatchObject({
			personalizations: [{ to: [{ email: 'a@example.com' }] }, { to: [{ email: 'b@example.com' }] }],
			subject: 'Hello',
		});
	});

	it('sends one mail to all when there is a Cc or Bcc', async () => {
		const { connection, mails } = await connected();
		await sendMail(connection, people(['a@example.com', 'b@example.com'], { cc: ['c@example.com'], bcc: ['d@example.com'] }));
		expect(mails()).toMatchObject([{ to: ['a@example.com', 'b@example.com'], cc: ['c@example.com'], bcc: ['d@example.com'] }]);
	});

	it('sends from the European Union to another host', () => {
		expect([{}, { region: 'global' }, { region: 'eu' }, { region: 'eu', baseUrl: 'http://proxy/' }].map((one) => sendGridAddress(one as never))).toEqual([
			'https://api.sendgrid.com', 'https://api.sendgrid.com', 'https://api.eu.sendgrid.com', 'http://proxy',
		]);
	});

	it('says plainly that a key is wrong, without showing it', async () => {
		const { connection } = await connected('SG.wrong-secret-key');
		const failure = sendMail(connection, people(['a@example.com']));
		await expect(failure).rejects.toMatchObject({ errorClass: 'auth', provider: 'sendgrid' });
		await expect(failure).rejects.not.toThrow(/wrong-secret-key/);
	});

	it.each([[500, 'unavailable'], [403, 'auth'], [413, 'invalid-request']] as const)('tells by class what %i from SendGrid means, and sends it once', async (status, errorClass) => {
		const { sandbox, connection, requests } = await connected();
		sandbox.faults.add({ service: 'sendgrid', kind: 'status', status });
		await expect(sendMail(connection, people(['a@example.com']))).rejects.toMatchObject({ errorClass });
		expect(requests()).toHaveLength(1);
	});

	it('tries again what a busy SendGrid has refused', async () => {
		const { sandbox, connection, mails, requests } = await connected();
		sandbox.faults.add({ service: 'sendgrid', kind: 'status', status: 429 });
		await sendMail(connection, people(['a@example.com']));
		expect([mails().length, requests().length]).toEqual([1, 2]);
	});

	it('does not try again by itself what may be on its way', async () => {
		const { sandbox, connection, mails, requests } = await connected();
		sandbox.faults.add({ service: 'sendgrid', kind: 'drop-answer' });
		await expect(sendMail(connection, people(['a@example.com']))).rejects.toMatchObject({ errorClass: 'unavailable' });
		expect([mails().length, requests().length]).toEqual([1, 1]);
	});
});

describe('sendMailOnce', () => {
	it('sends one mail when five executions do it at the same moment', async () => {
		const { connection, mails } = await connected();
		const store = await temporaryStore();
		const other = await temporaryStore(store.clock, store.file.replace(/\/[^/]+$/, ''));
		const once = { videoId: 'v-1', occasion: 'videoCompleted' };
		const sent = await Promise.all(
			[store, other, store, other, store].map(async (one) => await sendMailOnce({ ...once, store: one }, connection, people(['a@example.com']))),
		);
		expect(mails()).toHaveLength(1);
		expect(sent.filter(({ kept }) => !kept)).toHaveLength(1);
		expect(new Set(sent.map(({ message_id }) => message_id)).size).toBe(1);
	});

	it('sends only to those who have not had it', async () => {
		const { connection, mails } = await connected();
		const once = { store: await temporaryStore(), videoId: 'v-1', occasion: 'videoCompleted' };
		await sendMailOnce(once, connection, people(['a@example.com']));
		const second = await sendMailOnce(once, connection, people(['A@example.com', 'b@example.com']));
		expect(mails().map(({ to }) => to)).toEqual([['a@example.com'], ['b@example.com']]);
		expect(second.kept).toBe(false);
		await sendMailOnce({ ...once, occasion: 'videoFailed 1' }, connection, people(['a@example.com']));
		expect(mails()).toHaveLength(3);
	});

	it('sends again what was refused, as if nothing had been', async () => {
		const { sandbox, connection, mails } = await connected();
		const once = { store: await temporaryStore(), videoId: 'v-1', occasion: 'videoCompleted' };
		sandbox.faults.add({ service: 'sendgrid', kind: 'status', status: 403 });
		await expect(sendMailOnce(once, connection, people(['a@example.com']))).rejects.toMatchObject({ errorClass: 'auth' });
		expect(await sendMailOnce(once, connection, people(['a@example.com']))).toMatchObject({ kept: false, repeated: false });
		expect(mails()).toHaveLength(1);
	});

	it('sends again what nobody heard of, says so, and marks both the same', async () => {
		const { sandbox, connection, mails } = await connected();
		const once = { store: await temporaryStore(), videoId: 'v-1', occasion: 'videoCompleted' };
		sandbox.faults.add({ service: 'sendgrid', kind: 'drop-answer' });
		await expect(sendMailOnce(once, connection, people(['a@example.com']))).rejects.toMatchObject({ errorClass: 'unavailable' });
		expect(await sendMailOnce(once, connection, people(['a@example.com']))).toMatchObject({ kept: false, repeated: true });
		const marks = mails().map(({ custom_args }) => JSON.stringify(custom_args));
		expect(marks).toEqual([marks[0], marks[0]]);
		expect(marks[0]).toContain('"video_id":"v-1"');
	});
});

describeContracts('SendGrid’s contract', ['sendgrid'], () => {
	it('holds for our mails, with and without a template', async () => {
		const { connection, requests } = await connected();
		const store = await temporaryStore();
		await sendMailOnce({ store, videoId: 'v-1', occasion: 'videoCompleted' }, connection, {
			...people(['a@example.com'], { cc: ['b@example.com'], bcc: ['c@example.com'] }),
			categories: ['ytempire', 'videoCompleted'],
			replyTo: 'd@example.com',
			sandboxMode: true,
		});
		await sendMail(connection, { ...people(['a@example.com']), template: { id: 'd-1', data: { title: 'A "title"' } } });
		expect(requests()).toHaveLength(2);
		for (const request of requests()) contractFor('sendgrid').recorded(request);
		expect(requests()[1]?.body).toMatchObject({ template_id: 'd-1', personalizations: [{ dynamic_template_data: { title: 'A "title"' } }] });
		expect(requests()[1]?.body).not.toHaveProperty('subject');
	});
});
