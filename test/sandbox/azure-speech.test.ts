/** Azure Speech's stand-in: its headers, its strict SSML, its bare errors. */
import { describe, expect, it } from 'vitest';

import { KEYS } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { temporarySandbox } from '../support/sandbox';

const HEADERS = {
	'ocp-apim-subscription-key': KEYS.azureSpeech.apiKey,
	'content-type': 'application/ssml+xml',
	'x-microsoft-outputformat': 'audio-24khz-48kbitrate-mono-mp3',
	'user-agent': 'test',
};

function ssml(text: string, voice = 'de-DE-KatjaNeural'): string {
	return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="de-DE"><voice name="${voice}">${text}</voice></speak>`;
}

async function speak({ services }: Sandbox, body: string, headers: Record<string, string> = {}) {
	const answer = await fetch(`${services['azure-speech'].url}/cognitiveservices/v1`, {
		method: 'POST',
		headers: { ...HEADERS, ...headers },
		body,
	});
	return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe('speech', () => {
	it('is sound of the wanted format, billed by the character, Chinese ones twice', async () => {
		const sandbox = await temporarySandbox();
		const { status, type, bytes } = await speak(sandbox, ssml('Salz &amp; Meer'));
		expect({ status, type }).toEqual({ status: 200, type: 'audio/mpeg' });
		expect(bytes.length).toBeGreaterThan(2000);
		await speak(sandbox, ssml('海 a', 'zh-CN-XiaoxiaoNeural'));
		const { billed } = sandbox.state('azure-speech') as { billed: Array<{ model: string; units: object }> };
		expect(billed.map(({ model, units }) => ({ model, units }))).toEqual([
			{ model: 'neural', units: { characters: 11 } },
			{ model: 'neural', units: { characters: 4 } },
		]);
	});

	it('of nothing that can be spoken is an empty answer', async () => {
		const { status, bytes } = await speak(await temporarySandbox(), ssml('…'));
		expect({ status, length: bytes.length }).toEqual({ status: 200, length: 0 });
	});
});

describe('a mistake', () => {
	it.each([
		['an ampersand', ssml('Salz & Meer')],
		['an open tag', ssml('a <b')],
		['a foreign element', ssml('<script>a</script>')],
		['text beside the voice', ssml('a').replace('<voice', 'x<voice')],
		['a control character', ssml('a\u0007b')],
		['an unknown entity', ssml('a&nbsp;b')],
		['a voice that is gone', ssml('a', 'de-DE-GoneNeural')],
		['no voice', '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="de-DE">a</speak>'],
		['an element not closed', ssml('<p>a')],
		['plain text', 'hello'],
	])('(%s) is 400 with a text', async (_name, body) => {
		const sandbox = await temporarySandbox();
		const answer = await speak(sandbox, body);
		expect(answer.status).toBe(400);
		expect(answer.bytes.toString('utf8')).not.toBe('');
		expect(sandbox.state('azure-speech')).toEqual({ billed: [] });
	});

	it('in the headers is refused', async () => {
		const sandbox = await temporarySandbox();
		expect((await speak(sandbox, ssml('a'), { 'content-type': 'text/plain' })).status).toBe(415);
		expect((await speak(sandbox, ssml('a'), { 'x-microsoft-outputformat': 'mp3' })).status).toBe(400);
		expect((await speak(sandbox, ssml('a'), { 'user-agent': 'x'.repeat(300) })).status).toBe(400);
		expect((await speak(sandbox, ssml('a'), { 'ocp-apim-subscription-key': 'wrong' })).status).toBe(401);
	});
});
