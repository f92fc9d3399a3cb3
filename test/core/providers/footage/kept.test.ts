/** What the store keeps of footage, on each database: files under a limit, and what which video of a channel showed. */
import { access, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { FootageCache } from '../../../../core/providers/footage/cache';
import { keptSearch } from '../../../../core/providers/footage/kept-searches';
import { claimFootage, settleFootage, usedLately } from '../../../../core/providers/footage/uses';
import { queuedJob } from '../../../support/job';
import { temporaryFolder, TestClock } from '../../../support/store';
import { describeStores } from '../../../support/stores';

describeStores('the room on the disk', (open) => {
	async function setUp(limitBytes = 250) {
		const clock = new TestClock();
		const store = await open({ clock });
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

describeStores('what a channel has shown', (open) => {
	const use = (id: string) => ({ provider: 'pexels', id, sha256: '' });

	it('is what its last videos show, the newest that many', async () => {
		const clock = new TestClock();
		const store = await open({ clock });
		const of = (videoId: string, lastVideos = 2, channelId = 'UC1') => ({ store, videoId, channelId, lastVideos });
		for (const number of [1, 2, 3]) {
			clock.pass(1000);
			await settleFootage(of(`v-${number}`), [use(`${number}`), use(`${number}0`)]);
		}
		expect(await usedLately(of('v-4'))).toEqual(new Set(['pexels:2', 'pexels:20', 'pexels:3', 'pexels:30']));
		expect(await usedLately(of('v-3'))).toEqual(new Set(['pexels:1', 'pexels:10', 'pexels:2', 'pexels:20']));
		expect(await usedLately(of('v-4', 0))).toEqual(new Set());
		expect(await usedLately(of('v-4', 2, 'UC2'))).toEqual(new Set());
	});

	it('is given to one of two that want it at the same time', async () => {
		const store = await open();
		const of = (videoId: string) => ({ store, videoId, channelId: '', lastVideos: 20 });
		const wanted = Array.from({ length: 20 }, (_, index) => use(String(index)));
		const taken = await Promise.all(['v-1', 'v-2', 'v-3'].map(async (videoId) => await claimFootage(of(videoId), wanted)));
		expect(taken.map(({ size }) => size).sort((a, b) => a - b)).toEqual([0, 20, 20]);
		const rows = await store.db.selectFrom('footage_uses').select('video_id').execute();
		expect(rows).toHaveLength(20);
	});
});

describeStores('a search that must be kept', (open) => {
	it('is asked for again when its time is over, and then the old one is gone', async () => {
		const clock = new TestClock();
		const store = await open({ clock });
		let asked = 0;
		const search = async (words: string) =>
			await keptSearch(store, { words }, 1000, async () => {
				asked += 1;
				return [];
			});
		for (const words of ['sea', 'sea', 'land']) await search(words);
		expect(asked).toBe(2);
		clock.pass(1000);
		await search('sea');
		expect(asked).toBe(3);
		expect(await store.db.selectFrom('footage_searches').select('id').execute()).toHaveLength(1);
	});
});
