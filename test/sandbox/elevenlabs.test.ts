/** ElevenLabs' stand-in: speech whose timings are true, and its refusals. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { findFfmpeg } from '../../sandbox/ffmpeg';
import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import { ELEVENLABS_KEY, speak, VOICE } from './requests';

const TEXT = 'Bees find their way by the sun. "How?" you ask: on a cloudy day, they see polarized light — a pattern in the sky.';

/** Decoded to 16 bit mono at 16 kHz. */
async function decode(audio: Buffer): Promise<Int16Array> {
	const running = promisify(execFile)(
		findFfmpeg(),
		['-loglevel', 'error', '-i', 'pipe:0', '-f', 's16le', '-ar', '16000', '-ac', '1', 'pipe:1'],
		{ encoding: 'buffer', maxBuffer: 1 << 28 },
	);
	running.child.stdin!.end(audio);
	const { stdout } = await running;
	return new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
}

function loudness(samples: Int16Array, fromS: number, toS: number): number {
	const part = samples.subarray(Math.round(fromS * 16_000), Math.round(toS * 16_000));
	return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
}

/** First and last moment of the `nth` occurrence of a word. */
function timeOf(alignment: any, word: string): [number, number] {
	const at = [...alignment.characters.join('')].join('').indexOf(word);
	return [alignment.character_start_times_seconds[at], alignment.character_end_times_seconds[at + word.length - 1]];
}

describe('speech with timestamps', () => {
	it('has a time for every character, in order, none after the sound', async () => {
		const { body } = await speak(await temporarySandbox(), { text: TEXT });
		const { characters, character_start_times_seconds: starts, character_end_times_seconds: ends } = body.alignment;
		expect(characters.join('')).toBe(TEXT);
		expect([starts.length, ends.length]).toEqual([characters.length, characters.length]);
		for (let index = 0; index < characters.length; index += 1) {
			expect(ends[index]).toBeGreaterThanOrEqual(starts[index]);
			if (index > 0) expect(starts[index]).toBeGreaterThanOrEqual(ends[index - 1] - 0.0011);
		}
		const durationS = (await decode(Buffer.from(body.audio_base64, 'base64'))).length / 16_000;
		expect(durationS).toBeGreaterThanOrEqual(ends.at(-1) - 0.01);
		expect(durationS - ends.at(-1)).toBeLessThan(0.3);
	});

	it('tells the truth: words sound where it says, and the pauses between sentences are quiet', async () => {
		const { body } = await speak(await temporarySandbox(), { text: TEXT }, { query: '?output_format=wav_16000' });
		const samples = await decode(Buffer.from(body.audio_base64, 'base64'));
		for (const word of ['Bees', 'sun', 'cloudy', 'polarized', 'sky']) {
			expect(loudness(samples, ...timeOf(body.alignment, word)), word).toBeGreaterThan(500);
		}
		const pause = loudness(samples, timeOf(body.alignment, 'sun')[1] + 0.05, timeOf(body.alignment, 'How')[0] - 0.05);
		expect(pause).toBeLessThan(100);
	});

	it('speaks at about 150 words a minute, and faster when asked', async () => {
		const sandbox = await temporarySandbox();
		const text = 'The same hour and the same place make every decision easier. When life gets busy, shorten it, but never skip it twice in a row. A calendar on the wall tells the truth. Rhythm turns effort into routine.';
		const seconds = async (speed: number) =>
			(await speak(sandbox, { text, voice_settings: { speed } })).body.alignment.character_end_times_seconds.at(-1);
		const usual = await seconds(1);
		const perMinute = text.split(' ').length / (usual / 60);
		expect(perMinute).toBeGreaterThan(135);
		expect(perMinute).toBeLessThan(165);
		expect(await seconds(1.2)).toBeLessThan(usual * 0.9);
	});

	it('keeps its places with emoji, accents, markup and other scripts', async () => {
		const sandbox = await temporarySandbox();
		for (const text of ['The café 😀 costs $3.50, <b>really</b>.', 'Кошка и собака', '猫はなぜ鳴くのですか。']) {
			const { body } = await speak(sandbox, { text });
			expect(body.alignment.characters).toEqual([...text]);
			expect(body.alignment.character_end_times_seconds).toHaveLength([...text].length);
		}
	});

	it('is the same to the byte for the same text, voice and seed', async () => {
		const [one, other] = [await temporarySandbox(3), await temporarySandbox(3)];
		const audio = async (sandbox: typeof one, more = {}) => (await speak(sandbox, { text: 'Hello there.', ...more })).body.audio_base64;
		const first = await audio(one);
		expect(await audio(other)).toBe(first);
		expect(await audio(one, { seed: 4 })).not.toBe(first);
	});

	it('differs from voice to voice', async () => {
		const sandbox = await temporarySandbox();
		const audio = async (voice: string) => (await speak(sandbox, { text: 'Hello there.' }, { voice })).body.audio_base64;
		const all = await Promise.all(['sandboxVoiceAva00001', 'sandboxVoiceNoah0002', 'sandboxVoiceMia00003', 'sandboxVoiceLeo00004'].map(audio));
		expect(new Set(all).size).toBe(4);
	});
});

