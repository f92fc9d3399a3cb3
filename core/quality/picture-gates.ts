/** Gates on what is seen: black, frozen, repeated, small. */
import type { QualityGate } from '../documents';
import { gate, grade, round, type GateContext } from './gate';
import { bridged, intersection, longestOf, totalOf, type Range } from './ranges';
import { placesOf, type Repeat } from './repeats';
import { underWords } from './stillness';

/** A fade at the very beginning or end is no fault. Seconds. */
const EDGE_S = 0.5;

export function pictureGates(context: GateContext): QualityGate[] {
	const { measured, thresholds } = context;
	if (!measured.probe.video) return [];
	const freezes = unplannedFreezes(context);
	const frozen = longestOf(freezes);
	return [
		blackGate(context),
		gate('freeze', {
			threshold: `no stillness over ${thresholds.freeze.pass} s, planned stills apart`,
			measured: frozen,
			unit: 's',
			...grade(frozen, thresholds.freeze),
			at: freezes.filter(({ start_s, end_s }) => end_s - start_s > thresholds.freeze.pass),
		}),
		repeatsGate(context),
		...sourceGates(context),
	];
}

function blackGate({ measured, thresholds }: GateContext): QualityGate {
	const { blacks, durationS } = measured;
	const inside = intersection(blacks, [{ start_s: EDGE_S, end_s: durationS - EDGE_S }]);
	const share = totalOf(blacks) / durationS;
	const isTooMuch = share > thresholds.blackShare && totalOf(inside) > 0;
	const run = grade(longestOf(inside), thresholds.blackRun);
	return gate('black', {
		threshold: `no black over ${thresholds.blackRun.pass} s, at most ${round(thresholds.blackShare * 100, 1)} % in all`,
		measured: totalOf(blacks),
		unit: 's',
		verdict: isTooMuch ? 'fail' : run.verdict,
		score: isTooMuch ? Math.min(run.score, 1 - share) : run.score,
		at: inside,
	});
}

/** A titled card may stand still; footage may not, under captions neither. */
function unplannedFreezes(context: GateContext): Range[] {
	const { freezes } = context.measured;
	const words = textTimes(context);
	return filmedParts(context).flatMap((part) =>
		underWords(freezes.flatMap((freeze) => intersection([freeze], [part]).map((range) => ({ ...freeze, ...range }))), words),
	);
}

/** When burnt-in words come or go, seconds; none where there are no captions. */
function textTimes({ expected: { captions = [], narration } }: GateContext): number[] {
	const words = captions.length > 0 ? (narration?.scenes.flatMap((scene) => scene.words) ?? []) : [];
	return [...captions, ...words].flatMap(({ start_s, end_s }) => [start_s, end_s]);
}

/** Scenes that show clips or pictures; all of the video where that isn't known. */
function filmedParts({ measured, expected }: GateContext): Range[] {
	const { narration, sources, shown } = expected;
	const filmedIn = shown?.filter(({ shows }) => shows !== 'card') ?? sources;
	if (!narration || !filmedIn) return [{ start_s: 0, end_s: measured.durationS }];
	const filmed = new Set(filmedIn.map(({ scene_id }) => scene_id));
	return narration.scenes.filter(({ scene_id }) => filmed.has(scene_id));
}

/** By the libraries' names for the clips, by the files of the others, and by what is seen: the same clip can have two names. */
function repeatsGate(context: GateContext): QualityGate {
	const { measured, expected, thresholds } = context;
	const { sources = [], shown = [], narration } = expected;
	const clips = [
		...sources.map(({ scene_id, provider, id }) => ({ scene_id, key: `${provider}:${id}` })),
		...shown.filter(({ shows, origin }) => shows !== 'card' && origin !== 'found').map(({ scene_id, sha256 }) => ({ scene_id, key: sha256 })),
	];
	const keys = clips.map(({ key }) => key);
	const again = clips.filter(({ key }, index) => keys.indexOf(key) < index);
	const named = again.flatMap(({ scene_id }) => narration?.scenes.filter((scene) => scene.scene_id === scene_id) ?? []);
	const seen = intersection(placesOf(measured.repeats.filter((repeat) => !isWithinScene(repeat, context))), filmedParts(context));
	const places = bridged(
		[...named.map(({ start_s, end_s }) => ({ start_s, end_s })), ...seen].sort((a, b) => a.start_s - b.start_s),
		0,
	);
	const share = Math.max(again.length / (keys.length || 1), totalOf(seen) / measured.durationS);
	return gate('repeated_clips', {
		threshold: 'no clip is shown twice',
		measured: Math.max(again.length, places.length),
		unit: 'clips',
		...grade(share, thresholds.repeated),
		at: places,
	});
}

/** A short clip is begun again until its scene is over: that is planned. */
function isWithinScene({ first, again }: Repeat, { expected }: GateContext): boolean {
	const scenes = expected.narration?.scenes ?? [];
	return scenes.length > 1 && scenes.some((scene) => scene.start_s <= first.start_s + EDGE_S && again.end_s <= scene.end_s + EDGE_S);
}

function sourceGates({ expected, thresholds }: GateContext): QualityGate[] {
	const { sources, width, height } = expected;
	if (!sources || sources.length === 0) return [];
	const scales = sources.map((source) => Math.min(1, source.width / width, source.height / height));
	const smallest = Math.min(...scales);
	return [
		gate('source_resolution', {
			threshold: `sources have at least ${round((1 - thresholds.sourcesSmall.pass) * 100, 0)} % of the output's width and height`,
			measured: round(smallest * 100, 1),
			unit: '%',
			...grade(1 - smallest, thresholds.sourcesSmall),
		}),
	];
}
