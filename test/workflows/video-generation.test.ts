/** Video generation in a real n8n: from a posted topic to a published video, and everything that can go wrong. */
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ScriptResult, SpeechResult, Tried, UploadResult, VideoResult } from '../../core/documents';
import { OPERATOR } from '../../host/credentials';
import { isOver, testFactory, type TestFactory } from './factory';

const PATH = 'workflow_001';

let factory: TestFactory;
beforeAll(async () => {
	factory = await testFactory({ workflows: ['video_generation.json'] });
});
afterAll(async () => {
	await factory?.close();
});
beforeEach(() => {
	factory.sandbox.recorder.clear();
	factory.sandbox.faults.clear();
});

let count = 0;
function request(options: object = {}) {
	count += 1;
	return {
		video_id: `video-${count}`,
		topic: 'How volcanoes work',
		duration: 15,
		notify_email: `video-${count}@example.com`,
		options: { resolution: '320x180', ...options },
	};
}

interface YouTubeVideo {
	id: string;
	account_id: string;
	sha256: string;
	privacy_status: string;
}

const youTubeVideos = () => (factory.sandbox.state('youtube') as { videos: YouTubeVideo[] }).videos;

interface Mail {
	subject: string;
	personalizations: Array<{ to: Array<{ email: string }> }>;
	content: Array<{ type: string; value: string }>;
}

/** Of the mails to this request's address. */
const mailsTo = ({ notify_email: address }: { notify_email: string }) =>
	factory.sandbox.recorder
		.list({ service: 'sendgrid', path: '/v3/mail/send' })
		.map(({ body }) => body as Mail)
		.filter(({ personalizations }) => personalizations.some(({ to }) => to.some(({ email }) => email === address)));

const mailSubjects = (request: { notify_email: string }) => mailsTo(request).map(({ subject }) => subject);

function takeDown(services: string[], status = 503): void {
	for (const service of services) factory.sandbox.faults.add({ service, kind: 'status', status, times: 0 });
}

