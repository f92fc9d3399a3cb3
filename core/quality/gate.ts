/** One gate from one measurement. */
import type { Blame, CaptionCue, FootageSource, QualityGate, ShownPicture, SpeechResult } from '../documents';
import type { Measurements } from './measure';
import type { Range } from './ranges';
import { GATES, type GateName, type Graded, type GateRow, type Thresholds } from './table';

/** What the video should be. */
export interface Expected {
	/** Seconds that were asked for. */
	durationS: number;
	width: number;
	height: number;
	fps: number;
	/** Of the file. */
	bytes?: number;
	narration?: SpeechResult;
	captions?: readonly CaptionCue[];
	sources?: readonly FootageSource[];
	/** Scenes that show a titled card alone are planned stills. Where it is left out, those are that no source names. */
	shown?: readonly ShownPicture[];
}

export interface GateContext {
	measured: Measurements;
	expected: Expected;
	thresholds: Thresholds;
}

export interface Finding {
	threshold: string;
	measured: number | string;
	unit: string;
	verdict: QualityGate['verdict'];
	/** 0 to 1. */
	score: number;
	at?: readonly Range[];
	/** When the fault lies elsewhere than the table says. */
	blame?: Blame;
}

/** Places that are named at most. */
const MAX_PLACES = 20;

export function gate(name: GateName, finding: Finding): QualityGate {
	const row: GateRow = GATES[name];
	const score = round(Math.min(1, Math.max(0, finding.score)), 3);
	return {
		name,
		threshold: finding.threshold,
		measured: typeof finding.measured === 'number' ? round(finding.measured, 3) : finding.measured,
		unit: finding.unit,
		verdict: finding.verdict,
		hard: row.hard === 'always' || (row.hard === 'when total' && score === 0),
		score,
		weight: row.weight,
		blame: finding.blame ?? row.blame,
		at: (finding.verdict === 'pass' ? [] : (finding.at ?? []))
			.slice(0, MAX_PLACES)
			.map(({ start_s, end_s }) => ({ start_s: round(start_s, 2), end_s: round(end_s, 2) })),
	};
}

/** @param value the lower the better */
export function grade(value: number, { pass, warn, zero }: Graded): Pick<Finding, 'verdict' | 'score'> {
	if (value <= pass) return { verdict: 'pass', score: 1 };
	return { verdict: value <= warn ? 'warn' : 'fail', score: Math.max(0, (zero - value) / (zero - pass)) };
}

export function yesOrNo(holds: boolean): Pick<Finding, 'verdict' | 'score'> {
	return holds ? { verdict: 'pass', score: 1 } : { verdict: 'fail', score: 0 };
}

export function round(value: number, digits: number): number {
	// -0 would show as such in JSON viewers
	return Number(value.toFixed(digits)) + 0;
}
