/** Credits in a description: each source once, by its own name, and nothing of a stranger's that could do harm. */
import { describe, expect, it } from 'vitest';

import type { FootageSource } from '../../../core/documents';
import { FOOTAGE_TERMS } from '../../../core/providers/footage/terms';
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

	it('link to the author, and name each licence once', () => {
		const unsplash = { provider: 'unsplash', kind: 'photo', license: FOOTAGE_TERMS.unsplash.license } as const;
		const { value } = withCredits('', [
			source({ license: FOOTAGE_TERMS.pexels.license, author_url: 'https://www.pexels.com/@ada' }),
			source({ ...unsplash, author: 'Cy', page_url: 'https://unsplash.com/photos/x?utm_source=y', author_url: 'https://unsplash.com/@cy?utm_source=y' }),
			source({ ...unsplash, author: 'Di', page_url: 'https://unsplash.com/photos/z?utm_source=y', author_url: 'javascript:alert(1)' }),
		]);
		expect(value.split('\n')).toEqual([
			'Footage by Ada (https://www.pexels.com/@ada) on Pexels: https://www.pexels.com/video/1/',
			'Photo by Cy (https://unsplash.com/@cy?utm_source=y) on Unsplash: https://unsplash.com/photos/x?utm_source=y',
			'Photo by Di on Unsplash: https://unsplash.com/photos/z?utm_source=y',
			'Pexels License (https://www.pexels.com/license/)',
			'Unsplash License (https://unsplash.com/license)',
		]);
	});

	it('take no licence from a stranger', () => {
		expect(withCredits('', [source({ license: 'Free at https://evil.example' })]).value).not.toContain('evil');
	});

	it.each(['javascript:alert(1)', 'http://example.com/', 'https://example.com/ <b>', 'nowhere'])('leave out a source whose page is %j', (page) => {
		expect(withCredits('', [source({ page_url: page })]).value).toBe('');
	});

	it('keep a name on its line and without markup', () => {
		expect(withCredits('', [source({ author: 'A\n<b>https://evil.example</b>' })]).value).not.toMatch(/[\n<>]/);
	});
});
