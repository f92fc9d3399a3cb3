/** All scenes of a video as segments: two at once, each with the transition that it begins with. */
import { availableParallelism } from 'node:os';

import { mapLimited } from '../concurrency';
import type { CaptionLook } from './ass';
import type { TimedCue } from './captions';
import type { FfmpegTools } from './ffmpeg';
import type { Picture } from './picture';
import { TimeLeft } from './progress';
import { renderSegment, type Opening, type Segment, type SegmentSettings } from './segment';
import type { Shot } from './shot';
import { goneOn, sceneShots } from './timeline';
import { transitionFrames, type Transition } from './transition';

export interface RenderedScene {
	frames: number;
	/** None: a card is drawn. */
	pictures: readonly Picture[];
	/** Times from the beginning of the scene. */
	cues: readonly TimedCue[];
	onScreenText: string;
}

export interface RenderInput {
	scenes: readonly RenderedScene[];
	/** Stands on cards of scenes without a text. */
	title: string;
	look: CaptionLook;
	transition: Transition;
	settings: SegmentSettings;
	/** Segments are kept here. */
	folder: string;
	tools: FfmpegTools;
	signal?: AbortSignal;
	concurrency?: number;
	/** Note: how many scenes are done, and how long it will still take. */
	onProgress?: (fraction: number, note: string) => void;
}

/**
 * x264 uses all cores by itself: a second process gains nothing on two of them, a third nothing anywhere.
 * Where two run, each takes the memory that one takes elsewhere (measured on two cores with `veryfast`: 809 MB in place of 444).
 */
const SEGMENTS_AT_ONCE = Math.min(2, Math.ceil(availableParallelism() / 2));

interface Plan {
	shots: Shot[];
	opening?: Opening;
	/** Shown as text. */
	label: string;
	isCard: boolean;
}

/** In the order of the scenes. @throws as `runFfmpeg` */
export async function renderScenes(input: RenderInput): Promise<Segment[]> {
	const { scenes, settings, folder, tools, look } = input;
	const plans = planScenes(input);
	const progress = new RenderProgress(scenes.map(({ frames }) => frames), input.onProgress);
	return await mapLimited(
		scenes,
		input.concurrency ?? SEGMENTS_AT_ONCE,
		async ({ frames, cues }, index, signal) => {
			const { shots, opening, label, isCard } = plans[index] as Plan;
			const segment = await renderSegment({
				...{ shots, opening, frames, look, settings, folder, tools, signal },
				text: { cues, onScreenText: label, isCard, durationS: frames / settings.fps },
				onProgress: (fraction) => {
					progress.at(index, fraction);
				},
			});
			progress.finished(index, segment.kept);
			return segment;
		},
		input.signal,
	);
}

function planScenes({ scenes, title, transition, settings: { fps } }: RenderInput): Plan[] {
	const overlaps = scenes.map(({ frames }, index) => {
		const before = scenes[index - 1];
		return before ? transitionFrames(transition, fps, before.frames, frames) : 0;
	});
	const plans = scenes.map(({ frames, pictures, onScreenText }, index): Plan => {
		const isCard = pictures.length === 0;
		const label = onScreenText || (isCard ? title : '');
		const shots = sceneShots(frames, pictures, { fps, cardText: label, goesOnFrames: overlaps[index + 1] ?? 0 });
		return { shots, label, isCard };
	});
	return plans.map((plan, index) => {
		const last = plans[index - 1]?.shots.at(-1);
		const overlap = overlaps[index] ?? 0;
		if (!last || overlap === 0 || transition === 'cut') return plan;
		return { ...plan, opening: { kind: transition, shot: goneOn(last, overlap) } };
	});
}

class RenderProgress {
	private readonly done: number[];

	private readonly timeLeft: TimeLeft;

	private readonly total: number;

	private readonly kept = new Set<number>();

	private finishedScenes = 0;

	constructor(
		private readonly frames: readonly number[],
		private readonly tell: RenderInput['onProgress'],
	) {
		this.done = frames.map(() => 0);
		this.total = frames.reduce((sum, own) => sum + own, 0);
		this.timeLeft = new TimeLeft(this.total);
	}

	at(index: number, fraction: number): void {
		this.done[index] = fraction * (this.frames[index] ?? 0);
		this.report();
	}

	finished(index: number, kept: boolean): void {
		if (kept) {
			this.kept.add(index);
			this.timeLeft.skip(this.frames[index] ?? 0);
		}
		this.finishedScenes += 1;
		this.at(index, 1);
	}

	private report(): void {
		const sum = (counts: readonly number[]) => counts.reduce((all, own) => all + own, 0);
		this.timeLeft.set(sum(this.done.filter((_own, index) => !this.kept.has(index))));
		const { words } = this.timeLeft;
		const note = `Rendering: ${this.finishedScenes} of ${this.frames.length} scenes${words && `, ${words}`}`;
		this.tell?.(sum(this.done) / this.total, note);
	}
}
