/** The libraries as one: their allowances, the searches that must be kept, and the call for each use. */
import { describe, expect, it } from 'vitest';

import type { FootageKind } from '../../../../core/providers/footage/footage';
import { Libraries } from '../../../../core/providers/footage/library';
import { bestRendition } from '../../../../core/providers/footage/rank';
import { FOOTAGE_TERMS, type FootageProviderId } from '../../../../core/providers/footage/terms';
import { probe } from '../../../../core/video/ffmpeg';
import { temporarySandbox } from '../../../support/sandbox';
import { TestClock, temporaryFolder, temporaryStore } from '../../../support/store';
import { accountOf, librariesOf } from './providers';

const SEA = { kind: 'photo' as FootageKind, query: 'sea' };

describe('searching', () => {
	it('asks all that have the kind, at the same time', async () => {
		const sandbox = await temporarySandbox();
		for (const service of ['pexels', 'pixabay', 'unsplash']) sandbox.faults.add({ service, kind: 'slow', delayMs: 400 });
		const { libraries } = await librariesOf(sandbox);
		const start = Date.now();
		const { candidates } = await libraries.search(SEA);
		expect(Date.now() - start).toBeLessThan(1150);
		expect(new Set(candidates.map(({ provider }) => provider))).toEqual(new Set(['pexels', 'pixabay', 'unsplash']));
	});

	it('leaves a library out that has no videos, and says what to do when there is no other', async () => {
		const sandbox = await temporarySandbox();
		const { libraries } = await librariesOf(sandbox, ['unsplash']);
		await expect(libraries.search({ ...SEA, kind: 'video' })).rejects.toMatchObject({ errorClass: 'invalid-request', reason: 'no-provider' });
		const { libraries: all } = await librariesOf(sandbox);
		await all.search({ ...SEA, kind: 'video' });
		expect(sandbox.recorder.list({ service: 'unsplash' })).toEqual([]);
	});

	it('asks Pixabay the same only once in 24 hours, over all workers, and Pexels each time', async () => {
		const sandbox = await temporarySandbox();
		const clock = new TestClock();
		const store = await temporaryStore(clock);
		const search = async (query: string) => {
			const { libraries } = await librariesOf(sandbox, ['pexels', 'pixabay'], { store });
			return (await libraries.search({ ...SEA, query })).candidates;
		};
		const first = await search('sea');
		clock.pass(24 * 3_600_000 - 1);
		expect(await search('sea')).toEqual(first);
		expect(sandbox.recorder.list({ service: 'pixabay' })).toHaveLength(1);
		expect(sandbox.recorder.list({ service: 'pexels' })).toHaveLength(2);
		clock.pass(1);
		await search('sea');
		await search('land');
		expect(sandbox.recorder.list({ service: 'pixabay' })).toHaveLength(3);
		const kept = await store.db.selectFrom('footage_searches').select('candidates').execute();
		expect(kept).toHaveLength(2);
		expect(JSON.stringify(kept)).not.toContain('sandbox-pixabay-key');
	});

	it.each([
		['pexels', 200],
		['unsplash', 50],
	] as const)('sends %s no more than %i requests an hour, and goes on without it', async (id: FootageProviderId, requests) => {
		const sandbox = await temporarySandbox();
		const { store, tools } = await librariesOf(sandbox);
		const account = { ...accountOf(sandbox, id), allowance: { requests: 2, windowS: 3600 } };
		expect(accountOf(sandbox, id).allowance).toEqual({ requests, windowS: 3600 });
		const alone = new Libraries([account], { store, tools });
		await alone.search(SEA);
		await alone.search(SEA);
		await expect(alone.search(SEA)).rejects.toMatchObject({ errorClass: 'rate-limited', reason: 'own-limit', provider: id });
		const both = new Libraries([account, accountOf(sandbox, 'pixabay')], { store, tools });
		const { candidates, warnings } = await both.search(SEA);
		expect(candidates.length).toBeGreaterThan(0);
		expect(warnings).toHaveLength(1);
		expect(sandbox.recorder.list({ service: id })).toHaveLength(2);
	});

	it('asks for further pages only until there are enough, and only where there are more', async () => {
		const sandbox = await temporarySandbox();
		const { libraries } = await librariesOf(sandbox, ['pexels', 'unsplash']);
		const pages = (service: string) => sandbox.recorder.list({ service }).length;
		const few = await libraries.search({ ...SEA, limit: 50 });
		expect(few.candidates.length).toBeGreaterThanOrEqual(50);
		expect([pages('pexels'), pages('unsplash')]).toEqual([1, 1]);
		const { candidates } = await libraries.search({ ...SEA, limit: 1000 });
		expect([pages('pexels'), pages('unsplash')]).toEqual([2, 3]);
		expect(candidates.filter(({ provider }) => provider === 'unsplash').map(({ rank }) => rank)).toEqual(
			candidates.filter(({ provider }) => provider === 'unsplash').map((_one, index) => index),
		);
	});

	it.each(['', '  ', '\u200b'])('does not ask with %j for words', async (query) => {
		const { libraries } = await librariesOf(await temporarySandbox());
		await expect(libraries.search({ ...SEA, query })).rejects.toMatchObject({ reason: 'no-query' });
	});
});

describe('a library out of its allowance', () => {
	it('is rate-limited by its own words, and waits are not tried in vain', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.add({ service: 'unsplash', kind: 'status', status: 403, times: 0 });
		const { libraries } = await librariesOf(sandbox, ['unsplash']);
		await expect(libraries.search(SEA)).rejects.toMatchObject({ errorClass: 'rate-limited', retryAfterMs: 3_600_000 });
		expect(sandbox.recorder.list({ service: 'unsplash' })).toHaveLength(1);
	});
});

