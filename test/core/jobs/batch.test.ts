/** Lists of videos, the limit of those that are made at once, and the plan of their publications. */
import { describe, expect, it } from 'vitest';

import { assertOneIsRight, listOf, MOST_IN_BATCH, queueBatch } from '../../../core/jobs/batch';
import { planPublication } from '../../../core/jobs/plan';
import { queueJob } from '../../../core/jobs/queue';
import { validateRequest } from '../../../core/jobs/request';
import { resumeInterrupted } from '../../../core/jobs/resume';
import { updateJob } from '../../../core/jobs/update';
import { LEASE_MS } from '../../../core/jobs/lease';
import { describeStores } from '../../support/stores';

const topic = 'How volcanoes work';
const ids = (count: number) => Array.from({ length: count }, (_, index) => `v-${index}`);

describe('a body', () => {
	it('is a list when it is an array or has videos, and else one video', () => {
		expect(listOf([1])).toEqual([1]);
		expect(listOf({ videos: [1, 2] })).toEqual([1, 2]);
		for (const body of [{ video_id: 'v', topic }, null, 'text', 5]) expect(listOf(body)).toBeUndefined();
	});

	it.each([
		[[], 'videos', 'at least one video'],
		[{ videos: 'v' }, 'videos', 'a list of videos'],
		[{ videos: [1], topic }, 'topic', 'unknown field beside videos'],
		[Array.from({ length: MOST_IN_BATCH + 1 }), 'videos', `201 videos, at most ${MOST_IN_BATCH}`],
	])('is refused with the field when the list is no list of videos', (body, field, reason) => {
		expect(() => listOf(body)).toThrow(expect.objectContaining({ issues: [{ field, reason }] }) as Error);
	});

	it('is refused with every field of every video when none of them is right', () => {
		const issues = [{ field: 'videos.0.topic', reason: 'required' }, { field: 'videos.1', reason: 'a JSON object' }];
		expect(() => { assertOneIsRight([{ video_id: 'v' }, null], 0); }).toThrow(
			expect.objectContaining({ issues: [issues[0], expect.objectContaining({ field: expect.stringContaining('videos.1') as string })] }) as Error,
		);
		expect(() => { assertOneIsRight([{ video_id: 'v', topic }, null], 0); }).not.toThrow();
	});
});

describe('publish_at', () => {
	const now = Date.parse('2026-11-22T12:00:00Z');
	const reasonOf = (publishAt: unknown, options = {}) => {
		const look = validateRequest({ video_id: 'v', topic, publish_at: publishAt, options }, now);
		return look.valid ? 'right' : look.issues.map(({ field, reason }) => `${field}: ${reason}`).join();
	};

	it('is a time with its offset, and keeps the video private until then', () => {
		expect(reasonOf('2026-11-22T14:00:00+01:00')).toBe('right');
		// a video that is known already is asked about by the same request
		expect(reasonOf('2026-11-22T12:00:00+01:00')).toBe('right');
		for (const wrong of ['2027-01-01', '2027-01-01T12:00:00', 'tomorrow', 1_800_000_000]) {
			expect(reasonOf(wrong)).toBe('publish_at: a time with its offset, e.g. 2027-01-31T18:00:00+01:00');
		}
		expect(reasonOf('2029-01-01T12:00:00Z')).toBe('publish_at: within two years');
		expect(reasonOf('2027-01-01T12:00:00Z', { privacy: 'public' })).toBe(
			'options.privacy: private until publish_at: YouTube makes it public then',
		);
	});
});

