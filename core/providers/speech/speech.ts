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
	/** The provider says that it will go. */
	deprecated?: boolean;
}

/** What the account, or the provider, keeps for a voice. */
export interface StoredSettings extends Partial<VoiceSettings> {
	/** e.g. `cheerful`; the voice can speak so. */
	styles?: string[];
	sampleRateHz?: number;
	wordsPerMinute?: number;
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
	/** How many requests the account may have under way, when the provider says. */
	mostAtOnce?: number;
}

/** How much text one request takes. */
export interface PartLimit {
	/** Of what `sizeOf` counts. */
	most: number;
	unit: 'bytes' | 'characters';
	sizeOf(text: string): number;
}

export interface SpeechProvider {
	/** e.g. `elevenlabs` */
	id: string;
	defaultModel: string;
	/** With its dot, e.g. `.mp3`. */
	audioExtension: string;
	limitOf(asked: Pick<PartRequest, 'language' | 'model' | 'voiceId'>): PartLimit;
	/** Whether the model takes the text before and after. */
	stitches(model: string): boolean;
	/** The model that the voice belongs to; undefined where every model speaks every voice. */
	modelOf(voiceId: string): string | undefined;
	/** How many characters of it will be billed. */
	charactersOf(asked: Pick<PartRequest, 'language' | 'text' | 'voiceId'>): number;
	/**
	 * One request, not repeated.
	 * @throws YtempireError of every class
	 */
	speakPart(request: PartRequest): Promise<SpokenPart>;
	/** The voices of the account. */
	listVoices(signal?: AbortSignal): Promise<Voice[]>;
	/** @throws YtempireError `invalid-request` for a voice that isn't there */
	voiceSettings(voiceId: string, signal?: AbortSignal): Promise<StoredSettings>;
	listModels(signal?: AbortSignal): Promise<SpeechModel[]>;
}

/** A Google service account, as in the file that Google's console gives. */
export interface ServiceAccount {
	clientEmail: string;
	/** PEM. */
	privateKey: string;
	/** Google's own when empty. */
	tokenUrl?: string;
}

export interface SpeechConnection {
	/** May be empty with a service account. */
	apiKey: string;
	/** Only Google takes one, in place of the key. Read when it is first needed; throws when it can't be. */
	serviceAccount?: () => ServiceAccount;
	/** The provider's own address when empty. */
	baseUrl?: string;
	/** For one request, in ms. Default 180,000. */
	timeoutMs?: number;
}
