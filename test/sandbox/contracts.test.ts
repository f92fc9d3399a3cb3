/** What the sandbox answers, and the requests of these tests, keep to the providers' published contracts. */
import { expect, it } from 'vitest';

import { contractFor, describeContracts } from '../support/contracts';
import { ask } from '../support/http';
import { temporarySandbox } from '../support/sandbox';
import {
	chat, chatBody, ELEVENLABS_KEY, MAIL, OPENAI_KEY, responses, responsesBody, sendMail, speak, VOICE,
} from './requests';

describeContracts('OpenAI’s contract', ['openai'], () => {
	const contract = () => contractFor('openai');

	it('holds for chat completions', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await chat(sandbox, chatBody('bees', 20));
		contract().response('POST', '/v1/chat/completions', 200)(body);
		contract().recorded(sandbox.recorder.list()[0]!);
	});

	it('holds for responses', async () => {
		const sandbox = await temporarySandbox();
		const { body } = await responses(sandbox, responsesBody('bees', 20));
		contract().response('POST', '/v1/responses', 200)(body);
		contract().recorded(sandbox.recorder.list()[0]!);
	});

	it('holds for models and for errors', async () => {
		const sandbox = await temporarySandbox();
		const models = await ask(`${sandbox.services.openai.url}/v1/models`, { headers: OPENAI_KEY });
		contract().response('GET', '/v1/models', 200)(models.body);
		sandbox.faults.add({ service: 'openai', kind: 'status', status: 429 });
		const refused = await chat(sandbox, chatBody('bees', 20));
		contract().response('POST', '/v1/chat/completions', 429)(refused.body);
	});

	it('finds a wrong name, a missing field and a wrong type', () => {
		const check = contract().request('POST', '/v1/chat/completions');
		expect(() => check({ ...chatBody('bees'), topic: 'bees' })).toThrow(/unevaluated properties \(topic\)/);
		expect(() => check({ model: 'gpt-6-luna' })).toThrow(/'messages'/);
		expect(() => check({ ...chatBody('bees'), temperature: 'hot' })).toThrow(/\/temperature must be number/);
	});
});

describeContracts('ElevenLabs’ contract', ['elevenlabs'], () => {
	const contract = () => contractFor('elevenlabs');

	it('holds for speech with timestamps', async () => {
		const sandbox = await temporarySandbox();
		const body = { text: 'Hi', model_id: 'eleven_multilingual_v2', voice_settings: { stability: 0.5 }, previous_text: 'Before.' };
		const answer = await speak(sandbox, body, { query: '?output_format=mp3_22050_32' });
		const path = `/v1/text-to-speech/${VOICE}/with-timestamps`;
		contract().response('POST', path, 200)(answer.body);
		contract().recorded(sandbox.recorder.list()[0]!);
		contract().response('POST', path, 422)((await speak(sandbox, {})).body);
	});

	it.each(['/v2/voices', '/v1/voices', `/v1/voices/${VOICE}`, `/v1/voices/${VOICE}/settings`, '/v1/models', '/v1/user/subscription'])(
		'holds for %s',
		async (path) => {
			const { services } = await temporarySandbox();
			const { body } = await ask(`${services.elevenlabs.url}${path}`, { headers: ELEVENLABS_KEY });
			contract().response('GET', path, 200)(body);
		},
	);

	it('finds a format that does not exist', () => {
		const record = { method: 'POST', path: `/v1/text-to-speech/${VOICE}`, query: { output_format: 'mp3_1' }, body: { text: 'Hi' } };
		expect(() => contract().recorded(record)).toThrow(/must be equal to one of the allowed values/);
		expect(() => contract().recorded({ ...record, query: { format: 'mp3' } })).toThrow(/no query parameter format/);
	});
});

describeContracts('SendGrid’s contract', ['sendgrid'], () => {
	const contract = () => contractFor('sendgrid');

	it('holds for mails and their refusal', async () => {
		const sandbox = await temporarySandbox();
		const sent = await sendMail(sandbox, MAIL);
		contract().response('POST', '/v3/mail/send', 202)(sent.body);
		contract().recorded(sandbox.recorder.list()[0]!);
		const refused = await sendMail(sandbox, { ...MAIL, subject: '' });
		contract().response('POST', '/v3/mail/send', 400)(refused.body);
	});

	it('finds a recipient without an address', () => {
		const check = contract().request('POST', '/v3/mail/send');
		expect(() => check({ ...MAIL, personalizations: [{ to: [{ name: 'x' }] }] })).toThrow(/'email'/);
	});
});
