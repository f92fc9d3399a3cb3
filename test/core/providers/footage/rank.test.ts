/** The score prefers what fits, and no clip is chosen twice. */
import { describe, expect, it } from 'vitest';

import type { FootageCandidate } from '../../../../core/providers/footage/footage';
import { bestRendition, chooseClips, RANK_WEIGHTS, ranked, scoreOf } from '../../../../core/providers/footage/rank';

const need = { query: 'a volcano at night', width: 1920, height: 1080, durationS: 8 };

function candidate(own: Partial<FootageCandidate> & { size?: [number, number] } = {}): FootageCandidate {
	const [width, height] = own.size ?? [1920, 1080];
	return {
		provider: 'pexels', kind: 'video', id: '1', title: '', previewUrl: '', durationS: 10, width, height, words: ['volcano', 'night'], rank: 0,
		renditions: [{ url: '', width, height, fps: 30 }],
		pageUrl: '', author: '', authorUrl: '', license: '',
		...own,
	};
}

describe('the score', () => {
	it('is 1 for a clip that fits in every way, by weights that add up to 1', () => {
		expect(scoreOf(candidate(), need)).toBeCloseTo(1, 10);
		expect(Object.values(RANK_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
	});

	it.each([
		['turned', { size: [1080, 1920] as [number, number] }],
		['small', { size: [640, 360] as [number, number] }],
		['short', { durationS: 2 }],
		['of something else', { words: ['ocean'] }],
		['far down the list', { rank: 10 }],
	])('is lower for a clip that is %s', (_flaw, own) => {
		expect(scoreOf(candidate(own), need)).toBeLessThan(0.95);
	});

	it('is 0 for a clip without a file', () => {
		expect(ranked([candidate({ renditions: [] })], need)).toEqual([]);
	});

	it('puts a fitting clip before one that only the provider prefers', () => {
		const order = ranked([candidate({ id: 'first', size: [1080, 1920] }), candidate({ id: 'fits', rank: 4 })], need);
		expect(order.map(({ id }) => id)).toEqual(['fits', 'first']);
	});
});

describe('the score of several libraries together', () => {
	it("does not prefer a library, and keeps each one's order between equals", () => {
		const order = ranked(
			[
				candidate({ id: 'a', rank: 0 }),
				candidate({ id: 'b', rank: 1 }),
				candidate({ provider: 'pixabay', id: 'c', rank: 0 }),
				candidate({ provider: 'pixabay', id: 'd', rank: 1 }),
			],
			need,
		);
		expect(order.map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
	});

	it('takes a photo to be as long as it is needed', () => {
		const photo = candidate({ kind: 'photo', durationS: 0 });
		expect(scoreOf(photo, need)).toBeCloseTo(1, 10);
		expect(scoreOf(candidate({ durationS: 0 }), need)).toBeCloseTo(1 - RANK_WEIGHTS.length, 10);
	});

	it('takes length out of it where none is wanted', () => {
		expect(scoreOf(candidate({ durationS: 1 }), { ...need, durationS: 0 })).toBeCloseTo(1, 10);
	});
});

describe('the choice', () => {
	it('takes as many clips as fill the scene, none that is used already', () => {
		const list = [candidate({ id: 'a', durationS: 5 }), candidate({ id: 'b', durationS: 5 }), candidate({ id: 'c', durationS: 5 })];
		const used = new Set(['pexels:a']);
		expect(chooseClips(list, 8, used).map(({ id }) => id)).toEqual(['b', 'c']);
		expect(chooseClips(list, 8, used)).toEqual([]);
	});

	it('brings the smallest file that fills the frame, else the largest', () => {
		const sizes = [[3840, 2160], [1280, 720], [1920, 1080]].map(([width = 0, height = 0]) => ({ url: '', width, height, fps: 30 }));
		expect(bestRendition(candidate({ renditions: sizes }), need)?.width).toBe(1920);
		expect(bestRendition(candidate({ renditions: sizes }), { width: 4096, height: 2160 })?.width).toBe(3840);
		expect(bestRendition(candidate({ renditions: sizes }), { width: 1080, height: 1920 })?.width).toBe(3840);
	});
});
