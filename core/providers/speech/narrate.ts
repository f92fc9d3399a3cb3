/** Speaks a whole script: one request for each scene, or several for a long one, joined into one narration with word times. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../../clock';
import type { Scene, Script, SpeechResult, SpokenScene, Word } from '../../documents';
import { invalidRequest } from '../../errors';
import { contentHash, mediaFile } from '../../hash';
import type { CallContext } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import { route } from '../../routing/route';
import { languageTag, SCENE_PAUSE_S, SENTENCE_PAUSE_S, speechText } from '../../text';
import type { FfmpegTools } from '../../video/ffmpeg';
import { retirementWarning } from '../models';

import { alignWords, endWithSound } from './align';
import { Casting } from './casting';
import { joinDecoded } from './join';
import type { JoinedSpeech } from './join';
import { speechModel } from './models';
import { speakAll } from './speak';
import type { Spoken } from './speak';
import { splitText } from './split';
import type { SpeechProvider, VoiceSettings } from './speech';
import { defaultSettings } from './voices';
import type { Gender } from './voices';
import { placeWords } from './words';

/** Of a scene only what is heard; what is seen may change without a new narration. */
export type SpokenText = Pick<Scene, 'id' | 'narration'>;

export interface NarrateInput {
	script: Pick<Script, 'language'> & { scenes: SpokenText[] };
	/** Chooses the voice when none is named, e.g. `professional`. */
	style: string;
	/** Of the first candidate; another one that has to speak chooses a voice like it. */
	voiceId?: string;
	/** Of the voice that is chosen; any when left out. */
	gender?: Gender;
	/** What is left out has the owner's values. */
	settings?: Partial<VoiceSettings>;
}

export interface NarrateDeps {
	/** In the order of asking; one of them speaks it all, with one voice. */
	candidates: ReadonlyArray<Candidate<SpeechProvider>>;
	calls: CallContext;
	tools: FfmpegTools;
	/** Keeps the parts and the narration; made when it isn't there. */
	folder: string;
	/** Requests at once; never more than the provider says the account may. By default as many as that, 3 until it is known. */
	concurrency?: number;
	/** Told how much is done, 0 to 1; begins anew with another provider. */
	onProgress?: (fraction: number) => void;
}

/** What of the progress is speaking; the rest is joining. */
const SPEAKING_SHARE = 0.9;

/** A text of one request. */
interface PartText {
	/** Index of its scene. */
	scene: number;
	text: string;
}

interface Narrated {
	texts: PartText[];
	parts: Spoken[];
	model: string;
	voiceId: string;
	warnings: string[];
}

/**
 * A provider that fails is followed by the next, which speaks the whole script anew.
 * @throws YtempireError `invalid-request` for a script that can't be spoken; `quota-exhausted`, reason `budget-exceeded`,
 * before anything is spent when the whole doesn't fit into a budget; and what the providers throw
 */
export async function narrate(input: NarrateInput, deps: NarrateDeps): Promise<SpeechResult> {
	const { calls, tools } = deps;
	const language = languageOf(input.script);
	const scenes = textsOf(input.script.scenes);
	const folder = join(deps.folder, 'speech');
	await mkdir(folder, { recursive: true });
	const work = await mkdtemp(join(folder, '.join-'));
	try {
		const { style, gender, voiceId: named } = input;
		const casting = new Casting(deps.candidates, calls, { style, language: input.script.language, gender }, named);
		const { result, tried, costs, warnings } = await route(deps.candidates, calls, async (candidate, call): Promise<Narrated> => {
			const { provider } = candidate;
			const { voiceId, warnings: aboutVoice } = await casting.voiceAt(candidate);
			const model = provider.modelOf(voiceId) ?? candidate.model;
			const limit = provider.limitOf({ model, voiceId, language });
			const texts = scenes.flatMap((text, scene) => splitText(text, limit, language).map((part) => ({ scene, text: part })));
			const asked = { voiceId, model, language, settings: { ...defaultSettings, ...input.settings } };
			const parts = await speakAll(
				{ texts: texts.map(({ text }) => text), asked },
				{
					...{ candidate, call, calls, tools, folder, work, concurrency: deps.concurrency },
					onProgress: (fraction) => deps.onProgress?.(fraction * SPEAKING_SHARE),
				},
			);
			return { texts, parts, model, voiceId, warnings: [...retirementOf(provider.id, model, calls.store.clock), ...aboutVoice] };
		});
		const { texts, parts, model, voiceId } = result;
		const name = contentHash(parts.map(({ audioPath }) => audioPath.slice(folder.length))).slice(0, 16);
		const output = join(deps.folder, `narration-${name}.flac`);
		const joined = await joinDecoded({
			parts: parts.map(({ decoded }) => decoded),
			pausesS: texts.map(({ scene }, index) => (texts[index - 1]?.scene === scene ? SENTENCE_PAUSE_S : SCENE_PAUSE_S)),
			output,
			folder: work,
			tools,
			signal: calls.signal,
		});
		deps.onProgress?.(1);
		const speaker = tried.at(-1);
		return {
			audio: await mediaFile(output, 'audio/flac'),
			duration_s: joined.durationS,
			scenes: scenesOf(input.script.scenes, texts, language, parts, joined),
			provider: speaker?.provider ?? '',
			model,
			voice_id: voiceId,
			characters: [...new Set(parts)].reduce((sum, part) => sum + part.characters, 0),
			// the voice may decide the model
			tried: speaker ? [...tried.slice(0, -1), { ...speaker, model }] : tried,
			warnings: [...warnings, ...result.warnings, ...untimedWarning(parts)],
			costs,
		};
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

function retirementOf(provider: string, model: string, clock: Clock): string[] {
	const facts = speechModel(provider, model);
	const warning = facts && retirementWarning(facts, clock);
	return warning ? [warning] : [];
}

function untimedWarning(parts: readonly Spoken[]): string[] {
	const untimed = parts.filter((part) => part.words.length === 0).length;
	return untimed > 0
		? [`${untimed} of ${parts.length} parts came without word times: theirs are estimated by the pauses in the sound`]
		: [];
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

/** Scenes without gaps: the pause belongs to the scene before it. */
function scenesOf(
	scenes: readonly SpokenText[],
	texts: readonly PartText[],
	language: string,
	parts: readonly Spoken[],
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
function wordsOf({ words, decoded }: Spoken, text: string, language: string): Word[] {
	return words.length > 0 ? endWithSound(words, decoded.levels) : alignWords(text, decoded.levels, language);
}
