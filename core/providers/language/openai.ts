/** Language by OpenAI: Chat Completions with a strict JSON schema. */
import { isYtempireError } from '../../errors';
import type { OpenAI } from '../../vendor/openai';
import { OPENAI_ID as ID, openAiCalls, openAiRequestId } from '../openai-client';

import { malformedAnswer, parsedJson } from './answer';
import type {
	LanguageConnection,
	LanguageProvider,
	ListedModel,
	Message,
	StructuredAnswer,
	StructuredRequest,
} from './language';
import { languageModel, mostOutputTokens } from './models';

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

export function createOpenAi(connection: LanguageConnection): LanguageProvider {
	const call = openAiCalls(connection);

	async function send(body: Body, signal?: AbortSignal): Promise<StructuredAnswer> {
		const completion = await call(signal, (openai, callSignal) =>
			openai.chat.completions.create(body, { signal: callSignal }),
		);
		return answerOf(completion, body.model);
	}

	return {
		id: ID,
		sees: true,
		async complete(request) {
			const { sampling, warnings } = samplingOf(request);
			const body = bodyOf(request);
			try {
				const answer = await send({ ...body, ...sampling }, request.signal);
				return { ...answer, warnings };
			} catch (error) {
				if (!sampling || !isAboutSampling(error)) throw error;
				// The table was wrong about this model; a rejected request costs nothing
				const answer = await send(body, request.signal);
				return { ...answer, warnings: [notTaken(request.model)] };
			}
		},
		async listModels(signal) {
			const page = await call(signal, (openai, callSignal) => openai.models.list({ signal: callSignal }));
			return page.data.map(listed).sort((a, b) => a.id.localeCompare(b.id));
		},
		async shutDownOf(model, signal) {
			return listed(await call(signal, (openai, callSignal) => openai.models.retrieve(model, { signal: callSignal }))).shutDown;
		},
	};
}

function bodyOf(request: StructuredRequest): Body {
	return {
		model: request.model,
		messages: [{ role: 'system', content: request.system }, ...request.messages.map(asMessage)],
		response_format: {
			type: 'json_schema',
			json_schema: { name: request.schemaName, strict: true, schema: request.schema },
		},
		max_completion_tokens: mostOutputTokens(ID, request.model, request.maxOutputTokens),
		...(languageModel(ID, request.model)?.thinks ? { reasoning_effort: 'low' } : {}),
	};
}

function asMessage({ role, content, picture }: Message): OpenAI.ChatCompletionMessageParam {
	if (role === 'assistant' || picture === undefined) return { role, content };
	// "low": one small tile is enough to see what a picture shows, and costs least
	const url = `data:image/jpeg;base64,${picture}`;
	return { role, content: [{ type: 'text', text: content }, { type: 'image_url', image_url: { url, detail: 'low' } }] };
}

function samplingOf(request: StructuredRequest): { sampling?: Partial<Body>; warnings: string[] } {
	const { sampling, model } = request;
	if (!sampling) return { warnings: [] };
	const takes = languageModel(ID, model)?.sampling ?? 'never';
	if (takes === 'never') return { warnings: [notTaken(model)] };
	return {
		sampling: {
			temperature: sampling.temperature,
			top_p: sampling.topP,
			presence_penalty: sampling.presencePenalty,
			frequency_penalty: sampling.frequencyPenalty,
			...(takes === 'without-reasoning' ? { reasoning_effort: 'none' } : {}),
		},
		warnings: [],
	};
}

function notTaken(model: string): string {
	return `${model} is not known to take temperature, top_p and penalties: they were not sent`;
}

function isAboutSampling(error: unknown): boolean {
	return (
		isYtempireError(error) &&
		error.httpStatus === 400 &&
		(error.reason === 'unsupported_parameter' || error.reason === 'unsupported_value')
	);
}

function answerOf(completion: OpenAI.ChatCompletion, asked: string): StructuredAnswer {
	const choice = completion.choices?.[0];
	if (!choice?.message) throw malformedAnswer(ID);
	const text = choice.message.content ?? '';
	const filtered = choice.finish_reason === 'content_filter';
	const input = completion.usage?.prompt_tokens ?? 0;
	const cached = Math.min(input, completion.usage?.prompt_tokens_details?.cached_tokens ?? 0);
	return {
		value: parsedJson(text),
		text,
		refusal: choice.message.refusal ?? (filtered ? 'the content filter stopped the answer' : undefined),
		cutOff: choice.finish_reason === 'length',
		isUsageUntold: !completion.usage,
		usage: {
			inputTokens: input - cached,
			cachedInputTokens: cached,
			outputTokens: completion.usage?.completion_tokens ?? 0,
		},
		model: completion.model || asked,
		requestId: openAiRequestId(completion),
		warnings: [],
	};
}

/** A compatible server may leave the date out, or give a time with it. */
function listed({ id, shutdown_date: date }: OpenAI.Model): ListedModel {
	const day = typeof date === 'string' ? /^\d{4}-\d{2}-\d{2}/.exec(date)?.[0] : undefined;
	return day === undefined ? { id } : { id, shutDown: day };
}