describe('speech as a file', () => {
	it.each([
		['mp3_44100_128', 'audio/mpeg'],
		['mp3_22050_32', 'audio/mpeg'],
		['wav_44100', 'audio/wav'],
		['opus_48000_64', 'audio/ogg'],
	])('comes as %s', async (format, mime) => {
		const { services } = await temporarySandbox();
		const response = await fetch(`${services.elevenlabs.url}/v1/text-to-speech/${VOICE}?output_format=${format}`, {
			method: 'POST',
			body: JSON.stringify({ text: 'Hello there.' }),
			headers: ELEVENLABS_KEY,
		});
		expect(response.headers.get('content-type')).toBe(mime);
		expect((await decode(Buffer.from(await response.arrayBuffer()))).length / 16_000).toBeGreaterThan(0.5);
	});

	it('comes as bare samples with pcm', async () => {
		const { services } = await temporarySandbox();
		const url = `${services.elevenlabs.url}/v1/text-to-speech/${VOICE}`;
		const ask16 = { method: 'POST', body: JSON.stringify({ text: 'Hello there.' }), headers: ELEVENLABS_KEY };
		const size = async (rate: number) => (await (await fetch(`${url}?output_format=pcm_${rate}`, ask16)).arrayBuffer()).byteLength;
		expect(await size(16_000)).toBeCloseTo((await size(8000)) * 2, -2);
	});

	it('names request, cost and concurrency in headers', async () => {
		const sandbox = await temporarySandbox();
		const { headers } = await speak(sandbox, { text: 'Hello there.', model_id: 'eleven_flash_v2_5' });
		expect(headers.get('request-id')).toMatch(/^\w{20}$/);
		expect(headers.get('character-cost')).toBe('6');
		expect([headers.get('current-concurrent-requests'), headers.get('maximum-concurrent-requests')]).toEqual(['1', '20']);
		const { body } = await ask(`${sandbox.services.elevenlabs.url}/v1/user/subscription`, { headers: ELEVENLABS_KEY });
		expect(body.character_count).toBe(6);
	});
});

describe('a refusal', () => {
	it.each([
		['a voice that is gone', { text: 'Hi' }, { voice: '21m00Tcm4TlvDq8ikWAM' }, 404, 'voice_not_found'],
		['a model that is gone', { text: 'Hi', model_id: 'eleven_monolingual_v1' }, {}, 400, 'model_not_found'],
		['a setting out of range', { text: 'Hi', voice_settings: { stability: 2 } }, {}, 400, 'invalid_voice_settings'],
		['stitching on a model without it', { text: 'Hi', model_id: 'eleven_v3', previous_request_ids: ['a'] }, {}, 400, 'unsupported_model'],
		['more text than the model takes', { text: 'a '.repeat(3000), model_id: 'eleven_v3' }, {}, 400, 'max_character_limit_exceeded'],
	])('meets %s', async (_name, body, where, status, reason) => {
		const answer = await speak(await temporarySandbox(), body, where);
		expect([answer.status, answer.body.detail.status]).toEqual([status, reason]);
	});

	it('meets a missing text and an unknown format as the framework words it', async () => {
		const sandbox = await temporarySandbox();
		expect((await speak(sandbox, {})).body.detail[0]).toMatchObject({ loc: ['body', 'text'], type: 'missing' });
		const answer = await speak(sandbox, { text: 'Hi' }, { query: '?output_format=mp3_1' });
		expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['query', 'output_format']]);
	});

	it('meets more requests at a time than the plan allows', async () => {
		const sandbox = await temporarySandbox();
		sandbox.faults.setLatency('elevenlabs', 300);
		const all = await Promise.all(Array.from({ length: 11 }, () => speak(sandbox, { text: 'Hi' })));
		const refused = all.filter(({ status }) => status === 429);
		expect(refused.length).toBeGreaterThanOrEqual(1);
		expect(refused[0]?.body.detail.status).toBe('too_many_concurrent_requests');
		expect(all.filter(({ status }) => status === 200)).toHaveLength(11 - refused.length);
	});
});

describe('voices', () => {
	it('come in pages, can be searched, and lose the default ones when those are removed', async () => {
		const sandbox = await temporarySandbox();
		const list = (query: string) => ask(`${sandbox.services.elevenlabs.url}/v2/voices${query}`, { headers: ELEVENLABS_KEY });
		sandbox.clock.set(Date.parse('2026-11-22T00:00:00Z'));
		const first = (await list('?page_size=5')).body;
		const second = (await list(`?page_size=5&next_page_token=${first.next_page_token}`)).body;
		expect([first.has_more, second.has_more]).toEqual([true, false]);
		expect([...first.voices, ...second.voices]).toHaveLength(first.total_count);
		expect((await list('?search=calm')).body.voices).toMatchObject([{ name: 'Leo' }]);
		sandbox.clock.set(Date.parse('2027-01-01T00:00:00Z'));
		expect((await list('')).body.voices.every((voice: any) => voice.category !== 'premade')).toBe(true);
	});

	it('have settings', async () => {
		const { services } = await temporarySandbox();
		const { body } = await ask(`${services.elevenlabs.url}/v1/voices/${VOICE}/settings`, { headers: ELEVENLABS_KEY });
		expect(body).toMatchObject({ stability: 0.5, similarity_boost: 0.75, speed: 1 });
	});
});
