/** The door: what a request may say. */
import { describe, expect, it } from 'vitest';

import { validateRequest } from '../../../core/jobs/request';

const good = { video_id: 'v-1', topic: 'How volcanoes work' };

function issuesOf(body: unknown): Record<string, string> {
	const validation = validateRequest(body);
	if (validation.valid) throw new Error('expected the request to be refused');
	return Object.fromEntries(validation.issues.map(({ field, reason }) => [field, reason]));
}

describe('validateRequest', () => {
	it('fills in defaults', () => {
		const validation = validateRequest(good);
		expect(validation).toEqual({
			valid: true,
			request: {
				...good,
				style: 'professional',
				duration: 60,
				options: {
					language: 'en',
					privacy: 'private',
					made_for_kids: false,
					quality_threshold: 0.7,
					format: '16:9',
					resolution: '1920x1080',
				},
			},
		});
	});

	it('names every field that is not right, with its reason', () => {
		expect(
			issuesOf({ topic: 'x', style: 'angry', duration: 1.5, notify_email: 'nobody', extra: 1 }),
		).toEqual({
			video_id: 'required',
			topic: 'at least 3 characters',
			style: 'one of professional, casual, energetic, calm',
			duration: 'whole seconds',
			notify_email: 'an e-mail address',
			extra: 'unknown field',
		});
	});

	it.each([[null], [[]], ['text'], [undefined], [42]])('refuses a body that is %j', (body) => {
		expect(issuesOf(body)).toHaveProperty('body');
	});

	it.each([['../../etc/passwd'], ['a b'], ['-x'], ['x'.repeat(65)], ['']])(
		'refuses the video ID %j, which could not name a folder',
		(videoId) => {
			expect(issuesOf({ ...good, video_id: videoId })).toHaveProperty('video_id');
		},
	);

	it('refuses control characters and overlong topics', () => {
		expect(issuesOf({ ...good, topic: 'abc\u0000def' }).topic).toBe('no control characters');
		expect(issuesOf({ ...good, topic: 'x'.repeat(100_000) }).topic).toBe('at most 500 characters');
	});

	it('keeps right-to-left text, emoji and markup in a topic as text', () => {
		for (const topic of ['שלום עולם', 'Why 🐙 think', '<speak>{\\an8}"quotes"</speak>']) {
			expect(validateRequest({ ...good, topic })).toMatchObject({ valid: true, request: { topic } });
		}
	});
});
