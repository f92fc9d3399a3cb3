/** Requests as a careful client would send them, one for each paid call of the sandbox. */
import type { Sandbox } from '../../sandbox/server';
import { ask, type Answer } from '../support/http';

export const SCRIPT_SCHEMA = {
	type: 'object',
	properties: {
		title: { type: 'string' },
		description: { type: 'string' },
		tags: { type: 'array', items: { type: 'string' } },
		language: { type: 'string' },
		scenes: {
			type: 'array',
			items: {
				type: 'object',
				properties: {
					id: { type: 'string' },
					narration: { type: 'string' },
					visual_query: { type: 'string' },
					on_screen_text: { type: 'string' },
				},
				required: ['id', 'narration', 'visual_query', 'on_screen_text'],
				additionalProperties: false,
			},
		},
	},
	required: ['title', 'description', 'tags', 'language', 'scenes'],
	additionalProperties: false,
};

export const OPENAI_KEY = { authorization: 'Bearer sandbox-openai-key' };
export const ELEVENLABS_KEY = { 'xi-api-key': 'sandbox-elevenlabs-key' };
export const SENDGRID_KEY = { authorization: 'Bearer SG.sandbox-sendgrid-key' };
export const MIXPANEL_KEY = { authorization: `Basic ${Buffer.from('sandbox-mixpanel-token:').toString('base64')}` };

export const VOICE = 'sandboxVoiceAva00001';

export function chatBody(topic: string, duration = 30, more: object = {}) {
	return {
		model: 'gpt-6-luna',
		messages: [
			{ role: 'system', content: 'You write scripts for videos.' },
			{ role: 'user', content: JSON.stringify({ topic, style: 'casual', duration }) },
		],
		response_format: { type: 'json_schema', json_schema: { name: 'script', strict: true, schema: SCRIPT_SCHEMA } },
		...more,
	};
}

export function chat(sandbox: Sandbox, body: object): Promise<Answer> {
	return ask(`${sandbox.services.openai.url}/v1/chat/completions`, { json: body, headers: OPENAI_KEY });
}

export function responsesBody(topic: string, duration = 30, more: object = {}) {
	return {
		model: 'gpt-6-luna',
		instructions: 'You write scripts for videos.',
		input: [{ role: 'user', content: [{ type: 'input_text', text: `Topic: ${topic}\nStyle: calm\nDuration: ${duration} seconds` }] }],
		text: { format: { type: 'json_schema', name: 'script', strict: true, schema: SCRIPT_SCHEMA } },
		...more,
	};
}

export function responses(sandbox: Sandbox, body: object): Promise<Answer> {
	return ask(`${sandbox.services.openai.url}/v1/responses`, { json: body, headers: OPENAI_KEY });
}

export function speak(sandbox: Sandbox, body: object, { voice = VOICE, path = '/with-timestamps', query = '' } = {}): Promise<Answer> {
	return ask(`${sandbox.services.elevenlabs.url}/v1/text-to-speech/${voice}${path}${query}`, { json: body, headers: ELEVENLABS_KEY });
}

export const MAIL = {
	personalizations: [{ to: [{ email: 'operator@example.com', name: 'Operator' }], custom_args: { job: 'v1' } }],
	from: { email: 'factory@example.com', name: 'Video factory' },
	subject: 'Your video is ready',
	content: [
		{ type: 'text/plain', value: 'It is ready.' },
		{ type: 'text/html', value: '<p>It is <b>ready</b>.</p>' },
	],
	categories: ['video-completed'],
};

export function sendMail(sandbox: Sandbox, body: object): Promise<Answer> {
	return ask(`${sandbox.services.sendgrid.url}/v3/mail/send`, { json: body, headers: SENDGRID_KEY });
}

export function event(insertId: string, more: object = {}) {
	return {
		event: 'Video Generated',
		properties: { time: 1_790_000_000, distinct_id: 'channel-1', $insert_id: insertId, cost_usd: 0.12, ...more },
	};
}

export function importEvents(sandbox: Sandbox, events: unknown, query = '?strict=1'): Promise<Answer> {
	return ask(`${sandbox.services.mixpanel.url}/import${query}`, { json: events, headers: MIXPANEL_KEY });
}
