/** Speaks a whole script: one request for each scene, joined into one narration with word times. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { priceOf, sumCosts } from '../../cost/prices';
import type { Cost, Scene, Script, SpeechResult, SpokenScene } from '../../documents';
import { throwIfCancelled } from '../../abort';
import { invalidRequest, YtempireError } from '../../errors';
import { contentHash, mediaFile } from '../../hash';
import { mapLimited } from '../../concurrency';
import { retry } from '../../retry';
import type { RetryOptions } from '../../retry';
import { characterCount, languageTag, speechText } from '../../text';
import { probe } from '../../video/ffmpeg';
import type { FfmpegTools } from '../../video/ffmpeg';
import { retirementWarning } from '../models';

import { joinSpeech } from './join';
import type { JoinedSpeech } from './join';
import { speechModel } from './models';
import { audioPathOf, keepPart, partName, readPart } from './parts';
import type { KeptPart } from './parts';
import type { PartRequest, SpeechProvider, VoiceSettings } from './speech';
import { chooseVoice, defaultSettings } from './voices';
import { placeWords, spreadWords } from './words';

/** Of a scene only what is heard; what is seen may change without a new narration. */
export type SpokenText = Pick<Scene, 'id' | 'narration'>;

export interface NarrateInput {
	script: Pick<Script, 'language'> & { scenes: SpokenText[] };
	/** Chooses the voice when none is named, e.g. `professional`. */
	style: string;
	voiceId?: string;
	/** The provider's default when empty. */
	model?: string;
	/** What is left out has the owner's values. */
	settings?: Partial<VoiceSettings>;
}

export interface NarrateDeps {
	provider: SpeechProvider;
	tools: FfmpegTools;
	/** Keeps the parts and the narration; made when it isn't there. */
	folder: string;
	signal?: AbortSignal;
	/** Requests at once. Default 3: what the smallest paid plan allows. */
	concurrency?: number;
	retry?: Omit<RetryOptions, 'signal'>;
	/** Called for each part that was paid now, before it is kept. */
	recordCost?: (cost: Cost) => Promise<void>;
	/** Told how much is done, 0 to 1. */
	onProgress?: (fraction: number) => void;
}

const DEFAULT_CONCURRENCY = 3;

/** Characters of the neighbouring scenes that a part is told, for its melody. */
const CONTEXT_CHARACTERS = 300;

/** What of the progress is speaking; the rest is joining. */
const SPEAKING_SHARE = 0.9;

/** @throws YtempireError `invalid-request` for a script that can't be spoken, and what the provider throws */
export async function narrate(input: NarrateInput, deps: NarrateDeps): Promise<SpeechResult> {
	const { provider, signal } = deps;
	const language = languageOf(input.script);
	const model = input.model || provider.defaultModel;
	const texts = textsOf(input.script.scenes, provider.id, model);
	const { voiceId, warnings } = await voiceFor(input, deps);
	const folder = join(deps.folder, 'speech');
	await mkdir(folder, { recursive: true });

	let spoken = 0;
	// A failed part stops no other by the signal that mapLimited gives: what is under way is paid, and is kept
	const parts = await mapLimited(
		texts,
		deps.concurrency ?? DEFAULT_CONCURRENCY,
		async (text, index) => {
			const part = await speak(deps, folder, {
				text,
				previousText: texts[index - 1]?.slice(-CONTEXT_CHARACTERS),
				nextText: texts[index + 1]?.slice(0, CONTEXT_CHARACTERS),
				voiceId,
				model,
				language,
				settings: { ...defaultSettings, ...input.settings },
			});
			deps.onProgress?.((++spoken / texts.length) * SPEAKING_SHARE);
			return part;
		},
		signal,
	);

	const name = contentHash(parts.map(({ audioPath }) => audioPath.slice(folder.length))).slice(0, 16);
	const output = join(deps.folder, `narration-${name}.flac`);
	const joined = await joinSpeech({
		parts: parts.map(({ audioPath }) => audioPath),
		output,
		folder,
		tools: deps.tools,
		signal,
	});
	deps.onProgress?.(1);
	const untimed = parts.filter((part) => part.words.length === 0).length;
	return {
		audio: await mediaFile(output, 'audio/flac'),
		duration_s: joined.durationS,
		scenes: scenesOf(input.script.scenes, texts, language, parts, joined),
		provider: provider.id,
		model,
		voice_id: voiceId,
		characters: parts.reduce((sum, part) => sum + part.characters, 0),
		warnings: [
			...warnings,
			...(untimed > 0 ? [`${untimed} of ${parts.length} parts came without word times: theirs are estimated`] : []),
			...priceWarnings(provider.id, model),
		],
		costs: sumCosts(parts.map(({ cost }) => cost)),
	};
}

