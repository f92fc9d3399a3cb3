/** The capability "speech": a provider speaks a text and tells when each word is heard. */
import type { Cost, Word } from '../../documents';

/** Each provider takes what it knows. */
export interface VoiceSettings {
	/** 0 (lively) to 1 (even). */
	stability: number;
	/** 0 to 1. */
	similarity: number;
	/** 0 to 1: how much the voice's own manner is stressed. */
	style: number;
	speakerBoost: boolean;
}

export interface Voice {
	id: string;
	name: string;
	/** The provider's own word, e.g. `premade`, `professional`. */
	category: string;
	/** e.g. `{ gender: 'female', use_case: 'narrative_story', descriptive: 'calm' }` */
	labels: Record<string, string>;
	/** Language codes it is made or checked for; empty when the provider doesn't say. */
	languages: string[];
	description: string;
}

export interface SpeechModel {
	id: string;
	name: string;
	/** Of one request; undefined when the provider doesn't say. */
	maxCharacters: number | undefined;
}

export interface PartRequest {
	text: string;
	/** What is heard before and after, for the melody; not spoken. */
	previousText?: string;
	nextText?: string;
	voiceId: string;
	model: string;
	/** BCP 47. */
	language: string;
	settings: VoiceSettings;
	/** Where the sound is put, aside first and then renamed; has the provider's `audioExtension`. */
	audioPath: string;
	signal?: AbortSignal;
}

export interface SpokenPart {
	audioPath: string;
	/** On the part's own time line; empty when the provider gave no times. */
	words: Word[];
	/** Characters that are billed. */
	characters: number;
	/** `billed` when the provider named the number. */
	basis: Cost['basis'];
	requestId: string | undefined;
}

export interface SpeechProvider {
	/** e.g. `elevenlabs` */
	id: string;
	defaultModel: string;
	/** With its dot, e.g. `.mp3`. */
	audioExtension: string;
	/**
	 * One request, not repeated.
	 * @throws YtempireError of every class
	 */
	speakPart(request: PartRequest): Promise<SpokenPart>;
	/** The voices of the account. */
	listVoices(signal?: AbortSignal): Promise<Voice[]>;
	/** Those that the account keeps for the voice. */
	voiceSettings(voiceId: string, signal?: AbortSignal): Promise<VoiceSettings>;
	listModels(signal?: AbortSignal): Promise<SpeechModel[]>;
}

export interface SpeechConnection {
	apiKey: string;
	/** The provider's own address when empty. */
	baseUrl?: string;
	/** For one request, in ms. Default 180,000. */
	timeoutMs?: number;
}
