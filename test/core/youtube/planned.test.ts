/** Publications that were planned with the request. */
import { expect, it } from 'vitest';

import { publicationOf } from '../../../core/youtube/planned';

const now = Date.parse('2026-11-22T12:00:00Z');
const metadata = { title: 'Volcanoes', privacyStatus: 'private' as const };

it('keeps the video private until its time, told to YouTube in UTC', () => {
	expect(publicationOf(metadata, '2026-11-22T18:00:00+01:00', now)).toEqual({
		metadata: { ...metadata, publishAt: '2026-11-22T17:00:00.000Z' },
		warnings: [],
	});
});

it('makes a video that is ready too late public at once, and says so', () => {
	const { metadata: sent, warnings } = publicationOf(metadata, '2026-11-22T12:00:00Z', now);
	expect(sent).toEqual({ ...metadata, privacyStatus: 'public' });
	expect(warnings).toEqual([expect.stringContaining('2026-11-22T12:00:00.000Z had passed')]);
});

it('changes nothing where no time was planned', () => {
	expect(publicationOf(metadata, undefined, now)).toEqual({ metadata, warnings: [] });
});
