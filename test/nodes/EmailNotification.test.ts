/** The EmailNotification node in n8n's engine, against the sandbox's SendGrid. */
import { beforeAll, describe, expect, it } from 'vitest';

import { updateJob } from '../../core/jobs/update';
import { KEYS } from '../../sandbox/keys';
import { startEngine, type Engine, type NodeRun } from '../support/engine';
import { queuedJob } from '../support/job';
import { temporarySandbox } from '../support/sandbox';
import { temporaryStore } from '../support/store';

let engine: Engine;
beforeAll(async () => {
	engine = await startEngine();
});

interface Mail {
	to: string[];
	cc: string[];
	bcc: string[];
	reply_to: string;
	template_id?: string;
	template_data?: object;
	subject: string;
	text: string;
	html: string;
	categories: string[];
}

const EVENTS = ['videoCompleted', 'videoFailed', 'videoFlagged'] as const;

const item = { video_id: 'v-1', notify_email: 'ana@example.com' };

async function setUp(apiKey: string = KEYS.sendgrid.apiKey) {
	const sandbox = await temporarySandbox();
	const store = await temporaryStore();
	const mail = async (operation: string, items: object[] = [item], parameters: object = {}, more: Partial<NodeRun> = {}) =>
		await engine.runNode({
			type: 'emailNotification',
			parameters: { resource: 'email', operation, ...parameters },
			credentials: {
				ytempireStoreApi: { databaseFile: store.file },
				ytempireSendGridApi: { apiKey, fromEmail: 'videos@example.com', fromName: 'Factory', baseUrl: sandbox.services.sendgrid.url },
			},
			items: items as never,
			...more,
		});
	const mails = () => (sandbox.state('sendgrid') as { mails: Mail[] }).mails;
	return { sandbox, store, mail, mails };
}

