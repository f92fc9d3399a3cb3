/**
 * The documents that pass from stage to stage, in n8n items and in the store.
 * Keys are snake_case because people read and write them in webhooks and expressions.
 */

/** A file on the machine that made it. */
export interface MediaFile {
	/** Absolute path. */
	path: string;
	/** Hex digest of the content. */
	sha256: string;
	bytes: number;
	mime: string;
}

/** What one paid call used and cost. */
export interface Cost {
	provider: string;
	model: string;
	/** e.g. `{ input_tokens: 812, output_tokens: 640 }` or `{ characters: 1204 }` */
	units: Record<string, number>;
	/** Integer millionths of a US dollar. */
	micro_usd: number;
	/** `billed` when the provider's answer named the amount or the units it bills, else `estimated`. */
	basis: 'billed' | 'estimated';
}

/** A call that takes an allowance and no money: it belongs into the ledger all the same. */
export function freeCall(provider: string, units: Record<string, number>): Cost {
	return { provider, model: '', units, micro_usd: 0, basis: 'billed' };
}

export interface Scene {
	/** Unique in its script, e.g. `scene-1`. */
	id: string;
	/** What the voice says. */
	narration: string;
	/** Words to search footage with. */
	visual_query: string;
	/** Short text shown over the scene; empty for none. */
	on_screen_text: string;
}

export interface Script {
	title: string;
	description: string;
	tags: string[];
	/** BCP 47, e.g. `en`. */
	language: string;
	scenes: Scene[];
}

export interface ScriptResult {
	script: Script;
	provider: string;
	model: string;
	word_count: number;
	/** Seconds at 150 words a minute. */
	estimated_duration_s: number;
	warnings: string[];
	costs: Cost[];
}

/** One spoken word on the narration's own time line, in seconds. */
export interface Word {
	text: string;
	start_s: number;
	end_s: number;
}

export interface SpokenScene {
	scene_id: string;
	start_s: number;
	end_s: number;
	words: Word[];
}

export interface SpeechResult {
	/** The whole narration, one file. */
	audio: MediaFile;
	/** Measured by decoding. */
	duration_s: number;
	/** In order, without gaps: each begins where the one before ends. */
	scenes: SpokenScene[];
	provider: string;
	model: string;
	voice_id: string;
	characters: number;
	warnings: string[];
	costs: Cost[];
}

/** A clip or picture from a library, with what its licence asks to keep. */
export interface FootageSource {
	scene_id: string;
	provider: string;
	id: string;
	/** The page to link to. */
	page_url: string;
	author: string;
	author_url: string;
	license: string;
	width: number;
	height: number;
}

export interface VideoResult {
	file: MediaFile;
	width: number;
	height: number;
	fps: number;
	duration_s: number;
	sources: FootageSource[];
	/** The burnt-in captions as cues, for checks and caption tracks. */
	captions: CaptionCue[];
	warnings: string[];
}

export interface CaptionCue {
	start_s: number;
	end_s: number;
	/** At most two lines, separated by `\n`. */
	text: string;
}

export type Blame = 'script' | 'voice' | 'footage' | 'mix' | 'render';

export interface QualityGate {
	/** e.g. `loudness` */
	name: string;
	/** In words with its unit, e.g. `-14 ± 1 LUFS`. */
	threshold: string;
	measured: number | string;
	unit: string;
	verdict: 'pass' | 'warn' | 'fail';
	/** A failed hard gate caps the score below every threshold. */
	hard: boolean;
	/** 0 to 1. */
	score: number;
	weight: number;
	/** The stage to repair when the gate fails. */
	blame: Blame;
	/** Where in the video, when it has a place. */
	at: Array<{ start_s: number; end_s: number }>;
}

export interface QualityResult {
	/** 0 to 1: weighted mean of the gates' scores, capped by failed hard gates. */
	score: number;
	threshold: number;
	passed: boolean;
	/** One sentence for each gate that is not `pass`. */
	reasons: string[];
	blame: Blame[];
	gates: QualityGate[];
}

/** An account that serves no more until a person has seen to it. */
export interface QuarantinedAccount {
	account_id: string;
	channel_id: string;
	/** YouTube's word for it, e.g. `invalid_grant`. */
	reason: string;
	cure: string;
}

export interface UploadResult {
	youtube_id: string;
	youtube_url: string;
	/** ISO 8601. */
	published_at: string;
	account_id: string;
	channel_id: string;
	privacy_status: string;
	quota: {
		project: string;
		bucket: string;
		cost: number;
		used: number;
		limit: number;
		resets_at: string;
	};
	/** Accounts passed over, and why. */
	passed_over: Array<{ account_id: string; why: string }>;
	/** Accounts that were put into quarantine on the way: a person has to look at them. */
	quarantined: QuarantinedAccount[];
	/** True when an interrupted upload was continued. */
	resumed: boolean;
	/** Thumbnail, playlists and captions: what was not done is tried again by the next run. */
	after_upload: Array<{ step: string; done: boolean; why: string }>;
	warnings: string[];
}
