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

/** A provider that was asked for a piece of work. */
export interface Tried {
	provider: string;
	model: string;
	outcome: 'failed' | 'used';
	/** Why it was left. */
	error_class?: string;
	reason?: string;
	message?: string;
	/** What its answers cost, those too that could not be used; one that broke off, and may have been billed, at its estimate. */
	cost_usd: number;
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
	/** Its place in the script's structure, e.g. `hook`, `point_2`, `conclusion`. */
	section?: string;
	/** What the writer marked in the narration; never spoken. */
	cues?: SceneCue[];
}

export interface SceneCue {
	kind: 'pause' | 'visual';
	/** Spoken words of the scene before it. */
	at_word: number;
	/** What the camera should show; empty for a pause. */
	text: string;
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
	/** All that the voice says, a line for each scene. */
	speech_text: string;
	provider: string;
	model: string;
	word_count: number;
	/** Seconds at 150 words a minute. */
	estimated_duration_s: number;
	/** In the order of trying; the last one wrote it. */
	tried: Tried[];
	warnings: string[];
	costs: Cost[];
}

/** What another model thinks of a script. */
export interface ScriptReview {
	/** 0 to 1: weighted mean of the criteria. */
	score: number;
	criteria: Array<{ name: string; score: number; weight: number; reason: string }>;
	/** One sentence for each criterion, the weakest first. */
	reasons: string[];
	/** Model that wrote the script; empty when that isn't known. */
	writer: string;
	provider: string;
	model: string;
	/** In the order of trying; the last one judged it. */
	tried: Tried[];
	warnings: string[];
	costs: Cost[];
}

export interface Chapter {
	/** Whole seconds from the beginning. */
	start_s: number;
	title: string;
}

/** What stands around a video on YouTube, within its limits. */
export interface VideoMetadata {
	title: string;
	/** With the chapters at its end, as YouTube reads them. */
	description: string;
	tags: string[];
	/** Empty when the video is too short for three of ten seconds each. */
	chapters: Chapter[];
	provider: string;
	model: string;
	/** In the order of trying; the last one wrote it. */
	tried: Tried[];
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
	/** Billed for this narration, kept parts included. */
	characters: number;
	/** In the order of trying; the last one spoke it. */
	tried: Tried[];
	warnings: string[];
	/** Of all that were tried. */
	costs: Cost[];
}

/** A picture that was painted for a scene or a thumbnail. */
export interface ImageResult {
	image: MediaFile;
	/** Pixels, exactly as asked for. */
	width: number;
	height: number;
	provider: string;
	model: string;
	/** As it was sent, cleaned. */
	prompt: string;
	/** Where the provider tells it: the same one gives the same picture. */
	seed?: number;
	/** In the order of trying; the last one painted it. */
	tried: Tried[];
	warnings: string[];
	/** Of all that were tried, those of refused pictures too. */
	costs: Cost[];
}

/** A picture shown before a video is played. */
export interface Thumbnail extends MediaFile {
	width: number;
	height: number;
	/** How title and picture stand to each other. */
	layout: string;
	/** Seconds in the video; null for a picture of its own. */
	at_s: number | null;
	/** 0 to 1: how good the moment is; null for a picture of its own. */
	score: number | null;
}

export interface ThumbnailsResult {
	/** The best first. */
	thumbnails: Thumbnail[];
	warnings: string[];
}

/** A clip or picture from a library, with what its licence asks to keep. */
export interface FootageSource {
	scene_id: string;
	provider: string;
	/** A clip when left out. */
	kind?: 'photo' | 'video';
	id: string;
	/** The page to link to. */
	page_url: string;
	author: string;
	author_url: string;
	license: string;
	width: number;
	height: number;
}

/** One clip, photo or titled card that a scene shows. */
export interface ShownPicture {
	scene_id: string;
	/** A photo moves; a card may stand still. */
	shows: 'card' | 'clip' | 'photo';
	/** What was found is in `sources`, too. */
	origin: 'drawn' | 'found' | 'own' | 'painted';
	/** Of the file; empty for a card. */
	sha256: string;
}

export interface VideoResult {
	file: MediaFile;
	width: number;
	height: number;
	fps: number;
	duration_s: number;
	sources: FootageSource[];
	/** In the order in which it is seen; left out where that isn't known. */
	shown?: ShownPicture[];
	/** The burnt-in captions as cues, for checks and caption tracks. */
	captions: CaptionCue[];
	/** Subtitle files beside the video. */
	subtitles?: { srt: MediaFile; vtt: MediaFile };
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
	/** YouTube's word at the last look: uploaded or processed; empty when it said nothing. */
	upload_status: string;
	/** processing (it goes on), succeeded or terminated; empty when YouTube said nothing. */
	processing_status: string;
	warnings: string[];
}
