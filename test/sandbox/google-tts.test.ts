/** Google Cloud Text-to-Speech's stand-in: marks with times, limits in bytes, keys and tokens. */
import { describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';

const KEY = { 'x-goog-api-key': KEYS.googleTts.apiKey };

function synthesize({ services }: Sandbox, body: object, version = 'v1beta1', headers: Record<string, string> = KEY) {
	return ask(`${services['google-tts'].url}/${version}/text:synthesize`, { json: body, headers });
}

function request(input: object, name = 'en-US-Neural2-F') {
	return {
		input,
		voice: { languageCode: 'en-US', name },
		audioConfig: { audioEncoding: 'OGG_OPUS' },
	};
}

const SSML = { ssml: '<speak><mark name="0"/>The sea &amp; <mark name="1"/>salt.</speak>' };

describe('speech', () => {
	it('has the times of its marks, and bills all but these', async () => {
		const sandbox = await temporarySandbox();
		const { status, body } = await synthesize(sandbox, { ...request(SSML), enableTimePointing: ['SSML_MARK'] });
		expect(status).toBe(200);
		const [first, second] = body.timepoints;
		expect([first.markName, second.markName]).toEqual(['0', '1']);
		expect(second.timeSeconds).toBeGreaterThan(Number(first.timeSeconds) + 0.3);
		const { billed } = sandbox.state('google-tts') as { billed: object[] };
		expect(billed).toEqual([expect.objectContaining({ model: 'neural2', units: { characters: 34 } })]);
	});

	it.each([
		['of 5,001 bytes', request({ text: 'ü'.repeat(2501) }), 'longer than the limit of 5000 bytes'],
		['of SSML by a voice that reads none', request(SSML, 'en-US-Chirp3-HD-Kore'), 'does not support SSML'],
		['of broken SSML', request({ ssml: '<speak>a & b</speak>' }), 'Invalid SSML'],
		['by a voice that is gone', request(SSML, 'en-US-Gone-A'), 'does not exist'],
	])('%s is refused', async (_name, body, words) => {
		const answer = await synthesize(await temporarySandbox(), body);
		expect(answer).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
		expect(answer.body.error.message).toContain(words);
	});

	it('without marks is all that v1 knows', async () => {
		const sandbox = await temporarySandbox();
		expect((await synthesize(sandbox, request({ text: 'Hi' }), 'v1')).status).toBe(200);
		expect((await synthesize(sandbox, { ...request(SSML), enableTimePointing: ['SSML_MARK'] }, 'v1')).status).toBe(400);
	});
});

it('tells a wrong key, none and an old token apart', async () => {
	const sandbox = await temporarySandbox();
	const of = async (headers: Record<string, string>) => (await synthesize(sandbox, request(SSML), 'v1', headers)).body.error;
	expect(await of({ 'x-goog-api-key': 'wrong' })).toMatchObject({ code: 400, details: [{ reason: 'API_KEY_INVALID' }] });
	expect(await of({})).toMatchObject({ code: 403, status: 'PERMISSION_DENIED' });
	expect(await of({ authorization: 'Bearer old' })).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
});

it('lists voices by language', async () => {
	const { services } = await temporarySandbox();
	const { body } = await ask(`${services['google-tts'].url}/v1/voices?languageCode=de`, { headers: KEY });
	expect(body.voices.every(({ languageCodes }: { languageCodes: string[] }) => languageCodes[0] === 'de-DE')).toBe(true);
	expect(new Set(body.voices.map(({ ssmlGender }: { ssmlGender: string }) => ssmlGender))).toEqual(new Set(['FEMALE', 'MALE']));
});
