/** What is stored encrypted. */
import { describe, expect, it } from 'vitest';

import { seal, unseal } from '../../core/seal';

const ADDRESS = 'https://youtube.googleapis.com/upload/youtube/v3/videos?upload_id=abc';

describe('a sealed upload address', () => {
	it('opens with the same secret for the same upload only', async () => {
		const sealed = await seal(ADDRESS, 'secret', 'job:1');
		expect(sealed).not.toContain('upload_id');
		expect(await unseal(sealed, 'secret', 'job:1')).toBe(ADDRESS);
		expect(await unseal(sealed, 'other', 'job:1')).toBeUndefined();
		expect(await unseal(sealed, 'secret', 'job:2')).toBeUndefined();
	});

	it('is never sealed the same way twice', async () => {
		expect(await seal(ADDRESS, 'secret', 'job:1')).not.toBe(await seal(ADDRESS, 'secret', 'job:1'));
	});

	it.each(['', 'v1', 'v1.a.b.c', 'v2.a.b.c.d', 'v1.AAAA.AAAA.AAAA.AAAA'])('does not open what is none: %j', async (text) => {
		expect(await unseal(text, 'secret', 'job:1')).toBeUndefined();
	});

	it('does not open when it was touched', async () => {
		const parts = (await seal(ADDRESS, 'secret', 'job:1')).split('.');
		parts[4] = Buffer.from('x'.repeat(ADDRESS.length)).toString('base64url');
		expect(await unseal(parts.join('.'), 'secret', 'job:1')).toBeUndefined();
	});
});
