/** A sound inside a JSON answer. */
import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { takeSound } from '../../../../core/providers/speech/sound-in-json';

describe('a sound in JSON', () => {
	it.each([0, 1, 2, 3, 1000, 300_001])('of %i bytes comes out as it went in, and the rest is JSON', (bytes) => {
		const sound = randomBytes(bytes);
		const rest = { before: 'ü', words: ['a "quoted" one'] };
		const json = Buffer.from(JSON.stringify({ ...rest, audio: sound.toString('base64'), after: [1] }));
		const taken = takeSound(json, 'audio');
		expect(taken.sound.equals(sound)).toBe(true);
		expect(JSON.parse(taken.rest)).toEqual({ ...rest, audio: '', after: [1] });
	});

	it('comes out whatever spaces and escaped slashes are in it', () => {
		const { sound } = takeSound(Buffer.from('{ "audio" : "+\\/+\\/" }'), 'audio');
		expect(sound.equals(Buffer.from('+/+/', 'base64'))).toBe(true);
	});

	it.each(['{}', '[]', '{"audio":5}', '{"audio":"cut', 'no JSON'])('is empty in %s', (json) => {
		expect(takeSound(Buffer.from(json), 'audio')).toEqual({ rest: json, sound: Buffer.alloc(0) });
	});
});
