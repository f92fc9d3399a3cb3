/** Language by Anthropic: the Messages API with a JSON schema, over plain HTTP. */
import { httpRequest } from '../../http';
import { z } from '../../vendor/zod';

import { readVerdict } from './anthropic-errors';
import { malformedAnswer, parsedJson } from './answer';
import type {
	LanguageConnection,
	LanguageProvider,
	StructuredAnswer,
	StructuredRequest,
} from './language';
import { languageModel, mostOutputTokens } from './models';

const ID = 'anthropic';

export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';

/** Source: docs.anthropic.com/en/api/versioning; the only version since 2023. */
export const ANTHROPIC_VERSION = '2023-06-01';

const DEFAULT_TIMEOUT_MS = 180_000;
const LIST_TIMEOUT_MS = 30_000;
const MOST_MODELS = 1000;

const message = z.object({
	model: z.string().nullish(),
	content: z.array(z.object({ type: z.string(), text: z.string().nullish() })),
	stop_reason: z.string().nullish(),
	stop_details: z.object({ explanation: z.string().nullish(), category: z.string().nullish() }).nullish(),
	usage: z.object({
		input_tokens: z.number().nonnegative(),
		output_tokens: z.number().nonnegative(),
		cache_read_input_tokens: z.number().nonnegative().nullish(),
		cache_creation_input_tokens: z.number().nonnegative().nullish(),
	}),
});

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

export function createAnthropic(connection: LanguageConnection): LanguageProvider {
	const { apiKey, timeoutMs = DEFAULT_TIMEOUT_MS } = connection;
	const baseUrl = (connection.baseUrl || ANTHROPIC_BASE_URL).replace(/\/+$/, '');
	const common = {
		headers: { 'x-api-key': apiKey, 'anthropic-version': ANTHROPIC_VERSION },
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
				url: `${baseUrl}/v1/messages`,
				body: { ...bodyOf(request), ...sampling },
				timeoutMs,
				signal: request.signal,
			});
			const parsed = message.safeParse(answer.body);
			if (!parsed.success) throw malformedAnswer(ID, answer.requestId);
			return { ...answerOf(parsed.data, request.model), requestId: answer.requestId, warnings };
		},
		async listModels(signal) {
			const answer = await httpRequest({
				...common,
				method: 'GET',
				url: `${baseUrl}/v1/models`,
				query: { limit: MOST_MODELS },
				timeoutMs: LIST_TIMEOUT_MS,
				signal,
			});
			const parsed = modelList.safeParse(answer.body);
			if (!parsed.success) throw malformedAnswer(ID, answer.requestId);
			return parsed.data.data.map(({ id }) => ({ id })).sort((a, b) => a.id.localeCompare(b.id));
		},
	};
}

function bodyOf(request: StructuredRequest) {
	const thinks = languageModel(ID, request.model)?.thinks ?? false;
	return {
		model: request.model,
		system: request.system,
		messages: request.messages,
		max_tokens: mostOutputTokens(ID, request.model, request.maxOutputTokens),
		output_config: {
			...(thinks ? { effort: 'low' } : {}),
			format: { type: 'json_schema', schema: request.schema },
		},
	};
}

/** Models that take sampling take either temperature or top_p, and no penalties. */
function samplingOf({ sampling, model }: StructuredRequest) {
	if (!sampling) return { warnings: [] };
	if (languageModel(ID, model)?.sampling !== 'always') {
		return { warnings: [`${model} is not known to take temperature, top_p and penalties: they were not sent`] };
	}
	return {
		sampling: { temperature: Math.min(1, sampling.temperature) },
		warnings: [`${model} does not take top_p and penalties beside temperature: they were not sent`],
	};
}

function answerOf(
	answer: z.infer<typeof message>,
	asked: string,
): Omit<StructuredAnswer, 'requestId' | 'warnings'> {
	const text = answer.content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
	const { stop_details: details, usage } = answer;
	return {
		value: parsedJson(text),
		text,
		refusal:
			answer.stop_reason === 'refusal'
				? details?.explanation || details?.category || 'the model stopped under its usage policy'
				: undefined,
		cutOff: answer.stop_reason === 'max_tokens',
		usage: {
			inputTokens: usage.input_tokens + (usage.cache_creation_input_tokens ?? 0),
			cachedInputTokens: usage.cache_read_input_tokens ?? 0,
			outputTokens: usage.output_tokens,
		},
		model: answer.model || asked,
	};
}
