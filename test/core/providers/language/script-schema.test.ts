import { describe, expect, it } from 'vitest';

import { readScript, scriptJsonSchema } from '../../../../core/providers/language/script-schema';

function written(changes: object = {}, scene: object = {}) {
	return {
		title: 'Volcanoes',
		description: 'About volcanoes.',
		tags: ['volcano'],
		scenes: [{ section: 'hook', narration: 'The mountain wakes.', visual_query: 'lava flow', on_screen_text: 'It wakes', ...scene }],
		...changes,
	};
}

function validScript(value: unknown) {
	const reading = readScript(value, 'en', 30);
	if (!reading.valid) throw new Error(reading.problems.join('; '));
	return { script: reading.value, warnings: reading.warnings };
}

describe('the schema', () => {
	it('is strict: every property required and no others allowed, with plain keywords only', () => {
		const text = JSON.stringify(scriptJsonSchema);
		expect(text.match(/"type":"object"/g)).toHaveLength(2);
		expect(text.match(/"additionalProperties":false/g)).toHaveLength(2);
		expect(text).not.toMatch(/minLength|maxLength|\$schema/);
	});
});

describe('a script that was read', () => {
	it('has scenes with ids of their own', () => {
		const { scenes } = written();
		const { script } = validScript(written({ scenes: [...scenes, ...scenes, ...scenes] }));
		expect(script.scenes.map(({ id }) => id)).toEqual(['scene-1', 'scene-2', 'scene-3']);
	});

	it('never lets a cue reach the voice', () => {
		const { script } = validScript(written({}, { narration: '[VISUAL: lava] It wakes [PAUSE] slowly <break time="9s"/>.' }));
		expect(script.scenes[0]?.narration).toBe('It wakes slowly.');
		expect(script.scenes[0]?.cues).toEqual([
			{ kind: 'visual', at_word: 0, text: 'lava' },
			{ kind: 'pause', at_word: 2, text: '' },
		]);
	});

	it('takes out cues of every kind of bracket and script, brackets in them too', () => {
		const { script } = validScript(written({}, { narration: '[VISUAL: a sign [old] on a wall] It wakes 【PAUSE】 slowly [Pausa] now.' }));
		expect(script.scenes[0]).toMatchObject({
			narration: 'It wakes slowly now.',
			cues: [{ kind: 'visual', at_word: 0, text: 'a sign [old] on a wall' }, { kind: 'pause', at_word: 2, text: '' }],
		});
	});

	it('keeps within YouTube’s limits, and says what it cut', () => {
		const { script, warnings } = validScript(
			written({
				title: 'long '.repeat(50),
				description: 'é'.repeat(5000),
				tags: Array.from({ length: 100 }, (_, index) => `tag number ${index}`),
			}),
		);
		expect(script.title.length).toBeLessThanOrEqual(100);
		expect(Buffer.byteLength(script.description)).toBeLessThanOrEqual(5000);
		expect(script.tags.join(',').length).toBeLessThanOrEqual(500);
		expect(warnings).toHaveLength(3);
	});

	it('has search words without quotes, operators and markup', () => {
		const { script } = validScript(written({}, { visual_query: '"lava" OR <script> {flow}: 🌋' }));
		expect(script.scenes[0]?.visual_query).toBe('lava OR script flow');
	});

	it('keeps emoji and right-to-left text', () => {
		const narration = 'البركان يستيقظ الآن 🌋.';
		expect(validScript(written({}, { narration })).script.scenes[0]?.narration).toBe(narration);
	});
});

describe('an answer that is no script', () => {
	it.each([
		['nothing', undefined],
		['a text', 'Sure! Here is your script'],
		['an array', []],
		['one without scenes', written({ scenes: [] })],
		['one with an empty title', written({ title: ' <> ' })],
		['one whose cue is not closed', written({}, { narration: 'It wakes. [VISUAL: lava' })],
		['one whose narration is only a cue', written({}, { narration: '[PAUSE]' })],
		['one without search words', written({}, { visual_query: '!!!' })],
		['one with a scene of 4,000 characters', written({}, { narration: 'word '.repeat(800) })],
		['one with 1,000 scenes', written({ scenes: Array(1000).fill(written().scenes[0]) })],
	])('is told from one: %s', (_name, value) => {
		expect(readScript(value, 'en', 30)).toMatchObject({ valid: false, problems: [expect.any(String)] });
	});
});
