/** The libraries as one: their allowances, the searches that must be kept, the call for each use, and the room on the disk. */
import { access, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { FootageCache } from '../../../../core/providers/footage/cache';
import type { FootageKind } from '../../../../core/providers/footage/footage';
import { Libraries } from '../../../../core/providers/footage/library';
import type { FootageProviderId } from '../../../../core/providers/footage/terms';
import { settleFootage } from '../../../../core/providers/footage/uses';
import { queuedJob } from '../../../support/job';
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
});

describe('the room on the disk', () => {
	async function setUp(limitBytes = 250) {
		const clock = new TestClock();
		const store = await temporaryStore(clock);
		const cache = new FootageCache(store, limitBytes);
		const folder = await temporaryFolder();
		const keep = async (key: string, content = key) => {
			const arrived = join(folder, key);
			await writeFile(arrived, content.padEnd(100, '.'));
			clock.pass(1000);
			return await cache.keep(key, arrived, { mime: 'video/mp4', extension: '.mp4' });
		};
		const isThere = async (path: string) =>
			await access(path).then(
				() => true,
				() => false,
			);
		const hours = (count: number) => clock.pass(count * 3_600_000);
		return { store, cache, keep, isThere, hours };
	}

	it('is kept under its limit by removing what was unused longest', async () => {
		const { cache, keep, isThere, hours } = await setUp();
		const [a, b] = [await keep('a'), await keep('b')];
		hours(2);
		expect((await cache.kept('a'))?.path).toBe(a.path);
		const c = await keep('c');
		expect(await Promise.all([a, b, c].map(({ path }) => isThere(path)))).toEqual([true, false, true]);
		expect(await cache.kept('b')).toBeUndefined();
	});

	it('is exceeded rather than to take a file from somebody who uses it', async () => {
		const { keep, isThere, store, hours } = await setUp();
		await queuedJob(store);
		const [a, b] = [await keep('a'), await keep('b')];
		await settleFootage({ store, videoId: 'v-1', channelId: '', lastVideos: 20 }, [{ provider: 'pexels', id: '1', sha256: a.sha256 }]);
		hours(2);
		const [c, d] = [await keep('c'), await keep('d')];
		expect(await Promise.all([a, b, c, d].map(({ path }) => isThere(path)))).toEqual([true, false, true, true]);
		await store.transaction(async (trx) => {
			await trx.updateTable('jobs').set({ status: 'published' }).execute();
		});
		await keep('e');
		expect(await isThere(a.path)).toBe(false);
	});

	it('holds the same content once, under all its names', async () => {
		const { cache, keep, store } = await setUp(150);
		const [a, b] = [await keep('a', 'same'), await keep('b', 'same')];
		expect(b.path).toBe(a.path);
		expect((await stat(a.path)).size).toBe(100);
		expect([await cache.kept('a'), await cache.kept('b')]).toEqual([a, b]);
		expect(await store.db.selectFrom('footage_files').select('id').execute()).toHaveLength(2);
	});
});
