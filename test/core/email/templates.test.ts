/** The mails about videos: complete, and text stays text. */
import { describe, expect, it } from 'vitest';

import { webLink } from '../../../core/email/html';
import { parseRecipients } from '../../../core/email/recipients';
import { VIDEO_EVENTS, videoMail } from '../../../core/email/templates/video';
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

	it('makes no link of what is not a web address', () => {
		const { html } = videoMail('videoCompleted', { ...video, link: 'javascript:alert(1)' });
		expect(html).not.toContain('href=');
		expect(webLink('https://example.com/"><b>')).toBe('https://example.com/%22%3E%3Cb%3E');
	});
});

describe('parseRecipients', () => {
	it('takes several, each once', () => {
		expect(parseRecipients('a@b.co, c@d.co;a@b.co\n')).toEqual(['a@b.co', 'c@d.co']);
	});

	it.each([[''], ['nobody'], ['a@b.co, x\r\nBcc: y@z.co'], ['a@b.co <script>']])('refuses %j', (text) => {
		expect(() => parseRecipients(text)).toThrow(/no valid list/);
	});
});
