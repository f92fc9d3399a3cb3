/** POST /v1/messages. */
import { bill, billedBy } from '../billed';
import { RefusedRequest, type Handler, type ServiceContext } from '../service';
import { answer, textOf } from '../writer/answer';
import type { Format, JsonSchema } from '../writer/schema';

import { badRequest } from './errors';
import { liveModels, type Model } from './models';
import { schemaProblem } from './schema';

type Body = Record<string, unknown>;

/** Of `CreateMessageParams`, 2026-05-06. */
const KNOWN =
	'model messages cache_control container inference_geo max_tokens metadata output_config service_tier stop_sequences stream system temperature thinking tool_choice tools top_k top_p'.split(' ');

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

export function messages(context: ServiceContext): Handler {
	return async (request) => {
		if (request.header('anthropic-version') === undefined) throw badRequest('anthropic-version: header is required');
		const body = asObject(await request.json(), 'body');
		const unknown = Object.keys(body).find((name) => !KNOWN.includes(name));
		if (unknown !== undefined) throw badRequest(`${unknown}: Extra inputs are not permitted`);
		const model = findModel(body.model, context.clock.now());
		const maxTokens = tokensOf(body, model);
		if (body.stream === true) throw badRequest('stream: The sandbox does not stream.');
		checkSampling(body, model);
		const config = asObject(body.output_config ?? {}, 'output_config');
		const effort = effortOf(config.effort, model);
		const format = formatOf(config.format);

		const turns = readTurns(body.messages);
		const prompt = turns.flatMap(({ role, text }) => (role === 'user' ? [text] : [])).join('\n');
		const whole = [textOf(body.system), ...turns.map(({ text }) => text)].join('\n');
		const last = turns.at(-1)?.text ?? '';
		const given = answer({ whole, prompt, last, format, effort, maxTokens, fault: request.fault }, context.random(`script:${prompt}`));
		const id = `msg_${context.random(`message:${billedBy(context).size + 1}`).id(24)}`;
		bill(context, {
			id,
			model: model.id,
			units: { input_tokens: given.tokens.input, output_tokens: given.tokens.output },
		});
		return {
			status: 200,
			body: {
				id,
				type: 'message',
				role: 'assistant',
				model: model.id,
				content: [
					...(given.tokens.reasoning > 0 ? [{ type: 'thinking', thinking: '', signature: 'c2FuZGJveA==' }] : []),
					{ type: 'text', text: given.text, citations: null },
				],
				stop_reason: given.refused ? 'refusal' : given.cut ? 'max_tokens' : 'end_turn',
				stop_sequence: null,
				stop_details: given.refused ? { type: 'refusal', category: null, explanation: given.text } : null,
				container: null,
				usage: {
					input_tokens: given.tokens.input,
					output_tokens: given.tokens.output,
					cache_creation: null,
					cache_creation_input_tokens: 0,
					cache_read_input_tokens: 0,
					inference_geo: null,
					server_tool_use: null,
					service_tier: 'standard',
				},
			},
		};
	};
}

function asObject(value: unknown, name: string): Body {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
	throw badRequest(`${name}: Input should be a valid dictionary`);
}

function findModel(id: unknown, now: number): Model {
	if (typeof id !== 'string') throw badRequest('model: Field required');
	const model = liveModels(now).find((one) => one.id === id);
	if (!model) throw new RefusedRequest(404, 'not_found_error', `model: ${id}`);
	return model;
}

function tokensOf({ max_tokens: tokens }: Body, model: Model): number {
	if (tokens === undefined) throw badRequest('max_tokens: Field required');
	if (typeof tokens !== 'number' || !Number.isInteger(tokens)) throw badRequest('max_tokens: Input should be a valid integer');
	if (tokens > model.maxOutput) {
		throw badRequest(`max_tokens: ${tokens} > ${model.maxOutput}, which is the maximum allowed number of output tokens for ${model.id}`);
	}
	return tokens;
}

function checkSampling(body: Body, model: Model): void {
	const asked = ['temperature', 'top_p', 'top_k'].filter((name) => body[name] !== undefined);
	for (const name of asked) {
		if (!model.samples) throw badRequest(`${name}: ${model.id} does not support setting ${name}`);
		const value = body[name];
		if (name !== 'top_k' && !(typeof value === 'number' && value >= 0 && value <= 1)) {
			throw badRequest(`${name}: range: 0..1`);
		}
	}
	if (asked.includes('temperature') && asked.includes('top_p')) {
		throw badRequest('`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
	}
}

function effortOf(asked: unknown, model: Model): string {
	if (asked === undefined || asked === null) return model.thinks ? 'high' : 'none';
	if (typeof asked !== 'string' || !EFFORTS.includes(asked)) throw badRequest('output_config.effort: Input should be low, medium, high, xhigh or max');
	if (!model.thinks) throw badRequest(`output_config.effort: ${model.id} does not support effort`);
	return asked;
}

function formatOf(asked: unknown): Format {
	if (asked === undefined || asked === null) return { kind: 'text' };
	const format = asObject(asked, 'output_config.format');
	if (format.type !== 'json_schema') throw badRequest("output_config.format.type: Input should be 'json_schema'");
	const schema = asObject(format.schema, 'output_config.format.schema') as JsonSchema;
	const problem = schemaProblem(schema);
	if (problem) throw badRequest(`output_config.format.schema: ${problem}`);
	return { kind: 'json', schema };
}

function readTurns(asked: unknown): Array<{ role: string; text: string }> {
	if (!Array.isArray(asked) || asked.length === 0) throw badRequest('messages: at least one message is required');
	const turns = asked.map((one, index) => {
		const { role, content } = asObject(one, `messages.${index}`);
		if (role !== 'user' && role !== 'assistant') {
			throw badRequest(`messages.${index}.role: Input should be 'user' or 'assistant'`);
		}
		const text = textOf(content);
		if (text.trim() === '') throw badRequest(`messages.${index}: text content blocks must be non-empty`);
		return { role, text };
	});
	if (turns[0]?.role !== 'user') throw badRequest('messages: first message must use the "user" role');
	if (turns.at(-1)?.role !== 'user') {
		throw badRequest('This model does not support assistant message prefill. The conversation must end with a user message.');
	}
	return turns;
}
