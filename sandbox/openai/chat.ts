/** POST /v1/chat/completions. */
import { bill, billedBy } from '../billed';
import type { Handler, ServiceContext } from '../service';
import { answer, textOf } from '../writer/answer';
import { asObject, type Body, checkSampling, effortOf, findModel, readFormat, refuseUnknown } from './checks';
import { badRequest } from './errors';

/** Of `CreateChatCompletionRequest`, 2026-08-21. */
const KNOWN = (
	'metadata top_logprobs temperature top_p user safety_identifier prompt_cache_key prompt_cache_retention prompt_cache_options messages model ' +
	'service_tier modalities verbosity reasoning_effort max_completion_tokens frequency_penalty presence_penalty web_search_options response_format ' +
	'audio store moderation stream stop logit_bias logprobs max_tokens n prediction seed stream_options tools tool_choice parallel_tool_calls ' +
	'function_call functions'
).split(' ');

export function chatCompletions(context: ServiceContext): Handler {
	return async (request) => {
		const body = asObject(await request.json());
		refuseUnknown(body, KNOWN);
		const model = findModel(body.model, context.clock.now());
		const messages = readMessages(body);
		if (body.stream === true) throw badRequest('unsupported_value', 'The sandbox does not stream.', 'stream');
		if (model.reasons && body.max_tokens !== undefined && body.max_tokens !== null) {
			throw badRequest(
				'unsupported_parameter',
				"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
				'max_tokens',
			);
		}
		const effort = effortOf(body.reasoning_effort, model, 'reasoning_effort');
		checkSampling(body, model, effort);
		const asked = asObject(body.response_format ?? {});
		const format = readFormat(asked.type, asObject(asked.json_schema ?? {}), 'response_format');

		const said = messages.map(({ content }) => textOf(content));
		const prompt = messages.flatMap(({ role }, index) => (role === 'user' ? [said[index] ?? ''] : [])).join('\n');
		const last = said.at(-1) ?? '';
		const maxTokens = (body.max_completion_tokens ?? body.max_tokens ?? undefined) as number | undefined;
		const given = answer({ whole: said.join('\n'), prompt, last, format, effort, maxTokens, fault: request.fault }, context.random(`script:${prompt}`));
		const id = `chatcmpl-${context.random(`chat:${billedBy(context).size + 1}`).id(29)}`;
		bill(context, { id, model: model.id, units: { input_tokens: given.tokens.input, output_tokens: given.tokens.output } });
		return {
			status: 200,
			body: {
				id,
				object: 'chat.completion',
				created: Math.floor(context.clock.now() / 1000),
				model: model.id,
				choices: [
					{
						index: 0,
						message: {
							role: 'assistant',
							content: given.refused ? null : given.text,
							refusal: given.refused ? given.text : null,
							annotations: [],
						},
						logprobs: null,
						finish_reason: given.cut ? 'length' : 'stop',
					},
				],
				usage: {
					prompt_tokens: given.tokens.input,
					completion_tokens: given.tokens.output,
					total_tokens: given.tokens.input + given.tokens.output,
					prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
					completion_tokens_details: {
						reasoning_tokens: given.tokens.reasoning,
						audio_tokens: 0,
						accepted_prediction_tokens: 0,
						rejected_prediction_tokens: 0,
					},
				},
				service_tier: 'default',
			},
		};
	};
}

function readMessages(body: Body): Body[] {
	const { messages } = body;
	if (!Array.isArray(messages)) {
		throw badRequest('missing_required_parameter', "Missing required parameter: 'messages'.", 'messages');
	}
	if (messages.length === 0) {
		throw badRequest('empty_array', "Invalid 'messages': empty array. Expected an array with minimum length 1.", 'messages');
	}
	return messages.map(asObject);
}
