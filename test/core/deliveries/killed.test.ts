/** A process that is really killed when its request has arrived and before it could keep that. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import { revenueEarned } from '../../../core/analytics/events';
import { trackOnce } from '../../../core/analytics/once';
import { sendMailOnce } from '../../../core/email/once';
import { renderMail } from '../../../core/email/templates/layout';
import { KEYS } from '../../../sandbox/keys';
import { temporarySandbox } from '../../support/sandbox';
import { temporaryStore, TestClock } from '../../support/store';
import type { TellProcess } from '../../support/tell-process';

/** Runs it with the service behind a door, and kills it when its request to that path is done; the answer never comes out. */
async function killedAfter(service: string, path: string, settingsAt: (url: string) => TellProcess): Promise<void> {
	const running: { child?: ChildProcess } = {};
	const door = createServer((request, response) => {
		void forward(service, request).then(({ status, body }) => {
			if (request.url?.startsWith(path)) running.child?.kill('SIGKILL');
			else response.writeHead(status, { 'content-type': 'application/json' }).end(body);
		});
	});
	await once(door.listen(0, '127.0.0.1'), 'listening');
	onTestFinished(() => {
		door.closeAllConnections();
		door.close();
	});
	const settings = settingsAt(`http://127.0.0.1:${(door.address() as AddressInfo).port}`);
	const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/tell-process.ts', JSON.stringify(settings)], { stdio: 'inherit' });
	running.child = child;
	expect((await once(child, 'exit')) as unknown[]).toEqual([null, 'SIGKILL']);
}

async function forward(service: string, request: IncomingMessage): Promise<{ status: number; body: Buffer }> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
	const answer = await fetch(`${service}${request.url ?? ''}`, { method: request.method ?? 'GET', headers: headers as Record<string, string>, body: Buffer.concat(chunks) });
	return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}

/** A store whose clock is past every lease of the dead process. */
async function laterStore(file: string) {
	return await temporaryStore(new TestClock(Date.now() + 60_000), file.replace(/\/[^/]+$/, ''));
}

it('a mail is sent again by the next run, which says that it may be the second', async () => {
	const sandbox = await temporarySandbox();
	const { file } = await temporaryStore();
	const mails = () => (sandbox.state('sendgrid') as { mails: unknown[] }).mails.length;
	const connection = { apiKey: KEYS.sendgrid.apiKey, baseUrl: sandbox.services.sendgrid.url, from: { email: 'videos@example.com' } };
	const content = { subject: 'S', preview: '', badge: { label: 'M', tone: 'neutral' as const }, heading: 'H', paragraphs: ['P'], figures: [], facts: [], footer: 'F' };
	const mail = { recipients: { to: ['ana@example.com'], cc: [], bcc: [] }, mail: renderMail(content) };
	const about = { videoId: 'v-1', occasion: 'videoCompleted' };
	await killedAfter(connection.baseUrl, '/v3/mail/send', (baseUrl) => ({ storeFile: file, mail, connection: { ...connection, baseUrl }, ...about }));
	expect(mails()).toBe(1);
	const store = await laterStore(file);
	expect(await sendMailOnce({ store, ...about }, connection, mail)).toMatchObject({ repeated: true, kept: false });
	expect(await sendMailOnce({ store, ...about }, connection, mail)).toMatchObject({ kept: true });
	expect(mails()).toBe(2);
}, 60_000);

it('revenue is in the totals once, as one event, and the next run says that it is not sure', async () => {
	const sandbox = await temporarySandbox();
	const { file } = await temporaryStore();
	const state = () => sandbox.state('mixpanel') as { events: unknown[]; profiles: Array<{ properties: object }> };
	const { projectId, projectToken, serviceAccount } = KEYS.mixpanel;
	const connection = { projectId, projectToken, ...serviceAccount, baseUrl: sandbox.services.mixpanel.url };
	const revenue = { video_id: 'v-1', channel_id: 'UC1', revenue_usd: 12.5, period: '2026-11', time: Date.parse('2026-11-22') };
	const tracked = [{ event: revenueEarned(revenue), once: true, totals: revenue }];
	await killedAfter(connection.baseUrl, '/engage', (baseUrl) => ({ storeFile: file, tracked, connection: { ...connection, baseUrl } }));
	const [outcome] = await trackOnce(await laterStore(file), connection, tracked);
	expect(outcome).toMatchObject({ error: undefined, kept: true, warnings: [expect.stringContaining('not added again')] });
	expect(state()).toMatchObject({ events: [{}], profiles: [{ properties: { total_revenue: 12.5, videos_monetized: 1 } }] });
}, 60_000);
