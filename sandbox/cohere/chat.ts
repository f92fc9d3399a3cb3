/** POST /v2/chat. */
import { bill, billedBy } from '../billed';
import { RefusedRequest, type Handler, type ServiceContext } from '../service';
import { answer, textOf } from '../writer/answer';
import type { Format, JsonSchema } from '../writer/schema';

import { badRequest } from './errors';
import { MODELS, type Model } from './models';

type Body = Record<string, unknown>;

/** Of the specification of 2026-08-20. */
const KNOWN =
	'stream model messages tools strict_tools documents citation_options response_format safety_mode max_tokens stop_sequences temperature seed frequency_penalty presence_penalty k p logprobs tool_choice thinking priority'.split(' ');

const RANGES: Record<string, [number, number]> = {
	temperature: [0, 1],
	p: [0.01, 0.99],
	frequency_penalty: [0, 1],
	presence_penalty: [0, 1],
};

const ROLES = ['system', 'user', 'assistant', 'tool'];

export function chat(context: ServiceContext): Handler {
	return async (request) => {
		const body = asObject(await request.json(), 'request body');
		const unknown = Object.keys(body).find((name) => !KNOWN.includes(name));
		if (unknown !== undefined) throw new RefusedRequest(422, 'invalid_request', `unknown field: parameter '${unknown}' is not a valid field`);
		const model = findModel(body.model);
		if (body.stream === true) throw badRequest('the sandbox does not stream');
		checkSampling(body);
		const turns = readTurns(body.messages);
		const format = formatOf(body.response_format);
		const asked = body.max_tokens === undefined ? Infinity : Number(body.max_tokens);
		if (!(asked >= 0)) throw badRequest('max_tokens must be a positive integer');

		const prompt = turns.flatMap(({ role, text }) => (role === 'user' ? [text] : [])).join('\n');
		const whole = turns.map(({ text }) => text).join('\n');
		const last = turns.at(-1)?.text ?? '';
		const maxTokens = Math.min(asked, model.maxOutput);
		const given = answer({ whole, prompt, last, format, effort: 'none', maxTokens, fault: request.fault }, context.random(`script:${prompt}`));
		const id = uuid(context.random(`chat:${billedBy(context).size + 1}`).id(32, '0123456789abcdef'));
		const units = { input_tokens: given.tokens.input, output_tokens: given.tokens.output };
		bill(context, { id, model: model.name, units });
		return {
			status: 200,
			body: {
				id,
				finish_reason: given.cut ? 'MAX_TOKENS' : 'COMPLETE',
				message: { role: 'assistant', content: [{ type: 'text', text: given.text }] },
				// The tokens of Cohere's own preamble are used and not billed
				usage: { billed_units: units, tokens: { ...units, input_tokens: units.input_tokens + 64 } },
			},
		};
	};
}

function asObject(value: unknown, name: string): Body {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
	throw badRequest(`invalid type: ${name} must be an object`);
}

function findModel(name: unknown): Model {
	if (typeof name !== 'string') throw badRequest('model is required');
	const model = MODELS.find((one) => one.name === name);
	if (!model) throw new RefusedRequest(404, 'model_not_found', `model '${name}' not found, make sure the correct model ID was used and that you have access to the model.`);
	if (model.removed) {
		throw new RefusedRequest(404, 'model_not_found', `model '${name}' was removed on September 15, 2025. See https://docs.cohere.com/docs/models for the list of available models.`);
	}
	return model;
}

function checkSampling(body: Body): void {
	for (const [name, [least, most]] of Object.entries(RANGES)) {
		const value = body[name];
		if (value !== undefined && !(typeof value === 'number' && value >= least && value <= most)) {
			throw badRequest(`${name} must be between ${least} and ${most} inclusive.`);
		}
	}
}

function readTurns(asked: unknown): Array<{ role: string; text: string }> {
	if (!Array.isArray(asked) || asked.length === 0) throw badRequest('messages is required and must not be empty');
	return asked.map((one) => {
		const { role, content } = asObject(one, 'message');
		if (!ROLES.includes(String(role))) throw badRequest('message role must be one of system, user, assistant, tool');
		return { role: String(role), text: textOf(content) };
	});
}

function formatOf(asked: unknown): Format {
	if (asked === undefined) return { kind: 'text' };
	const format = asObject(asked, 'response_format');
	if (format.type === 'text') return { kind: 'text' };
	if (format.type !== 'json_object') throw badRequest('response_format.type must be one of text, json_object');
	if (format.json_schema === undefined) return { kind: 'json' };
	const schema = asObject(format.json_schema, 'response_format.json_schema') as JsonSchema;
	const problem = schemaProblem(schema);
	if (problem) throw badRequest(`invalid response_format.json_schema: ${problem}`);
	return { kind: 'json', schema };
}

/** The top level is an object, and every object has a required field. */
function schemaProblem(schema: JsonSchema, top = true): string | undefined {
	if (top && schema.type !== 'object') return 'the top level must be an object';
	if (schema.type === 'object' && !(schema.required && schema.required.length > 0)) {
		return 'every object must have at least one required field';
	}
	const inner = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])];
	return inner.map((one) => schemaProblem(one, false)).find((problem) => problem !== undefined);
}

function uuid(hex: string): string {
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