function languageOf(script: NarrateInput['script']): string {
	const language = languageTag(script.language);
	if (language) return language;
	throw invalidRequest("The script's language is not a language tag", {
		issues: [{ field: 'script.language', reason: 'a language tag such as en or pt-BR' }],
		cure: 'Give the script a language such as en.',
	});
}

/** The words of each scene that are spoken, each short enough for one request. */
function textsOf(scenes: readonly SpokenText[], provider: string, model: string): string[] {
	if (scenes.length === 0) {
		throw invalidRequest('The script has no scenes to speak', {
			cure: 'Give a script with at least one scene that has a narration.',
		});
	}
	const most = speechModel(provider, model)?.max_characters ?? Infinity;
	return scenes.map((scene) => {
		const text = speechText(scene.narration);
		if (!/[\p{L}\p{N}]/u.test(text)) {
			throw invalidRequest(`Scene ${scene.id} has no words to speak`, {
				issues: [{ field: `scenes.${scene.id}.narration`, reason: 'has no words' }],
				cure: 'Give the scene a narration, or take it out of the script.',
			});
		}
		if (characterCount(text) > most) {
			throw invalidRequest(`Scene ${scene.id} is longer than ${model} speaks in one request`, {
				issues: [{ field: `scenes.${scene.id}.narration`, reason: `at most ${most} characters` }],
				cure: 'Split the scene.',
			});
		}
		return text;
	});
}

async function voiceFor(
	input: NarrateInput,
	{ provider, signal, retry: options }: NarrateDeps,
): Promise<{ voiceId: string; warnings: string[] }> {
	const facts = speechModel(provider.id, input.model || provider.defaultModel);
	const retirement = facts && retirementWarning(facts);
	const warnings = retirement ? [retirement] : [];
	if (input.voiceId) return { voiceId: input.voiceId, warnings };
	const voices = await retry(() => provider.listVoices(signal), { ...options, signal });
	const choice = chooseVoice(provider.id, voices, { style: input.style, language: input.script.language });
	return { voiceId: choice.voice.id, warnings: [...warnings, ...choice.warnings] };
}

/** The kept part, or a new one: paid, recorded, then kept. */
async function speak(
	deps: NarrateDeps,
	folder: string,
	asked: Omit<PartRequest, 'audioPath' | 'signal'>,
): Promise<KeptPart> {
	const { provider, signal } = deps;
	const audioPath = audioPathOf(folder, partName(provider, asked), provider);
	const kept = await readPart(audioPath);
	if (kept) return kept;
	const part = await retry(() => provider.speakPart({ ...asked, audioPath, signal }), { ...deps.retry, signal });
	const { cost } = priceOf({
		capability: 'speech',
		provider: provider.id,
		model: asked.model,
		units: { characters: part.characters },
		basis: part.basis,
	});
	await deps.recordCost?.(cost);
	await assertSound(deps, audioPath);
	const { words, characters, basis } = part;
	const paid: KeptPart = { audioPath, words, characters, basis, cost };
	await keepPart(paid);
	return paid;
}

/** A part that can't be heard isn't kept: else every later run would find it and fail. */
async function assertSound({ provider, tools, signal }: NarrateDeps, audioPath: string): Promise<void> {
	const sound = await probe(tools, audioPath, signal).catch(() => {
		throwIfCancelled(signal);
		return { audio: undefined };
	});
	if (sound.audio) return;
	throw new YtempireError('unavailable', `${provider.id} sent a part that holds no sound`, {
		provider: provider.id,
		reason: 'malformed-answer',
		cure: 'Run it again; if it lasts, choose another voice or model.',
	});
}

/** Scenes without gaps: the pause belongs to the scene before it. */
function scenesOf(
	scenes: readonly SpokenText[],
	texts: readonly string[],
	language: string,
	parts: readonly KeptPart[],
	{ spans, durationS }: JoinedSpeech,
): SpokenScene[] {
	return parts.map((part, index) => {
		const { startS, endS } = spans[index] ?? { startS: 0, endS: durationS };
		const words =
			part.words.length > 0 ? part.words : spreadWords(texts[index] ?? '', endS - startS, language);
		return {
			scene_id: scenes[index]?.id ?? `scene-${index + 1}`,
			start_s: startS,
			end_s: spans[index + 1]?.startS ?? durationS,
			words: placeWords(words, startS, Math.min(endS, durationS)),
		};
	});
}

function priceWarnings(provider: string, model: string): string[] {
	return priceOf({ capability: 'speech', provider, model, units: {}, basis: 'billed' }).warnings;
}
