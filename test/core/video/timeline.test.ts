/** Frames are whole, and rounding never adds up. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sceneFrames, shotsFor } from '../../../core/video/timeline';

const scene = (scene_id: string, start_s: number, end_s: number) => ({ scene_id, start_s, end_s, words: [] });

describe('scenes in frames', () => {
	it('follow each other without gap and end with the narration, for any lengths', () => {
		const lengths = fc.array(fc.double({ min: 0.001, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(lengths, fc.integer({ min: 24, max: 60 }), (seconds, fps) => {
				let at = 0;
				const scenes = seconds.map((length, index) => scene(String(index), at, (at += length)));
				const placed = sceneFrames(scenes, at, fps);
				let next = 0;
				for (const { startFrame, frames } of placed) {
					expect(startFrame).toBe(next);
					expect(frames).toBeGreaterThan(0);
					next += frames;
				}
				expect(next).toBe(Math.max(1, Math.round(at * fps)));
			}),
		);
	});

	it('let the last scene last until the narration ends', () => {
		expect(sceneFrames([scene('a', 0, 1), scene('b', 1, 2)], 2.5, 30).map(({ frames }) => frames)).toEqual([30, 45]);
	});

	it('leave a scene out that is shorter than a frame', () => {
		const placed = sceneFrames([scene('a', 0, 1), scene('b', 1, 1.001), scene('c', 1.001, 2)], 2, 30);
		expect(placed.map(({ sceneId }) => sceneId)).toEqual(['a', 'c']);
	});
});

describe('clips in a scene', () => {
	it('are cut when they are longer than it', () => {
		expect(shotsFor(60, [{ kind: 'video' as const, durationS: 5 }], 30)).toMatchObject([{ frames: 60, looped: false }]);
	});

	it('are looped when they are shorter', () => {
		expect(shotsFor(90, [{ kind: 'video' as const, durationS: 1 }], 30)).toMatchObject([{ frames: 90, looped: true }]);
	});

	it('share it by their lengths, each only as far as it goes', () => {
		const shots = shotsFor(300, [{ kind: 'video' as const, durationS: 8 }, { kind: 'video' as const, durationS: 4 }], 30);
		expect(shots.map(({ frames, looped }) => [frames, looped])).toEqual([[200, false], [100, false]]);
	});
});
