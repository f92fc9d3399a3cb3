/** Speaks the parts of a narration with one voice of one provider: each paid once, decoded while others are spoken. */
import { join } from 'node:path';

import { throwIfCancelled } from '../../abort';
import { mapLimited } from '../../concurrency';
import { assertAffordable } from '../../cost/ledger';
import { priceOf } from '../../cost/prices';
import { isYtempireError, YtempireError } from '../../errors';
import { standingAnswer } from '../../routing/call';
import type { CallContext, PaidRequest } from '../../routing/call';
import type { Candidate } from '../../routing/candidate';
import { Gate } from '../../routing/gate';
import { placesOf } from '../../routing/places';
import type { Call } from '../../routing/route';
import { isMachineTrouble, type FfmpegTools } from '../../video/ffmpeg';

import { decodePart } from './join';
import type { DecodedPart } from './join';
import { dropPart, keptPart, partPath, partStands } from './parts';
import type { KeptPart, PartAsked } from './parts';
import type { SpeechProvider } from './speech';

/** Of one narration, until the provider has told how many the account may; see `rate-limits.json` for all of an account. */
const FIRST_CONCURRENCY = 3;
const LARGEST_CONCURRENCY = 15;
const DECODERS_AT_ONCE = 2;

/** Characters of the neighbouring parts that a part is told, for its melody. */
const CONTEXT_CHARACTERS = 300;

type InPlace = NonNullable<PaidRequest<unknown>['inPlace']>;

export interface SpeakInput {
	/** In order, each short enough for one request. */
	texts: readonly string[];
	/** The same for all. */
	asked: Pick<PartAsked, 'language' | 'model' | 'settings' | 'voiceId'>;
}

export interface SpeakDeps {
	candidate: Candidate<SpeechProvider>;
	call: Call;
	calls: CallContext;
	tools: FfmpegTools;
	/** Keeps the parts. */
	folder: string;
	/** For files that last only while it works. */
	work: string;
	/** Requests at once; see `NarrateDeps`. */
	concurrency?: number;
	/** Told how much is spoken, 0 to 1. */
	onProgress?: (fraction: number) => void;
}

export interface Spoken extends KeptPart {
	audioPath: string;
	decoded: DecodedPart;
}

/** One for each text, in order; equal ones are one. @throws YtempireError of every class, once what is under way has ended */
export async function speakAll(input: SpeakInput, deps: SpeakDeps): Promise<Spoken[]> {
	const { candidate, calls } = deps;
	const places = placesOf(candidate.account, candidate.provider.id);
	const gate = new Gate(deps.concurrency ?? Math.min(places.told ?? FIRST_CONCURRENCY, LARGEST_CONCURRENCY));
	const decoders = new Gate(DECODERS_AT_ONCE);
	const inPlace: InPlace = async (sending, signal) =>
		await gate.pass(async () => await places.pass(calls.store, sending, signal), signal);
	const onMostAtOnce = (most: number) => {
		places.tell(most);
		gate.setMost(Math.min(most, deps.concurrency ?? LARGEST_CONCURRENCY));
	};
	const paths: string[] = [];
	const requests = new Map<string, PaidRequest<KeptPart>>();
	for (const part of partsOf(input, candidate.provider)) {
		const audioPath = partPath(deps.folder, candidate.provider, part);
		paths.push(audioPath);
		if (!requests.has(audioPath)) requests.set(audioPath, { ...requestFor(candidate, part, audioPath, onMostAtOnce), inPlace });
	}
	await assertWholeAffordable(deps, [...requests.values()]);
	let spoken = 0;
	// A failed part stops no other that is under way: that is paid, and is kept
	const parts = await mapLimited(
		[...requests],
		LARGEST_CONCURRENCY,
		async ([audioPath, request], index, unwanted): Promise<[string, Spoken]> => {
			const { value } = await deps.call({ ...request, unwanted });
			const decoded = await decoders.pass(async () => await samplesOf(deps, audioPath, join(deps.work, `${index}.pcm`)));
			deps.onProgress?.(++spoken / requests.size);
			return [audioPath, { ...value, audioPath, decoded }];
		},
		calls.signal,
	);
	const byPath = new Map(parts);
	return paths.map((path) => byPath.get(path) as Spoken);
}

function partsOf({ texts, asked }: SpeakInput, provider: SpeechProvider): PartAsked[] {
	const told = (text: string | undefined) => (provider.stitches(asked.model) ? text : undefined);
	return texts.map((text, index) => ({
		text,
		previousText: told(texts[index - 1]?.slice(-CONTEXT_CHARACTERS)),
		nextText: told(texts[index + 1]?.slice(0, CONTEXT_CHARACTERS)),
		...asked,
	}));
}

function requestFor(
	{ provider }: Candidate<SpeechProvider>,
	part: PartAsked,
	audioPath: string,
	onMostAtOnce: (most: number) => void,
): PaidRequest<KeptPart> {
	const service = { capability: 'speech', provider: provider.id, model: part.model } as const;
	return {
		capability: 'speech',
		content: part,
		estimate: priceOf({ ...service, units: { characters: provider.charactersOf(part) }, basis: 'estimated' }).cost,
		send: async (signal) => {
			const answer = await provider.speakPart({ ...part, audioPath, signal });
			if (answer.mostAtOnce !== undefined) onMostAtOnce(answer.mostAtOnce);
			const { cost, warnings } = priceOf({ ...service, units: { characters: answer.characters }, basis: answer.basis });
			return { value: await keptPart(audioPath, answer), cost, warnings };
		},
		stillStands: async (value) => await partStands(audioPath, value),
	};
}

/** Half a narration is of no use: what the rest takes must fit into the budgets before it begins. */
async function assertWholeAffordable({ candidate, calls }: SpeakDeps, requests: ReadonlyArray<PaidRequest<KeptPart>>): Promise<void> {
	let rest = 0;
	for (const request of requests) {
		if (!(await standingAnswer(calls, candidate, request))) rest += request.estimate.micro_usd;
	}
	if (rest > 0) await assertAffordable(calls.store, calls, rest);
}

/** A part that can't be heard isn't kept: else every later run would find it and fail. */
async function samplesOf(
	{ candidate: { provider }, calls: { signal }, tools }: SpeakDeps,
	audioPath: string,
	pcm: string,
): Promise<DecodedPart> {
	try {
		return await decodePart(tools, audioPath, pcm, signal);
	} catch (error) {
		throwIfCancelled(signal);
		// the machine's own trouble
		if (isMachineTrouble(error) && !(isYtempireError(error) && error.reason === 'empty-audio')) throw error;
		await dropPart(audioPath);
		throw new YtempireError('unavailable', `${provider.id} sent a part that holds no sound`, {
			provider: provider.id,
			reason: 'malformed-answer',
			cure: 'Run it again; if it lasts, choose another voice or model.',
		});
	}
}