describe('mails about a video', () => {
	it.each(['videoFailed', 'videoFlagged'] as const)('%s leads to the execution, or to the address that Details name', async (event) => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store);
		await mail(event);
		expect(mails()[0]?.text).toMatch(/^Look at it: http:\/\/127\.0\.0\.1\/workflow\/[\w-]+\/executions\/\d+$/m);
		await mail(event, [{ notify_email: 'ana@example.com' }], { details: { title: 'T', link: 'https://a.example/v' } });
		expect(mails()[1]?.text).toContain('Look at it: https://a.example/v');
	});

	it.each(['nobody', 'a@example.com, b@example.com'])('name Reply To where %s stands there, and send nothing', async (replyTo) => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store);
		const { error } = await mail('videoCompleted', [item], { options: { replyTo } });
		expect(error?.message).toBe('Reply To is not an e-mail address');
		expect(mails()).toEqual([]);
	});

	it.each(EVENTS)('%s goes out once for a job, however often the step runs', async (event) => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store);
		const first = await mail(event);
		const second = await mail(event);
		expect(mails()).toMatchObject([{ to: ['ana@example.com'], categories: ['ytempire', event] }]);
		expect(mails()[0]?.subject).toContain('How volcanoes work');
		expect(first.items[0]?.json).toMatchObject({ ...item, email: { event, to: ['ana@example.com'], message_id: expect.any(String), kept: false } });
		expect(second.items[0]?.json).toMatchObject({ email: { event, kept: true } });
	});

	it('go out once when two executions send at the same moment, and both say so', async () => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store);
		const runs = await Promise.all([1, 2, 3].map(async () => await mail('videoCompleted')));
		expect(mails()).toHaveLength(1);
		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(runs.filter(({ items }) => (items[0]?.json.email as { kept: boolean }).kept)).toHaveLength(2);
	});

	it('go only to a new recipient when one is added', async () => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store);
		await mail('videoCompleted');
		await mail('videoCompleted', [{ ...item, notify_email: 'ana@example.com, ben@example.com' }]);
		await mail('videoCompleted');
		expect(mails().map(({ to }) => to)).toEqual([['ana@example.com'], ['ben@example.com']]);
	});

	it('go out after they were only checked in sandbox mode', async () => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store);
		await mail('videoCompleted', [item], { options: { sandboxMode: true } });
		expect(mails()).toEqual([]);
		await mail('videoCompleted');
		expect(mails()).toHaveLength(1);
	});

	it('can be the account’s own template, which gets clean facts', async () => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store, { topic: '<script>alert("1")</script>' });
		await mail('videoCompleted', [item], { options: { templateId: 'd-0123456789abcdef0123456789abcdef' } });
		expect(mails()).toMatchObject([{ html: '', template_id: 'd-0123456789abcdef0123456789abcdef', template_data: { event: 'videoCompleted', title: '<script>alert("1")</script>', link: '' } }]);
	});

	it('tells of each attempt that fails, and what happened to it', async () => {
		const { store, mail, mails } = await setUp();
		for (const reason of ['no footage', 'no voice']) {
			await queuedJob(store);
			const failure = { stage: 'video', reason, cure: 'try another topic', error_class: 'refused' as const };
			await updateJob(store, 'v-1', { status: 'failed', failure }, 'test');
			await mail('videoFailed');
			await mail('videoFailed');
		}
		expect(mails().map(({ text }) => /no (footage|voice)/.exec(text)?.[0])).toEqual(['no footage', 'no voice']);
		expect(mails()[0]?.text).toContain('try another topic');
	});

	it('leaves the job as it stands', async () => {
		const { store, mail } = await setUp('SG.wrong-sendgrid-key');
		await queuedJob(store);
		const { error } = await mail('videoCompleted');
		expect(error?.description).toContain('SendGrid credential');
		expect(JSON.stringify(error)).not.toContain('wrong-sendgrid-key');
		expect(await store.db.selectFrom('jobs').select('status').execute()).toEqual([{ status: 'queued' }]);
	});

	it('shows a hostile title as text', async () => {
		const { store, mail, mails } = await setUp();
		await queuedJob(store, { topic: '</title><img src=x onerror=alert(1)>\r\nBcc: eve@example.com <script>"' });
		await mail('videoCompleted');
		const [sent] = mails();
		expect(sent?.html).toContain('&lt;script&gt;&quot;');
		expect(sent?.html).not.toContain('<script');
		expect(sent?.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
		expect(sent?.html).not.toContain('<img');
		expect(sent?.subject).toBe('Video ready: </title><img src=x onerror=alert(1)> Bcc: eve@example.com <script>"');
		expect(mails().flatMap(({ to }) => to)).toEqual(['ana@example.com']);
	});

	it('takes the facts from Details when there is no job, and asks for them when they are missing', async () => {
		const { mail, mails } = await setUp();
		const details = { details: { title: 'By hand', duration_s: 75, link: 'https://youtu.be/abc' } };
		await mail('videoCompleted', [{ ...item, video_id: '' }], details);
		expect(mails()[0]?.text).toMatch(/By hand[\s\S]*1:15 min[\s\S]*https:\/\/youtu\.be\/abc/);
		const { error } = await mail('videoCompleted');
		expect([error?.message, error?.description]).toEqual([
			'Nothing is known of the video "v-1"',
			'Give the Video ID of a job, or fill in Details with at least a title.',
		]);
	});
});

