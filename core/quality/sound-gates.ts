/** Gates on what is heard. */
import type { QualityGate } from '../documents';
import { gate, grade, yesOrNo, type GateContext } from './gate';
import type { SoundMeasurements } from './measure';
import { bridged, intersection, longestOf, type Range } from './ranges';

/** Pauses of the voice up to this long belong to its speech. Seconds. */
const SPEECH_PAUSE_S = 1;

/** Of one measurement of peaks, and the pause that parts two places. Seconds. */
const PEAK_S = 0.1;
const PEAKS_APART_S = 0.5;

export function soundGates(context: GateContext): QualityGate[] {
	const { measured, thresholds } = context;
	const { sound } = measured;
	const isAudible = sound !== undefined && sound.integratedLufs > thresholds.audibleLufs;
	const presence = gate('sound', {
		threshold: `sound louder than ${thresholds.audibleLufs} LUFS`,
		measured: sound ? sound.integratedLufs : 'no sound',
		unit: sound ? 'LUFS' : '',
		...yesOrNo(isAudible),
	});
	// the other measures of a silent track would only say the same again
	if (!isAudible) return [presence];
	const silences = intersection(sound.silences, plannedSpeech(context));
	return [
		presence,
		gate('loudness', {
			threshold: `${thresholds.loudnessTarget} ± ${thresholds.loudnessOff.pass} LUFS`,
			measured: sound.integratedLufs,
			unit: 'LUFS',
			...grade(Math.abs(sound.integratedLufs - thresholds.loudnessTarget), thresholds.loudnessOff),
		}),
		gate('true_peak', {
			threshold: `at most ${thresholds.truePeak.pass} dBTP`,
			measured: sound.truePeakDbtp,
			unit: 'dBTP',
			...grade(sound.truePeakDbtp, thresholds.truePeak),
			at: peaksOver(sound, thresholds.truePeak.pass),
		}),
		gate('loudness_range', {
			threshold: `at most ${thresholds.loudnessRange.pass} LU`,
			measured: sound.rangeLu,
			unit: 'LU',
			...grade(sound.rangeLu, thresholds.loudnessRange),
		}),
		gate('clipping', {
			threshold: `highest sample at most ${thresholds.samplePeak.pass} dBFS, no flat tops`,
			measured: sound.samplePeakDbfs,
			unit: 'dBFS',
			...(sound.flatFactor > 0 && sound.samplePeakDbfs > thresholds.samplePeak.pass
				? yesOrNo(false)
				: grade(sound.samplePeakDbfs, thresholds.samplePeak)),
			at: sound.samplePeakDbfs > thresholds.samplePeak.pass ? peaksOver(sound, thresholds.samplePeak.pass) : [],
		}),
		gate('silence', {
			threshold: `no silence over ${thresholds.silence.pass} s while speech is planned`,
			measured: longestOf(silences),
			unit: 's',
			...grade(longestOf(silences), thresholds.silence),
			at: silences.filter(({ start_s, end_s }) => end_s - start_s > thresholds.silence.pass),
		}),
	];
}

/** Tenths of a second with a peak over the line, joined where they follow each other. */
function peaksOver({ truePeaks }: SoundMeasurements, dbtp: number): Range[] {
	const over = truePeaks.filter((peak) => peak.dbtp > dbtp).map(({ at_s }) => ({ start_s: Math.max(0, at_s - PEAK_S), end_s: at_s }));
	return bridged(over, PEAKS_APART_S);
}

/** Where the voice should be heard; all of the video when no narration is known. */
function plannedSpeech({ measured, expected }: GateContext): Range[] {
	const words = expected.narration?.scenes.flatMap((scene) => scene.words) ?? [];
	if (words.length === 0) return [{ start_s: 0, end_s: measured.durationS }];
	return bridged(words, SPEECH_PAUSE_S);
}