describeStores('videos at once', (open) => {
	it('takes a list in, refuses each that is not right by its fields, and makes none of them before its turn', async () => {
		const store = await open();
		const list = [{ video_id: 'a', topic }, { video_id: 'b' }, { video_id: 'a', topic }, 'text', { video_id: 'c', topic }];
		const entries = await queueBatch(store, list, 'n8n:1');
		expect(entries.map(({ video_id: id, accepted }) => [id, accepted])).toEqual([
			['a', true],
			['b', false],
			['a', false],
			['', false],
			['c', true],
		]);
		expect(entries[0]).toMatchObject({ disposition: 'waiting', job: { status: 'queued', attempt: 0 } });
		expect(entries[1]).toMatchObject({ errors: [{ field: 'topic', reason: 'required' }] });
		expect(entries[2]).toMatchObject({ errors: [{ field: 'video_id', reason: 'twice in the list' }] });
		const again = await queueBatch(store, list, 'n8n:2');
		expect(again.map((entry) => entry.accepted && entry.disposition)).toEqual(['waiting', false, false, false, 'waiting']);
	});

	it('never makes more than the limit, whoever takes them, and goes on with the oldest when one ends', async () => {
		const store = await open();
		await queueBatch(store, ids(7).map((id) => ({ video_id: id, topic })), 'n8n:1');
		const others = [store, await open({ of: store }), await open({ of: store })];
		const take = async (holder: string, from = store) => (await resumeInterrupted(from, holder, 1, 3)).map(({ video_id: id }) => id);
		const taken = await Promise.all(ids(9).map(async (id, index) => await take(id, others[index % 3])));
		expect(taken.flat().toSorted()).toEqual(['v-0', 'v-1', 'v-2']);

		const holder = ids(9)[taken.findIndex(([id]) => id === 'v-1')] ?? '';
		await updateJob(store, 'v-1', { status: 'published' }, holder);
		expect(await take('n8n:a')).toEqual(['v-3']);
		expect(await take('n8n:b')).toEqual([]);
		// the three executions die: their videos count no more, and go on first
		store.clock.pass(LEASE_MS + 1);
		expect([await take('n8n:c'), await take('n8n:d'), await take('n8n:e'), await take('n8n:f')]).toEqual([['v-0'], ['v-2'], ['v-3'], []]);
	});

	it('lets a single request wait too when as many are being made, and makes it when it comes again with room', async () => {
		const store = await open();
		const request = (id: string) => {
			const look = validateRequest({ video_id: id, topic });
			if (!look.valid) throw new Error('not valid');
			return look.request;
		};
		const queue = async (id: string, holder: string) => (await queueJob(store, request(id), holder, {}, { atOnce: 1 })).disposition;
		expect(await queue('a', 'n8n:1')).toBe('created');
		expect(await queue('b', 'n8n:2')).toBe('waiting');
		expect(await queue('b', 'n8n:3')).toBe('waiting');
		await updateJob(store, 'a', { status: 'failed' }, 'n8n:1');
		expect(await queue('b', 'n8n:4')).toBe('resumed');
		expect(await queue('a', 'n8n:5')).toBe('waiting');
	});
});

describe('a plan', () => {
	const now = Date.parse('2026-11-22T12:00:00Z');
	const plan = { firstDate: '2026-11-23', hours: ['18:00', '09:00'], channels: ['UC1', 'UC2'], zone: 'Europe/Berlin' };
	const spread = (videos: Array<{ channel_id?: string; publish_at?: string }>, more = {}) =>
		planPublication(videos, { ...plan, ...more }, now).map(({ channel_id: channel, publish_at: at }) => `${channel ?? '-'} ${at}`);

	it('gives each video its channel and time: channels in turn, hours in order, then the next day', () => {
		expect(spread(Array.from({ length: 5 }, () => ({})))).toEqual([
			'UC1 2026-11-23T08:00:00.000Z',
			'UC2 2026-11-23T08:00:00.000Z',
			'UC1 2026-11-23T17:00:00.000Z',
			'UC2 2026-11-23T17:00:00.000Z',
			'UC1 2026-11-24T08:00:00.000Z',
		]);
	});

	it('gives a channel no more a day than wished, and leaves the choice to the pool when none is named', () => {
		expect(spread([{}, {}], { perDay: 1, channels: [] })).toEqual(['- 2026-11-23T08:00:00.000Z', '- 2026-11-24T08:00:00.000Z']);
	});

	it('keeps what a video says itself, and gives its time to no other', () => {
		expect(spread([{ channel_id: 'UC2' }, { publish_at: '2026-11-23T08:00:00Z', channel_id: 'UC1' }, {}])).toEqual([
			'UC2 2026-11-23T08:00:00.000Z',
			'UC1 2026-11-23T08:00:00Z',
			'UC1 2026-11-23T17:00:00.000Z',
		]);
	});

	it('leaves out what has passed or comes within the hour', () => {
		expect(spread([{}], { firstDate: '2026-11-20', hours: ['13:30'] })).toEqual(['UC1 2026-11-23T12:30:00.000Z']);
		expect(spread([{}], { firstDate: '2026-11-22', hours: ['15:00'] })).toEqual(['UC1 2026-11-22T14:00:00.000Z']);
	});

	it('keeps the hour of the clock when the clocks change', () => {
		expect(spread([{}, {}], { firstDate: '2027-03-27', hours: ['09:00'], channels: ['UC1'] })).toEqual([
			'UC1 2027-03-27T08:00:00.000Z',
			'UC1 2027-03-28T07:00:00.000Z',
		]);
	});

	it('is never overbooked: no channel has two videos at one time', () => {
		const videos = Array.from({ length: 300 }, (_, index) => (index % 7 === 0 ? { channel_id: 'UC2' } : {}));
		const slots = spread(videos);
		expect(new Set(slots).size).toBe(300);
	});

	it.each([
		[{ firstDate: '2026-13-01' }, 'firstDate'],
		[{ hours: ['25:00'] }, 'hours'],
		[{ hours: [] }, 'hours'],
		[{ perDay: 3 }, 'perDay'],
	])('is refused with the field when it can not be read: %j', (more, field) => {
		expect(() => spread([{}], more)).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ field })] }) as Error);
	});

	it('says that a channel that a video names is none of the plan', () => {
		expect(() => spread([{ channel_id: 'UC9' }])).toThrow(/no room left for channel UC9/);
	});
});