describe('recipients', () => {
	it('get a mail each and don’t see the others', async () => {
		const { mail, mails } = await setUp();
		await mail('send', [{}], { to: 'ana@example.com; ben@example.com, ana@example.com', subject: 'Hello', text: 'One\n\nTwo' });
		expect(mails().map(({ to }) => to)).toEqual([['ana@example.com'], ['ben@example.com']]);
	});

	it('in Cc and Bcc get a copy of one mail, with categories and an address for answers', async () => {
		const { mail, mails } = await setUp();
		await mail('send', [{}], {
			to: 'ana@example.com, ben@example.com', subject: 'Hello', text: 'One',
			options: { cc: 'cy@example.com, ANA@example.com', bcc: 'di@example.com', replyTo: 'team@example.com', categories: 'volcanoes, ytempire' },
		});
		expect(mails()).toMatchObject([{
			to: ['ana@example.com', 'ben@example.com'], cc: ['cy@example.com'], bcc: ['di@example.com'], reply_to: 'team@example.com', categories: ['ytempire', 'send', 'volcanoes'],
		}]);
	});

	it.each([
		[{ cc: 'nobody' }, 'The mail has no valid list of recipients', 'cc'],
		[{ categories: 'a,b,c,d,e,f,g,h,i' }, 'The mail has too many or too long categories', 'categories'],
		[{ templateId: '13b8f94f-bcae-4ec6-b752-70d6cb59f932' }, 'The template ID is not that of a dynamic template', 'templateId'],
	])('and options that SendGrid would refuse (%j) are refused before it is asked', async (options, message, field) => {
		const { sandbox, mail } = await setUp();
		const { outputs } = await mail('send', [{}], { to: 'ana@example.com', subject: 'Hello', text: 'One', options }, { onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({ error: message, details: { error_class: 'invalid-request', issues: [{ field }] } });
		expect(sandbox.recorder.list({ service: 'sendgrid' })).toEqual([]);
	});

	it.each([
		['nobody', undefined, []],
		['a name', 'ana', [{ field: 'to', reason: 'not an e-mail address: ana' }]],
	])('that are %s are refused by field before SendGrid is asked, and the item is kept', async (_name, notify_email, issues) => {
		const { sandbox, store, mail } = await setUp();
		await queuedJob(store);
		const { outputs } = await mail('videoCompleted', [{ ...item, notify_email, note: 'mine' }], {}, { onError: 'continueErrorOutput' });
		expect(outputs[1]?.[0]?.json).toMatchObject({
			note: 'mine',
			error: 'The mail has no valid list of recipients',
			details: { reason: 'invalid-recipients', cure: expect.stringContaining('Fill in To'), ...(issues.length > 0 ? { issues } : {}) },
		});
		expect(sandbox.recorder.list({ service: 'sendgrid' })).toEqual([]);
	});
});

describe('Email: Send', () => {
	it('sends the words of each item as text, in HTML and plain', async () => {
		const { mail, mails } = await setUp();
		const { items } = await mail('send', [{ name: 'A' }, { name: 'B' }], {
			to: 'ana@example.com', subject: '={{ $json.name }} needs a sign-in', text: 'First <b>.\n\nSecond.',
		});
		expect(mails().map(({ subject }) => subject)).toEqual(['A needs a sign-in', 'B needs a sign-in']);
		expect(mails()[0]?.html).toMatch(/<p[^>]*>First &lt;b&gt;\.<\/p>\s*<p[^>]*>Second\.<\/p>/);
		expect(mails()[0]?.text).toContain('First <b>.');
		expect(items[1]).toMatchObject({ pairedItem: { item: 1 }, json: { name: 'B', email: { event: 'send', subject: 'B needs a sign-in' } } });
	});

	it('is only checked by SendGrid in sandbox mode', async () => {
		const { sandbox, mail, mails } = await setUp();
		await mail('send', [{}], { to: 'ana@example.com', subject: 'Hello', text: 'One', options: { sandboxMode: true } });
		expect(sandbox.recorder.list({ service: 'sendgrid' })).toHaveLength(1);
		expect(mails()).toEqual([]);
	});
});

describe('a mail of own words', () => {
	const words = { to: '', subject: 'Workflow failed', text: 'The disk is full' };
	const operator = { ytempireSendGridApi: { apiKey: KEYS.sendgrid.apiKey, fromEmail: 'videos@example.com', operatorEmail: 'ops@example.com' } };

	it('goes to the operator of the credential when it has no address, once about the same', async () => {
		const { sandbox, store, mail, mails } = await setUp();
		const credentials = {
			ytempireStoreApi: { databaseFile: store.file },
			ytempireSendGridApi: { ...operator.ytempireSendGridApi, baseUrl: sandbox.services.sendgrid.url },
		};
		const options = { onceAbout: 'disk', onceWithin: 60 };
		const runs = [];
		for (let count = 0; count < 3; count++) runs.push(await mail('send', [{}], { ...words, options }, { credentials }));
		expect(runs.map(({ items }) => (items[0]?.json.email as { sent: boolean }).sent)).toEqual([true, false, false]);
		await mail('send', [{}], words, { credentials });
		expect(mails()).toMatchObject([{ to: ['ops@example.com'] }, { to: ['ops@example.com'] }]);
	});

	it('says what is missing when nobody is named', async () => {
		const { mail } = await setUp();
		const { error } = await mail('send', [{}], words);
		expect(error?.description).toMatch(/To|address/);
	});
});
