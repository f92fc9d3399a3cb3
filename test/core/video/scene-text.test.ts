/** The text of a whole video: in the picture, in the subtitle files, and what is told of missing characters. */
import { describe, expect, it } from 'vitest';

import type { SpeechResult } from '../../../core/documents';
import type { CaptionOptions } from '../../../core/video/caption-style';
import { videoText } from '../../../core/video/scene-text';
import { sceneFrames } from '../../../core/video/timeline';
import { spoken } from '../../support/captions';
import { makeScript } from '../../support/media';

const narrations = ['Volcanoes build new land from below, layer upon layer.', 'Waves take it back, grain by grain.'];

async function textOf(captions: CaptionOptions, title = 'A test') {
	const lengths = narrations.map((narration) => narration.split(' ').length * 0.4 + 0.5);
	const starts = lengths.map((_length, index) => lengths.slice(0, index).reduce((sum, own) => sum + own, 0));
	const durationS = lengths.reduce((sum, own) => sum + own, 0);
	const scenes = narrations.map((narration, index) => ({
		scene_id: `scene-${index + 1}`,
		start_s: starts[index] ?? 0,
		end_s: (starts[index] ?? 0) + (lengths[index] ?? 0),
		words: spoken(narration, 0.4, starts[index]),
	}));
	const speech = { scenes, duration_s: durationS } as SpeechResult;
	const script = { ...makeScript(narrations.map((narration) => ({ narration, query: 'x' }))), title };
	return await videoText(sceneFrames(scenes, durationS, 30), { script, speech, width: 640, height: 360, fps: 30, captions });
}

const words = (cues: ReadonlyArray<{ text: string }>) => cues.flatMap(({ text }) => text.split(/\s/));

describe('the text of a video', () => {
	it('says in picture and files every word that is spoken, in order', async () => {
		const { captions, subtitles } = await textOf({ style: 'pop' });
		expect(words(captions)).toEqual(narrations.join(' ').split(' '));
		expect(words(subtitles)).toEqual(narrations.join(' ').split(' '));
		expect(captions.every(({ text }) => words([{ text }]).length <= 3)).toBe(true);
		expect(subtitles.length).toBeLessThan(captions.length);
	});

	it('is on the time line of the whole video', async () => {
		const { subtitles } = await textOf({});
		expect(subtitles.every((cue, index) => cue.start_s >= (subtitles[index - 1]?.end_s ?? 0) - 0.001)).toBe(true);
		expect(subtitles.find(({ text }) => text.startsWith('Waves'))?.start_s).toBeCloseTo(9 * 0.4 + 0.5, 1);
	});

	it('burns nothing in where captions are off, and has subtitles all the same', async () => {
		const { scenes, captions, subtitles } = await textOf({ burnIn: false });
		expect(scenes.map(({ cues }) => cues)).toEqual([[], []]);
		expect(subtitles.length).toBeGreaterThan(0);
		expect(captions).toEqual(subtitles);
	});

	it('tells which characters no font of the package has', async () => {
		expect((await textOf({}, 'Sign \u{12000}')).warnings).toEqual([expect.stringMatching(/U\+12000/)]);
		expect((await textOf({})).warnings).toEqual([]);
	});

	it('refuses looks that are none, and names them', async () => {
		await expect(textOf({ fontScale: 10, textColour: 'red', style: 'neon' as never })).rejects.toMatchObject({
			issues: [{ field: 'style' }, { field: 'fontScale' }, { field: 'textColour' }],
		});
	});
});
