/** Speaks a whole script: one request for each scene, or several for a long one, joined into one narration with word times. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { priceOf, sumCosts } from '../../cost/prices';
import type { Cost, Scene, Script, SpeechResult, SpokenScene, Word } from '../../documents';
import { throwIfCancelled } from '../../abort';
import { invalidRequest, isYtempireError, YtempireError } from '../../errors';
import { contentHash, mediaFile } from '../../hash';
import { mapLimited } from '../../concurrency';
import { retry } from '../../retry';
import type { RetryOptions } from '../../retry';
import { languageTag, SCENE_PAUSE_S, SENTENCE_PAUSE_S, speechText } from '../../text';
import type { FfmpegTools } from '../../video/ffmpeg';
import { retirementWarning } from '../models';

import { alignWords, endWithSound } from './align';
import { Gate } from './gate';
import { decodePart, joinDecoded } from './join';
import type { DecodedPart, JoinedSpeech } from './join';
import { speechModel } from './models';
import { audioPathOf, keepPart, partName, readPart } from './parts';
import type { KeptPart } from './parts';
import { splitText } from './split';
import type { PartRequest, SpeechProvider, VoiceSettings } from './speech';
import { chooseVoice, defaultSettings } from './voices';
import type { Gender } from './voices';
import { placeWords } from './words';

/** Of a scene only what is heard; what is seen may change without a new narration. */
export type SpokenText = Pick<Scene, 'id' | 'narration'>;

export interface NarrateInput {
	script: Pick<Script, 'language'> & { scenes: SpokenText[] };
	/** Chooses the voice when none is named, e.g. `professional`. */
	style: string;
	voiceId?: string;
	/** Of the voice that is chosen; any when left out. */
	gender?: Gender;
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
	/** Requests at once; never more than the provider says the account may. By default as many as that, 3 until it is known. */
	concurrency?: number;
	retry?: Omit<RetryOptions, 'signal'>;
	/** Called for each part that was paid now, before it is kept. */
	recordCost?: (cost: Cost) => Promise<void>;
	/** Told how much is done, 0 to 1. */
	onProgress?: (fraction: number) => void;
}

/** What the smallest paid plan allows. */
const FIRST_CONCURRENCY = 3;
const LARGEST_CONCURRENCY = 15;
const DECODERS_AT_ONCE = 2;

/** Characters of the neighbouring parts that a part is told, for its melody. */
const CONTEXT_CHARACTERS = 300;

/** What of the progress is speaking; the rest is joining. */
const SPEAKING_SHARE = 0.9;

/** A text of one request. */
interface PartText {
	/** Index of its scene. */
	scene: number;
	text: string;
}

