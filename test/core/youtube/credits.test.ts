/** Credits in a description: each source once, by its own name, and nothing of a stranger's that could do harm. */
import { describe, expect, it } from 'vitest';

import type { FootageSource } from '../../../core/documents';
import { withCredits } from '../../../core/youtube/credits';

const source = (own: Partial<FootageSource>): FootageSource => ({
	...{ scene_id: 'scene-1', provider: 'pexels', id: '1', page_url: 'https://www.pexels.com/video/1/', author: 'Ada' },
	...{ author_url: '', license: '', width: 1920, height: 1080 },
	...own,
});

describe('credits', () => {
	it('name clips and photos of each library with their links', () => {
		const { value } = withCredits('About the sea.', [
			source({}),
			source({ scene_id: 'scene-2' }),
			source({ provider: 'pixabay', kind: 'video', author: 'Bo', page_url: 'https://pixabay.com/videos/id-2/' }),
			source({ provider: 'unsplash', kind: 'photo', author: 'Cy', page_url: 'https://unsplash.com/photos/x?utm_source=ytempire&utm_medium=referral' }),
		]);
		expect(value).toBe(
			[
				'About the sea.\n',
				'Footage by Ada on Pexels: https://www.pexels.com/video/1/',
				'Footage by Bo on Pixabay: https://pixabay.com/videos/id-2/',
				'Photo by Cy on Unsplash: https://unsplash.com/photos/x?utm_source=ytempire&utm_medium=referral',
			].join('\n'),
		);
	});

	it.each(['javascript:alert(1)', 'http://example.com/', 'https://example.com/ <b>', 'nowhere'])('leave out a source whose page is %j', (page) => {
		expect(withCredits('', [source({ page_url: page })]).value).toBe('');
	});

	it('keep a name on its line and without markup', () => {
		expect(withCredits('', [source({ author: 'A\n<b>https://evil.example</b>' })]).value).not.toMatch(/[\n<>]/);
	});
});
