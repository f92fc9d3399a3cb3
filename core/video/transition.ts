/** How a scene begins: at once, or while the picture before it fades or slides away. It takes nothing off either's length. */
export const TRANSITIONS = ['cut', 'fade', 'slide'] as const;

export type Transition = (typeof TRANSITIONS)[number];

export const TRANSITION_S = 0.4;

/** Frames in which two pictures are seen; never more than half of either scene. */
export function transitionFrames(kind: Transition, fps: number, before: number, own: number): number {
	if (kind === 'cut') return 0;
	return Math.max(0, Math.min(Math.round(TRANSITION_S * fps), Math.floor(before / 2), Math.floor(own / 2)));
}

/**
 * Lays the picture before, `[before]`, over the scene's own, `[own]`. Made of filters that every build
 * since 2015 has: `xfade` is younger.
 * @param frames of the picture before
 */
export function transitionGraph(
	kind: Exclude<Transition, 'cut'>,
	frames: number,
	fps: number,
	{ before, own, out }: { before: string; own: string; out: string },
): string[] {
	if (kind === 'fade') {
		return [
			`[${before}]format=yuva420p,fade=t=out:start_frame=0:nb_frames=${frames}:alpha=1[${before}a]`,
			`[${own}][${before}a]overlay=x=0:y=0:eof_action=pass:format=yuv420[${out}]`,
		];
	}
	// slow at both ends
	const done = `(0.5-0.5*cos(PI*t*${fps}/${frames}))`;
	return [`[${own}][${before}]overlay=x='-2*floor(W*${done}/2)':y=0:eof_action=pass:format=yuv420[${out}]`];
}