/** @throws YtempireError `invalid-request` for a script that can't be spoken, and what the provider throws */
export async function narrate(input: NarrateInput, deps: NarrateDeps): Promise<SpeechResult> {
	const { provider } = deps;
	const language = languageOf(input.script);
	const scenes = textsOf(input.script.scenes);
	const { voiceId, warnings } = await voiceFor(input, deps);
	const model = provider.modelOf(voiceId) ?? (input.model || provider.defaultModel);
	const limit = provider.limitOf({ model, voiceId, language });
	const texts = scenes.flatMap((text, scene) => splitText(text, limit, language).map((part) => ({ scene, text: part })));
	const folder = join(deps.folder, 'speech');
	await mkdir(folder, { recursive: true });
	const work = await mkdtemp(join(folder, '.join-'));
	try {
		const asked = { voiceId, model, language, settings: { ...defaultSettings, ...input.settings } };
		const parts = await speakAll(deps, { folder, work }, texts, asked);
		const name = contentHash(parts.map(({ audioPath }) => audioPath.slice(folder.length))).slice(0, 16);
		const output = join(deps.folder, `narration-${name}.flac`);
		const joined = await joinDecoded({
			parts: parts.map(({ decoded }) => decoded),
			pausesS: texts.map(({ scene }, index) => (texts[index - 1]?.scene === scene ? SENTENCE_PAUSE_S : SCENE_PAUSE_S)),
			output,
			folder: work,
			tools: deps.tools,
			signal: deps.signal,
		});
		deps.onProgress?.(1);
		const paid = [...new Set(parts)];
		const untimed = parts.filter((part) => part.words.length === 0).length;
		return {
			audio: await mediaFile(output, 'audio/flac'),
			duration_s: joined.durationS,
			scenes: scenesOf(input.script.scenes, texts, language, parts, joined),
			provider: provider.id,
			model,
			voice_id: voiceId,
			characters: paid.reduce((sum, part) => sum + part.characters, 0),
			warnings: [
				...warnings,
				...(untimed > 0
					? [`${untimed} of ${parts.length} parts came without word times: theirs are estimated by the pauses in the sound`]
					: []),
				...priceWarnings(provider.id, model),
			],
			costs: sumCosts(paid.map(({ cost }) => cost)),
		};
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

type SpokenSamples = KeptPart & { decoded: DecodedPart };

/** All parts, as many at once as the account may have; each is decoded while others are spoken. Equal ones are one. */
async function speakAll(
	deps: NarrateDeps,
	folders: { folder: string; work: string },
	texts: readonly PartText[],
	asked: Pick<PartRequest, 'language' | 'model' | 'settings' | 'voiceId'>,
): Promise<SpokenSamples[]> {
	const gate = new Gate(deps.concurrency ?? FIRST_CONCURRENCY);
	const decoders = new Gate(DECODERS_AT_ONCE);
	const onMostAtOnce = (most: number) => {
		gate.setMost(Math.min(most, deps.concurrency ?? LARGEST_CONCURRENCY));
	};
	const told = (text: string | undefined) => (deps.provider.stitches(asked.model) ? text : undefined);
	const requests = texts.map(({ text }, index) => ({
		text,
		previousText: told(texts[index - 1]?.text.slice(-CONTEXT_CHARACTERS)),
		nextText: told(texts[index + 1]?.text.slice(0, CONTEXT_CHARACTERS)),
		...asked,
	}));
	const names = requests.map((request) => partName(deps.provider, request));
	const distinct = [...new Map(names.map((name, index) => [name, requests[index]]))];
	let spoken = 0;
	// A failed part stops no other that is under way by the signal that mapLimited gives: that is paid, and is kept
	const parts = await mapLimited(
		distinct,
		LARGEST_CONCURRENCY,
		async ([name, request], index, either) => {
			const part = await gate.pass(async () => {
				throwIfCancelled(either);
				return await speak(deps, audioPathOf(folders.folder, name, deps.provider), request as (typeof requests)[number], onMostAtOnce);
			});
			const decoded = await decoders.pass(async () => await samplesOf(deps, part, join(folders.work, `${index}.pcm`)));
			if (part.isNew) await keepPart(part);
			deps.onProgress?.((++spoken / distinct.length) * SPEAKING_SHARE);
			return { ...part, decoded };
		},
		deps.signal,
	);
	const byName = new Map(distinct.map(([name], index) => [name, parts[index]]));
	return names.map((name) => byName.get(name) as SpokenSamples);
}

function languageOf(script: NarrateInput['script']): string {
	const language = languageTag(script.language);
	if (language) return language;
	throw invalidRequest("The script's language is not a language tag", {
		issues: [{ field: 'script.language', reason: 'a language tag such as en or pt-BR' }],
		cure: 'Give the script a language such as en.',
	});
}

/** The words of each scene that are spoken. */
function textsOf(scenes: readonly SpokenText[]): string[] {
	if (scenes.length === 0) {
		throw invalidRequest('The script has no scenes to speak', {
			cure: 'Give a script with at least one scene that has a narration.',
		});
	}
	return scenes.map((scene) => {
		const text = speechText(scene.narration);
		if (/[\p{L}\p{N}]/u.test(text)) return text;
		throw invalidRequest(`Scene ${scene.id} has no words to speak`, {
			issues: [{ field: `scenes.${scene.id}.narration`, reason: 'has no words' }],
			cure: 'Give the scene a narration, or take it out of the script.',
		});
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
	const choice = chooseVoice(provider.id, voices, {
		style: input.style,
		language: input.script.language,
		gender: input.gender,
		model: input.model || provider.defaultModel,
	});
	return { voiceId: choice.voice.id, warnings: [...warnings, ...choice.warnings] };
}

/** The kept part, or a new one: paid and recorded, to be kept once its sound is found good. */
async function speak(
	deps: NarrateDeps,
	audioPath: string,
	asked: Omit<PartRequest, 'audioPath' | 'signal'>,
	onMostAtOnce: (most: number) => void,
): Promise<KeptPart & { isNew: boolean }> {
	const { provider, signal } = deps;
	const kept = await readPart(audioPath);
	if (kept) return { ...kept, isNew: false };
	const part = await retry(() => provider.speakPart({ ...asked, audioPath, signal }), { ...deps.retry, signal });
	if (part.mostAtOnce !== undefined) onMostAtOnce(part.mostAtOnce);
	const { cost } = priceOf({
		capability: 'speech',
		provider: provider.id,
		model: asked.model,
		units: { characters: part.characters },
		basis: part.basis,
	});
	await deps.recordCost?.(cost);
	const { words, characters, basis } = part;
	return { audioPath, words, characters, basis, cost, isNew: true };
}

/** A part that can't be heard isn't kept: else every later run would find it and fail. */
async function samplesOf(
	{ provider, tools, signal }: NarrateDeps,
	{ audioPath, isNew }: KeptPart & { isNew: boolean },
	pcm: string,
): Promise<DecodedPart> {
	try {
		// what is paid is kept, also when the execution is cancelled by now
		return await decodePart(tools, audioPath, pcm, isNew ? undefined : signal);
	} catch (error) {
		throwIfCancelled(signal);
		if (isYtempireError(error) && error.errorClass === 'unavailable' && error.reason !== 'empty-audio') throw error;
		throw new YtempireError('unavailable', `${provider.id} sent a part that holds no sound`, {
			provider: provider.id,
			reason: 'malformed-answer',
			cure: 'Run it again; if it lasts, choose another voice or model.',
		});
	}
}

/** Scenes without gaps: the pause belongs to the scene before it. */
function scenesOf(
	scenes: readonly SpokenText[],
	texts: readonly PartText[],
	language: string,
	parts: readonly SpokenSamples[],
	{ spans, durationS }: JoinedSpeech,
): SpokenScene[] {
	const startOf = (scene: number) => spans[texts.findIndex((part) => part.scene === scene)]?.startS;
	return scenes.map(({ id }, scene) => ({
		scene_id: id,
		start_s: startOf(scene) ?? 0,
		end_s: startOf(scene + 1) ?? durationS,
		words: parts.flatMap((part, index) => {
			const text = texts[index];
			const span = spans[index];
			if (text?.scene !== scene || !span) return [];
			return placeWords(wordsOf(part, text.text, language), span.startS - part.decoded.leadS, span.startS, Math.min(span.endS, durationS));
		}),
	}));
}

/** On the part's own time line, its silence included. */
function wordsOf({ words, decoded }: SpokenSamples, text: string, language: string): Word[] {
	return words.length > 0 ? endWithSound(words, decoded.levels) : alignWords(text, decoded.levels, language);
}

function priceWarnings(provider: string, model: string): string[] {
	return priceOf({ capability: 'speech', provider, model, units: {}, basis: 'billed' }).warnings;
}
