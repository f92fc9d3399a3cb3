/** Gates on what is seen: black, frozen, repeated, small. */
import type { QualityGate } from '../documents';
import { gate, grade, round, type GateContext } from './gate';
import { intersection, longestOf, totalOf, type Range } from './ranges';

/** A fade at the very beginning or end is no fault. Seconds. */
const EDGE_S = 0.5;

export function pictureGates(context: GateContext): QualityGate[] {
	const { measured, thresholds } = context;
	if (!measured.probe.video) return [];
	const frozen = longestOf(unplannedFreezes(context));
	return [
		blackGate(context),
		gate('freeze', {
			threshold: `no stillness over ${thresholds.freeze.pass} s, planned stills apart`,
			measured: frozen,
			unit: 's',
			...grade(frozen, thresholds.freeze),
			at: unplannedFreezes(context).filter(({ start_s, end_s }) => end_s - start_s > thresholds.freeze.pass),
		}),
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

/** A titled card may stand still; footage may not. */
function unplannedFreezes({ measured, expected }: GateContext): Range[] {
	const { freezes, durationS } = measured;
	const { narration, sources } = expected;
	if (!narration || !sources) return freezes;
	const filmed = new Set(sources.map(({ scene_id }) => scene_id));
	const moving: Range[] = narration.scenes.filter(({ scene_id }) => filmed.has(scene_id));
	return intersection(freezes, moving.length > 0 ? moving : [{ start_s: durationS, end_s: durationS }]);
}

function sourceGates({ expected, thresholds }: GateContext): QualityGate[] {
	const { sources, width, height } = expected;
	if (!sources || sources.length === 0) return [];
	const keys = sources.map(({ provider, id }) => `${provider}:${id}`);
	const again = keys.length - new Set(keys).size;
	const scales = sources.map((source) => Math.min(1, source.width / width, source.height / height));
	const smallest = Math.min(...scales);
	return [
		gate('repeated_clips', {
			threshold: 'no clip is shown twice',
			measured: again,
			unit: 'clips',
			...grade(again / keys.length, thresholds.repeated),
		}),
		gate('source_resolution', {
			threshold: `sources have at least ${round((1 - thresholds.sourcesSmall.pass) * 100, 0)} % of the output's width and height`,
			measured: round(smallest * 100, 1),
			unit: '%',
			...grade(1 - smallest, thresholds.sourcesSmall),
		}),
	];
}
