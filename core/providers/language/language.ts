/** The capability "language": a provider answers a conversation with JSON that follows a schema. */
import type { LanguageProviderId } from './models';

export interface Message {
	role: 'assistant' | 'user';
	content: string;
	/** Base64 of a JPEG that goes with a user's message; only for a provider that `sees`. */
	picture?: string;
}

/** Sampling of the answer; each provider takes what its model knows and warns about the rest. */
export interface Sampling {
	/** 0 to 2. */
	temperature: number;
	/** 0 to 1. */
	topP: number;
	/** -2 to 2. */
	presencePenalty: number;
	/** -2 to 2. */
	frequencyPenalty: number;
}

export interface StructuredRequest {
	model: string;
	/** Instructions. Nothing from outside belongs here. */
	system: string;
	messages: Message[];
	/** Letters, digits, `_` and `-`. */
	schemaName: string;
	/** JSON Schema of an object; every property required, no others allowed. */
	schema: Record<string, unknown>;
	sampling?: Sampling;
	/** Tokens the answer may have at most. */
	maxOutputTokens: number;
	signal?: AbortSignal;
}

export interface TokenUsage {
	/** Without the cached ones. */
	inputTokens: number;
	cachedInputTokens: number;
	/** With the tokens of reasoning, which are billed as output. */
	outputTokens: number;
}

export interface StructuredAnswer {
	/** The parsed answer; undefined when it isn't JSON. Still to be checked: a schema is a wish. */
	value: unknown;
	/** The answer as it came. */
	text: string;
	/** The model's own words when it would not answer. */
	refusal: string | undefined;
	/** True when the answer ended at `maxOutputTokens`. */
	cutOff: boolean;
	usage: TokenUsage;
	/** The provider didn't tell the tokens, as some compatible servers don't: `usage` is 0 then. */
	isUsageUntold?: boolean;
	/** As the provider names it; may be a dated snapshot of the one asked for. */
	model: string;
	requestId: string | undefined;
	/** What could not be honoured. */
	warnings: string[];
}

export interface LanguageProvider {
	id: LanguageProviderId;
	/** Takes pictures in messages. */
	sees?: boolean;
	/**
	 * One request, not repeated.
	 * @throws YtempireError of every class
	 */
	complete(request: StructuredRequest): Promise<StructuredAnswer>;
	/** The models that the account can use, by id. */
	listModels(signal?: AbortSignal): Promise<ListedModel[]>;
	/** The ISO date on which the provider itself says that a model ends; only where it can be asked. */
	shutDownOf?(model: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface ListedModel {
	id: string;
	/** ISO date on which the provider's own list says that it ends. */
	shutDown?: string;
}

export interface LanguageConnection {
	apiKey: string;
	/** The provider's own address when empty. */
	baseUrl?: string;
	/** For one request, in ms. Default 180,000. */
	timeoutMs?: number;
}
