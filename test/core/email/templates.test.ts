/** The mails about videos: complete, and text stays text. */
import { describe, expect, it } from 'vitest';

import { webLink } from '../../../core/email/html';
import { parseRecipients } from '../../../core/email/recipients';
import { VIDEO_EVENTS, videoMail, videoTemplateData } from '../../../core/email/templates/video';
import type { VideoSummary } from '../../../core/jobs/summary';

const video: VideoSummary = {
	video_id: 'v-1',
	title: 'How volcanoes work',
	topic: 'volcanoes',
	style: 'calm',
	channel_id: 'UC1',
	duration_s: 61.4,
	quality_score: 0.91,
	quality_threshold: 0.7,
	quality_reasons: ['loudness: -19 LUFS'],
	cost_usd: 0.0123,
	link: 'https://www.youtube.com/watch?v=abc',
	failure: {
		stage: 'voice',
		error_class: 'auth',
		reason: 'the key was refused',
		cure: 'Set the key',
		at: '2026-11-22T12:00:00Z',
	},
	attempt: 1,
	at: '2026-11-22T12:00:00Z',
};

describe('videoMail', () => {
	it('tells title, duration, quality, cost and link of a completed video', () => {
		const { subject, html, text } = videoMail('videoCompleted', video);
		expect(subject).toBe('Video ready: How volcanoes work');
		for (const part of [html, text]) {
			for (const fact of ['1:01 min', '0.91 of 1', '$0.0123', 'https://www.youtube.com/watch?v=abc']) {
				expect(part).toContain(fact);
			}
		}
	});

	it('tells stage, reason and cure of a failed one', () => {
		const { text } = videoMail('videoFailed', video);
		expect(text).toContain('"voice"');
		expect(text).toContain('the key was refused');
		expect(text).toContain('Set the key');
	});

	it.each(['videoFailed', 'videoFlagged'] as const)('leads a person from %s to where it can be looked at', (event) => {
		const link = 'https://n8n.example/workflow/w1/executions/7';
		const { html, text } = videoMail(event, { ...video, link });
		expect(html).toContain(`href="${link}"`);
		expect(text).toContain(`Look at it: ${link}`);
	});

	it('tells what was measured of a flagged one', () => {
		expect(videoMail('videoFlagged', video).text).toContain('loudness: -19 LUFS');
	});

	it.each(VIDEO_EVENTS)('keeps markup, quotes and line breaks in %s as text', (event) => {
		const hostile = `<script>alert("1")</script>'"\r\nBcc: everyone@example.com`;
		const { subject, html } = videoMail(event, { ...video, title: hostile, quality_reasons: [hostile], failure: video.failure && { ...video.failure, reason: hostile } });
		expect(html).not.toContain('<script');
		expect(html).toContain('&lt;script&gt;');
		expect(subject).not.toMatch(/[\r\n]/);
	});

	it('keeps the title’s script and quote as text in the body, the head and the plain part', () => {
		const { subject, html, text } = videoMail('videoCompleted', { ...video, title: '<script>alert("it\'s")</script>' });
		expect(subject).toBe('Video ready: <script>alert("it\'s")</script>');
		expect(html).not.toMatch(/<script|alert\("/);
		expect(html.match(/&lt;script&gt;alert\(&quot;it&#39;s&quot;\)&lt;\/script&gt;/g)?.length).toBe(2);
		expect(text).toContain('<script>alert("it\'s")</script>');
	});

	it('takes signs out that turn or hide text, and cuts what is far too long', () => {
		const { subject, html } = videoMail('videoFailed', {
			...video,
			title: `Safe\u202e\u0000 gpj.exe ${'long '.repeat(500)}`,
			failure: { ...video.failure!, reason: 'x'.repeat(100_000) },
		});
		expect(subject).toMatch(/^Video not made: Safe gpj\.exe long/);
		expect([...subject].length).toBeLessThanOrEqual(150);
		// eslint-disable-next-line no-control-regex -- they are what is looked for
		expect(html).not.toMatch(/[\u0000\u202e]/);
		// beyond that Gmail cuts a mail
		expect(Buffer.byteLength(html)).toBeLessThan(102_000);
	});

	it.each(VIDEO_EVENTS)('%s is tables and inline styles with a preheader, and loads nothing', (event) => {
		const { html } = videoMail(event, video);
		expect(html).toMatch(/<body[^>]*>\s*<div style="display:none/);
		expect(html).toContain('name="color-scheme" content="light dark"');
		expect(html).toContain('prefers-color-scheme:dark');
		expect(html).not.toMatch(/<img|<link|src=|@import|url\(/);
		expect(html.match(/<table(?![^>]*role="presentation")/g)).toBeNull();
	});

	it('hands a template clean text and only web links', () => {
		expect(videoTemplateData('videoCompleted', { ...video, title: 'A\nB', link: 'javascript:alert(1)' })).toMatchObject({
			event: 'videoCompleted', subject: 'Video ready: A B', title: 'A B', link: '', duration: '1:01 min', cost_usd: 0.0123, quality_score: 0.91,
		});
	});

	it('makes no link of what is not a web address', () => {
		const { html } = videoMail('videoCompleted', { ...video, link: 'javascript:alert(1)' });
		expect(html).not.toContain('href=');
		expect(webLink('https://example.com/"><b>')).toBe('https://example.com/%22%3E%3Cb%3E');
	});
});

describe('parseRecipients', () => {
	it('takes several, each once, also over To, Cc and Bcc', () => {
		expect(parseRecipients({ to: 'a@b.co, c@d.co;A@b.co\n', cc: 'e@f.co, c@d.co', bcc: 'E@f.co' })).toEqual({
			to: ['a@b.co', 'c@d.co'], cc: ['e@f.co'], bcc: [],
		});
	});

	it.each([[''], ['nobody'], ['a@b.co, x\r\nBcc: y@z.co'], ['a@b.co <script>']])('refuses %j', (to) => {
		expect(() => parseRecipients({ to })).toThrow(/no valid list/);
	});

	it('names the field of a wrong address, and the number when there are too many', () => {
		expect(() => parseRecipients({ to: 'a@b.co', cc: 'nobody' })).toThrow(
			expect.objectContaining({ issues: [{ field: 'cc', reason: 'not an e-mail address: nobody' }] }),
		);
		const many = Array.from({ length: 1001 }, (_, index) => `a${index}@b.co`).join(',');
		expect(() => parseRecipients({ to: many })).toThrow(
			expect.objectContaining({ issues: [{ field: 'to', reason: '1001 addresses; at most 1000 with Cc and Bcc' }] }),
		);
	});
});