describe('an allowance of a month', () => {
	it('is counted over restarts, and begins anew with the month', async () => {
		const sandbox = await temporarySandbox();
		const clock = new TestClock();
		const folder = await temporaryFolder();
		expect(FOOTAGE_TERMS.pexels.monthly).toBe(20_000);
		const search = async () => {
			const { store, tools } = await librariesOf(sandbox, ['pexels'], { store: await temporaryStore(clock, folder) });
			const alone = new Libraries([{ ...accountOf(sandbox, 'pexels'), monthly: 2 }], { store, tools });
			return await alone.search(SEA);
		};
		await search();
		await search();
		await expect(search()).rejects.toMatchObject({ errorClass: 'rate-limited', reason: 'own-limit', provider: 'pexels', message: expect.stringContaining('2 requests in a month') as string });
		expect(sandbox.recorder.list({ service: 'pexels' })).toHaveLength(2);
		clock.pass(9 * 24 * 3_600_000);
		expect((await search()).candidates.length).toBeGreaterThan(0);
	});
});

describe('photos of Pexels', () => {
	it('come no larger than they are wanted, in their shape', async () => {
		const sandbox = await temporarySandbox();
		const { libraries, tools } = await librariesOf(sandbox, ['pexels']);
		const { candidates } = await libraries.search({ ...SEA, orientation: 'landscape' });
		const small = bestRendition(candidates[0]!, { width: 1280, height: 720 })!;
		const file = await libraries.obtain(candidates[0]!, small, {});
		expect((await probe(tools, file.path)).video).toMatchObject({ width: 1280, height: 720 });
		const sizes = candidates[0]!.renditions.map(({ width }) => width);
		expect(sizes).toEqual([1280, candidates[0]!.width]);
		expect(bestRendition(candidates[0]!, { width: 8000, height: 4500 })?.width).toBe(candidates[0]!.width);
	});
});

describe('using a photo', () => {
	it('tells Unsplash of each use, with the key and nothing of it to the image server', async () => {
		const sandbox = await temporarySandbox();
		const { libraries } = await librariesOf(sandbox, ['unsplash']);
		const { candidates } = await libraries.search(SEA);
		const [first] = candidates;
		await libraries.obtain(first!, { ...first!.renditions[0]!, width: 320 }, {});
		await libraries.obtain(first!, { ...first!.renditions[0]!, width: 320 }, {});
		const told = sandbox.recorder.list({ service: 'unsplash', path: `/photos/${first?.id}/download` });
		expect(told.map(({ status }) => status)).toEqual([200, 200]);
		expect(told[0]?.query.ixid).not.toBeUndefined();
		expect(sandbox.recorder.list({ service: 'unsplash', path: '/image/' })).toHaveLength(1);
		expect(first?.pageUrl).toMatch(/utm_source=ytempire&utm_medium=referral$/);
		expect(first?.authorUrl).toMatch(/utm_source=ytempire&utm_medium=referral$/);
	});

	it('gives the photo when Unsplash can\'t be told, and tells it with a later use, once, over restarts', async () => {
		const sandbox = await temporarySandbox();
		const folder = await temporaryFolder();
		const clock = new TestClock();
		const libraries = async () => {
			clock.pass(1);
			return (await librariesOf(sandbox, ['unsplash'], { store: await temporaryStore(clock, folder) })).libraries;
		};
		const { candidates } = await (await libraries()).search(SEA);
		const [first, second] = candidates;
		const small = (candidate: typeof first) => ({ ...candidate!.renditions[0]!, width: 320 });
		sandbox.faults.add({ service: 'unsplash', match: { path: '^/photos/[^/]+/download' }, kind: 'status', status: 503 });
		const file = await (await libraries()).obtain(first!, small(first), {});
		expect(file.bytes).toBeGreaterThan(0);
		await (await libraries()).obtain(second!, small(second), {});
		await (await libraries()).search(SEA);
		const told = sandbox.recorder.list({ service: 'unsplash' }).filter(({ path }) => path.endsWith('/download'));
		expect(told.map(({ path, status }) => [path.split('/')[2], status])).toEqual([
			[first?.id, 503],
			[first?.id, 200],
			[second?.id, 200],
		]);
	});

	it('gives the photo when the hour\'s allowance went into the search, and waits for nothing', async () => {
		const sandbox = await temporarySandbox();
		const { store, tools } = await librariesOf(sandbox);
		const alone = new Libraries([{ ...accountOf(sandbox, 'unsplash'), allowance: { requests: 1, windowS: 3600 } }], { store, tools });
		const [first] = (await alone.search(SEA)).candidates;
		expect((await alone.obtain(first!, { ...first!.renditions[0]!, width: 320 }, {})).bytes).toBeGreaterThan(0);
		expect(await store.db.selectFrom('footage_announcements').select('account').execute()).toHaveLength(1);
	});

	it('is not told any more when Unsplash doesn\'t know the photo any more', async () => {
		const sandbox = await temporarySandbox();
		const { libraries, store } = await librariesOf(sandbox, ['unsplash']);
		const [first] = (await libraries.search(SEA)).candidates;
		sandbox.faults.add({ service: 'unsplash', match: { path: '^/photos/[^/]+/download' }, kind: 'status', status: 404, times: 0 });
		await libraries.obtain(first!, { ...first!.renditions[0]!, width: 320 }, {});
		expect(await store.db.selectFrom('footage_announcements').select('account').execute()).toEqual([]);
	});
});
