/** Language by Cohere: Chat v2 with a JSON schema, over plain HTTP. */
import { YtempireError } from '../../errors';
import { httpRequest } from '../../http';
import { z } from '../../vendor/zod';

import { malformedAnswer, parsedJson } from './answer';
import { readVerdict } from './cohere-errors';
import type {
	LanguageConnection,
	LanguageProvider,
	StructuredAnswer,
	StructuredRequest,
} from './language';
import { languageModel, mostOutputTokens } from './models';

const ID = 'cohere';

export const COHERE_BASE_URL = 'https://api.cohere.com';

const DEFAULT_TIMEOUT_MS = 180_000;
const LIST_TIMEOUT_MS = 30_000;
const MOST_MODELS = 1000;

const tokens = z.object({ input_tokens: z.number().nonnegative().nullish(), output_tokens: z.number().nonnegative().nullish() });

const chat = z.object({
	id: z.string().nullish(),
	finish_reason: z.string(),
	message: z.object({ content: z.array(z.object({ type: z.string(), text: z.string().nullish() })).nullish() }),
	usage: z.object({ billed_units: tokens.nullish(), tokens: tokens.nullish() }).nullish(),
});

const modelList = z.object({
	models: z.array(z.object({ name: z.string().nullish(), is_deprecated: z.boolean().nullish() })),
});

export function createCohere(connection: LanguageConnection): LanguageProvider {
	const { apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	const baseUrl = (connection.baseUrl || COHERE_BASE_URL).replace(/\/+$/, '');
	const common = {
		headers: { authorization: `Bearer ${apiKey}`, 'x-client-name': 'ytempire' },
		provider: ID,
		readVerdict,
	};

	return {
		id: ID,
		async complete(request) {
			const { sampling, warnings } = samplingOf(request);
			const answer = await httpRequest({
				...common,
				method: 'POST',
				url: `${baseUrl}/v2/chat`,
				body: { ...bodyOf(request), ...sampling },
				timeoutMs,
				signal: request.signal,
			});
			const parsed = chat.safeParse(answer.body);
			if (!parsed.success) throw malformedAnswer(ID, answer.requestId);
			return { ...answerOf(parsed.data, request.model), warnings };
		},
		async listModels(signal) {
			const answer = await httpRequest({
				...common,
				method: 'GET',
				url: `${baseUrl}/v1/models`,
				query: { endpoint: 'chat', page_size: MOST_MODELS },
				timeoutMs: LIST_TIMEOUT_MS,
				signal,
			});
			const parsed = modelList.safeParse(answer.body);
			if (!parsed.success) throw malformedAnswer(ID, answer.requestId);
			return parsed.data.models
				.flatMap(({ name, is_deprecated: deprecated }) => (name && !deprecated ? [{ id: name }] : []))
				.sort((a, b) => a.id.localeCompare(b.id));
		},
	};
}

function bodyOf(request: StructuredRequest) {
	return {
		model: request.model,
		// Without being told in words, a model in JSON mode may never end (docs.cohere.com, structured outputs)
		messages: [
			{ role: 'system', content: `${request.system}\nGenerate one JSON object that follows the given schema.` },
			...request.messages,
		],
		max_tokens: mostOutputTokens(ID, request.model, request.maxOutputTokens),
		response_format: { type: 'json_object', json_schema: request.schema },
	};
}

function samplingOf({ sampling, model }: StructuredRequest) {
	if (!sampling) return { warnings: [] };
	if (languageModel(ID, model)?.sampling !== 'always') {
		return { warnings: [`${model} is not known to take temperature, top_p and penalties: they were not sent`] };
	}
	return {
		// Cohere's own ranges
		sampling: {
			temperature: within(sampling.temperature, 0, 1),
			p: within(sampling.topP, 0.01, 0.99),
			presence_penalty: within(sampling.presencePenalty, 0, 1),
			frequency_penalty: within(sampling.frequencyPenalty, 0, 1),
		},
		warnings: [],
	};
}

function within(value: number, least: number, most: number): number {
	return Math.min(most, Math.max(least, value));
}

/** @throws YtempireError `unavailable` when the service itself broke the answer off */
function answerOf(answer: z.infer<typeof chat>, asked: string): Omit<StructuredAnswer, 'warnings'> {
	const requestId = answer.id ?? undefined;
	if (answer.finish_reason === 'ERROR' || answer.finish_reason === 'TIMEOUT') {
		throw new YtempireError('unavailable', `cohere broke its answer off (${answer.finish_reason})`, {
			provider: ID,
			reason: answer.finish_reason,
			requestId,
			cure: "Run it again in a few minutes; if it lasts, look at the provider's status page.",
		});
	}
	const blocks = answer.message.content ?? [];
	const text = blocks.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
	// What is billed may be less than what was used
	const used = answer.usage?.billed_units ?? answer.usage?.tokens;
	return {
		value: parsedJson(text),
		text,
		refusal: undefined,
		cutOff: answer.finish_reason === 'MAX_TOKENS',
		isUsageUntold: !used,
		usage: {
			inputTokens: used?.input_tokens ?? 0,
			cachedInputTokens: 0,
			outputTokens: used?.output_tokens ?? 0,
		},
		model: asked,
		requestId,
	};
}