describe('video_generation', () => {
	it('makes, measures and publishes a video from a posted topic, and tells of it', async () => {
		const body = request();
		const answer = await factory.post(PATH, body);
		expect(answer).toMatchObject({
			status: 202,
			body: { success: true, workflow_id: 'workflow_001', video_id: body.video_id, status: 'queued' },
		});
		expect(answer.body.execution_id).toMatch(/^\d+$/);

		const job = await factory.jobWhen(body.video_id, isOver);
		expect(job.failure).toBeNull();
		expect(job.status).toBe('published');
		const upload = job.results.upload as UploadResult;
		const video = job.results.video as VideoResult;
		const [published] = youTubeVideos().filter(({ id }) => id === upload.youtube_id);
		const file = createHash('sha256').update(await readFile(video.file.path)).digest('hex');
		expect(published).toMatchObject({ sha256: file, account_id: upload.account_id, privacy_status: 'private' });
		expect(job.cost_usd).toBeGreaterThan(0);
		await factory.jobWhen(body.video_id, ({ stages }) =>
			['mail videoCompleted', 'event videoGenerated'].every((name) =>
				stages.some(({ stage, status }) => stage === name && status === 'done'),
			),
		);
		expect(mailSubjects(body)).toEqual([expect.stringContaining('Video ready')]);
		expect(factory.asked('mixpanel', '/import')).toBe(1);

		const again = await factory.post(PATH, { ...body, topic: 'Something else' });
		expect(again).toMatchObject({
			status: 200,
			body: { status: 'published', disposition: 'existing', youtube_url: upload.youtube_url },
		});
		expect(factory.asked('openai', '/v1/chat/completions')).toBe(1);
		expect(youTubeVideos().filter(({ sha256 }) => sha256 === file)).toHaveLength(1);
	});

	it('answers a bad body with every field and its reason, and makes nothing', async () => {
		const answer = await factory.post(PATH, { video_id: '../x', topic: 'a', duration: '15', colour: 1 });
		expect(answer.status).toBe(400);
		expect(answer.body.success).toBe(false);
		const fields = (answer.body.errors as Array<{ field: string }>).map(({ field }) => field);
		expect(fields.sort()).toEqual(['colour', 'duration', 'topic', 'video_id']);
		expect(factory.asked('openai', '/')).toBe(0);
	});

	it.each([['[]'], ['"text"'], ['null']])('answers the body %s with 400', async (body) => {
		expect((await factory.post(PATH, body)).status).toBe(400);
	});

	it('lets nobody in without the right key', async () => {
		const body = request();
		for (const headers of [{}, { [factory.webhookKey.name]: 'wrong' }]) {
			const answer = await factory.post(PATH, body, headers);
			expect(answer.status).toBe(403);
		}
		expect(factory.asked('openai', '/')).toBe(0);
	});

	it('answers a repeated video ID with its state while it is being made', async () => {
		const body = request();
		await factory.post(PATH, body);
		const again = await factory.post(PATH, body);
		expect(again).toMatchObject({ status: 200, body: { disposition: 'existing', video_id: body.video_id } });
		await factory.jobWhen(body.video_id, isOver);
		expect(factory.asked('openai', '/v1/chat/completions')).toBe(1);
	});

	it('has the next provider do it when one is down, and says so', async () => {
		const body = request();
		takeDown(['openai', 'elevenlabs', 'pexels']);
		await factory.post(PATH, body);
		const job = await factory.jobWhen(body.video_id, isOver, 240);
		expect(job).toMatchObject({ status: 'published', failure: null });
		const { script, voice, video } = job.results as { script: ScriptResult; voice: SpeechResult; video: VideoResult };
		const who = (tried: Tried[]) => tried.map(({ provider, outcome }) => `${provider} ${outcome}`);
		expect(who(script.tried)).toEqual(['openai failed', 'anthropic used']);
		expect(who(voice.tried)).toEqual(['elevenlabs failed', 'azure-speech used']);
		expect(video.sources.map(({ provider }) => provider)).not.toContain('pexels');
		expect(video.sources).not.toEqual([]);
	});

	const down = [
		{ services: ['openai', 'anthropic', 'cohere'], stage: 'script' },
		{ services: ['elevenlabs', 'azure-speech', 'google-tts'], stage: 'voice' },
		{ services: ['pexels', 'pixabay', 'unsplash'], stage: 'video' },
		{ services: ['youtube'], stage: 'upload' },
	];
	it.each(down)('says stage, reason and cure when $services are down, and goes on later without paying twice', async ({ services, stage }) => {
		const body = request();
		takeDown(services);
		await factory.post(PATH, body);
		const failed = await factory.jobWhen(body.video_id, ({ status }) => status === 'failed', 240);
		// ElevenLabs says of a 503 that it is busy
		const errorClass = stage === 'voice' ? 'rate-limited' : 'unavailable';
		expect(failed.failure).toMatchObject({ stage, error_class: errorClass });
		expect(failed.failure?.reason).toMatch(/\w/);
		expect(failed.failure?.cure).toMatch(/\w/);
		await factory.jobWhen(body.video_id, ({ stages }) =>
			stages.some((one) => one.stage === 'mail videoFailed' && one.status === 'done'),
		);
		expect(mailSubjects(body)).toEqual([expect.stringContaining('Video not made')]);

		factory.sandbox.faults.clear();
		const paid = () => factory.sandbox.recorder.list({}).filter(({ service: name, status, method }) =>
			['openai', 'elevenlabs'].includes(name) && method === 'POST' && status === 200).length;
		const paidBefore = paid();
		const again = await factory.post(PATH, body);
		expect(again).toMatchObject({ status: 202, body: { disposition: 'resumed' } });
		const job = await factory.jobWhen(body.video_id, isOver);
		expect(job.failure).toBeNull();
		expect(job.status).toBe('published');
		const done = ['script', 'voice', 'video', 'upload'].indexOf(stage);
		if (done >= 2) expect(paid()).toBe(paidBefore);
	});

	it.each([['sendgrid'], ['mixpanel']] as const)('publishes all the same when %s is down', async (service) => {
		const body = request();
		factory.sandbox.faults.add({ service, kind: 'status', status: 503, times: 0 });
		await factory.post(PATH, body);
		const job = await factory.jobWhen(body.video_id, isOver);
		expect(job.status).toBe('published');
	});

	it('holds a video back whose quality is under the threshold, and tells so', async () => {
		const body = request({ quality_threshold: 1 });
		// also when it is asked to correct it
		factory.sandbox.faults.add({ service: 'openai', kind: 'wrong-length', factor: 0.2, times: 0 });

		await factory.post(PATH, { ...body, duration: 60 });
		const job = await factory.jobWhen(body.video_id, isOver);
		expect(job.status).toBe('flagged');
		expect(factory.asked('youtube', '/')).toBe(0);
		await factory.jobWhen(body.video_id, ({ stages }) =>
			stages.some((one) => one.stage === 'mail videoFlagged' && one.status === 'done'),
		);
		expect(mailSubjects(body)).toEqual([expect.stringContaining('held back')]);
		expect(mailsTo(body)[0]?.content[0]?.value).toMatch(/^Look at it: http.*\/workflow\/[\w-]+\/executions\/\d+$/m);
		expect((await factory.post(PATH, body)).body).toMatchObject({ status: 'flagged', disposition: 'existing' });
	});

	it('publishes on another account when one is lost, and tells the operator once of it', async () => {
		const lost = () =>
			factory.sandbox.recorder
				.list({ service: 'sendgrid', path: '/v3/mail/send' })
				.map(({ body }) => body as Mail)
				.filter(({ subject }) => /^The YouTube account account-\d\d needs you$/.test(subject));
		const body = request();
		factory.sandbox.faults.add({
			service: 'youtube',
			kind: 'status',
			status: 403,
			reason: 'authenticatedUserAccountSuspended',
			match: { method: 'POST', path: '/upload/youtube/v3/videos' },
		});
		await factory.post(PATH, body);
		const job = await factory.jobWhen(body.video_id, isOver);
		const { account_id: serving, quarantined } = job.results.upload as UploadResult;
		expect(job.status).toBe('published');
		expect(quarantined).toMatchObject([{ reason: 'authenticatedUserAccountSuspended' }]);
		const [account] = quarantined;
		expect(serving).not.toBe(account?.account_id);
		await expect.poll(() => lost().length, { timeout: 30_000 }).toBe(1);
		const [mail] = lost();
		expect(mail).toMatchObject({ subject: `The YouTube account ${account?.account_id} needs you`, personalizations: [{ to: [{ email: OPERATOR }] }] });
		expect(JSON.stringify(mail)).toContain(account?.cure);
		expect(JSON.stringify(mail)).toContain(body.video_id);
	});

	it('keeps secrets out of every execution', async () => {
		takeDown(['openai', 'anthropic', 'cohere'], 401);
		const body = request();
		await factory.post(PATH, body);
		await factory.jobWhen(body.video_id, isOver);
		const executions = JSON.stringify(await factory.n8n.executions());
		for (const secret of ['sandbox-openai-key', 'sandbox-anthropic-key', 'sandbox-cohere-key', 'sandbox-elevenlabs-key', 'sandbox-secret', 'sandbox-refresh', 'sandbox-mixpanel-secret']) {
			expect(executions).not.toContain(secret);
		}
	});
});
