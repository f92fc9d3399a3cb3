/** The picture of a scene without footage: a soft gradient that moves slowly, in colours that its text chooses. */
import { contentHash } from '../hash';

type Rgb = readonly [red: number, green: number, blue: number];

/** From corner to corner; dark enough that white text stands out (contrast over 4.5:1 at every point). */
const PALETTES: ReadonlyArray<readonly [Rgb, Rgb]> = [
	[[18, 32, 71], [94, 44, 120]],
	[[10, 58, 66], [24, 110, 98]],
	[[70, 22, 46], [140, 60, 42]],
	[[24, 36, 52], [52, 92, 140]],
	[[44, 28, 82], [24, 96, 128]],
	[[52, 40, 24], [128, 84, 30]],
];

/** The gradient is drawn this small, once, and enlarged: drawing it at full size would cost seconds. */
const DRAWN = { width: 64, height: 36 };

/** How much larger than the frame it is, so that it can move. */
const OVERSIZE = 1.3;

/**
 * A source for ffmpeg's `lavfi` input, without end.
 * @param startFrame frames that it has moved before
 */
export function cardSource(
	text: string,
	{ width, height, fps }: { width: number; height: number; fps: number },
	startFrame = 0,
): string {
	const seconds = `(t+${(startFrame / fps).toFixed(6)})`;
	const palette = PALETTES[Number.parseInt(contentHash(text).slice(0, 8), 16) % PALETTES.length];
	const [from, to] = palette ?? [[0, 0, 0], [0, 0, 0]];
	const channel = (index: 0 | 1 | 2) =>
		`'${from[index]}+${to[index] - from[index]}*(0.55*X/W+0.45*Y/H)'`;
	const even = (side: number) => 2 * Math.round((side * OVERSIZE) / 2);
	return [
		`color=c=black:size=${DRAWN.width}x${DRAWN.height}:rate=${fps}`,
		'format=gbrp',
		`geq=r=${channel(0)}:g=${channel(1)}:b=${channel(2)}`,
		'trim=end_frame=1',
		`scale=${even(width)}:${even(height)}:flags=bicubic:out_color_matrix=bt709:out_range=tv`,
		'format=yuv420p',
		'loop=loop=-1:size=1:start=0',
		`setpts=N/(${fps}*TB)`,
		`crop=${width}:${height}:x='(iw-ow)*(0.5+0.5*sin(${seconds}/5))':y='(ih-oh)*(0.5+0.5*cos(${seconds}/7))'`,
		'setsar=1',
	].join(',');
}
