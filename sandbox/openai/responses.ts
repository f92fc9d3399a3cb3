/** POST /v1/responses. */
import { bill, billedBy } from '../billed';
import type { Handler, ServiceContext } from '../service';
import { answer, textOf } from '../writer/answer';
import { asObject, type Body, checkSampling, effortOf, findModel, readFormat, refuseUnknown } from './checks';
import { badRequest } from './errors';

/** Of `CreateResponse`, 2026-08-21. */
const KNOWN = (
	'metadata top_logprobs temperature top_p user safety_identifier prompt_cache_key prompt_cache_retention prompt_cache_options ' +
	'previous_response_id model background max_tool_calls text tools tool_choice prompt service_tier truncation reasoning input include ' +
	'parallel_tool_calls store instructions moderation stream stream_options conversation context_management max_output_tokens'
).split(' ');

export function responses(context: ServiceContext): Handler {
	return async (request) => {
		const body = asObject(await request.json());
		refuseUnknown(body, KNOWN);
		const model = findModel(body.model, context.clock.now());
		if (body.stream === true) throw badRequest('unsupported_value', 'The sandbox does not stream.', 'stream');
		const effort = effortOf(asObject(body.reasoning ?? {}).effort, model, 'reasoning.effort');
		checkSampling(body, model, effort);
		const wanted = asObject(asObject(body.text ?? {}).format ?? {});
		const format = readFormat(wanted.type, wanted, 'text.format');

		const { whole, prompt, last } = readInput(body);
		const maxTokens = (body.max_output_tokens ?? undefined) as number | undefined;
		const given = answer({ whole, prompt, last, format, effort, maxTokens, fault: request.fault }, context.random(`script:${prompt}`));
		const number = billedBy(context).size + 1;
		const id = `resp_${context.random(`response:${number}`).id(48, '0123456789abcdef')}`;
		bill(context, { id, model: model.id, units: { input_tokens: given.tokens.input, output_tokens: given.tokens.output } });
		const now = Math.floor(context.clock.now() / 1000);
		return {
			status: 200,
			body: {
				id,
				object: 'response',
				created_at: now,
				status: given.cut ? 'incomplete' : 'completed',
				completed_at: given.cut ? null : now,
				error: null,
				incomplete_details: given.cut ? { reason: 'max_output_tokens' } : null,
				instructions: body.instructions ?? null,
				max_output_tokens: body.max_output_tokens ?? null,
				model: model.id,
				output: [
					{
						type: 'message',
						id: `msg_${context.random(`message:${number}`).id(48, '0123456789abcdef')}`,
						status: given.cut ? 'incomplete' : 'completed',
						role: 'assistant',
						content: [{ type: 'output_text', text: given.text, annotations: [], logprobs: [] }],
					},
				],
				parallel_tool_calls: body.parallel_tool_calls ?? true,
				previous_response_id: body.previous_response_id ?? null,
				reasoning: { effort: model.reasons ? effort : null, summary: null },
				service_tier: 'default',
				store: body.store ?? true,
				temperature: body.temperature ?? 1,
				text: { format: wanted.type === undefined ? { type: 'text' } : wanted },
				tool_choice: body.tool_choice ?? 'auto',
				tools: body.tools ?? [],
				top_p: body.top_p ?? 1,
				truncation: body.truncation ?? 'disabled',
				usage: {
					input_tokens: given.tokens.input,
					input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
					output_tokens: given.tokens.output,
					output_tokens_details: { reasoning_tokens: given.tokens.reasoning },
					total_tokens: given.tokens.input + given.tokens.output,
				},
				metadata: body.metadata ?? {},
			},
		};
	};
}

function readInput({ input, instructions }: Body): { whole: string; prompt: string; last: string } {
	if (typeof input === 'string') return { whole: [instructions, input].filter(Boolean).join('\n'), prompt: input, last: input };
	if (!Array.isArray(input)) throw badRequest('missing_required_parameter', "Missing required parameter: 'input'.", 'input');
	const items = input.map(asObject).map(({ role, content }) => ({ role, text: textOf(content) }));
	return {
		whole: [instructions, ...items.map(({ text }) => text)].filter(Boolean).join('\n'),
		prompt: items.filter(({ role }) => role === 'user').map(({ text }) => text).join('\n'),
		last: items.at(-1)?.text ?? '',
	};
}
